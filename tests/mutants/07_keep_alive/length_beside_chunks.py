# mistake: reads chunks although there is a Content-Length, too
# module: chunked.py
# check: test_request.py::TestFraming::test_doubtful
# phrase: 400
def is_chunked(version, fields):
    """Whether the body is in chunks."""
    return fields.get("Transfer-Encoding").strip(" \t").lower() == "chunked"
