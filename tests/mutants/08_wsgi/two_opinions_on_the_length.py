# mistake: adds the length to the one that the handler has told
# module: wsgi.py
# check: test_wsgi.py::TestHeadFields::test_length_that_the_handler_tells
# phrase: 99
def head_fields(response: Response) -> Fields:
    """The fields of the response, with its length if it is known; not those of the connection."""
    fields = Fields(response.fields)
    for name in HOP_BY_HOP:
        del fields[name]
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    return fields
