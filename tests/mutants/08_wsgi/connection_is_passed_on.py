# mistake: tells the server about the connection
# module: wsgi.py
# check: test_wsgi.py::TestHeadFields::test_hop_by_hop
# phrase: 'x'
def head_fields(response: Response) -> Fields:
    """The fields of the response, with its length if it is known; not those of the connection."""
    fields = Fields(response.fields)
    for name in ("Content-Length",):
        del fields[name]
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    return fields
