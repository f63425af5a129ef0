# mistake: 204 and 304 get a Content-Length
# module: wsgi.py
# check: test_wsgi.py::TestHeadFields::test_no_content
# phrase: Content-Length
def head_fields(response: Response) -> Fields:
    """The fields of the response, with its length if it is known; not those of the connection."""
    fields = Fields(response.fields)
    for name in ("Content-Length", *HOP_BY_HOP):
        del fields[name]
    if True:
        for name, value in response.framing:
            fields.add(name, value)
    return fields
