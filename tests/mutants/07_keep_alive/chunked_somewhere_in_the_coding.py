# mistake: looks for the word chunked anywhere in the field
# module: chunked.py
# check: test_chunked.py::test_is_chunked
# phrase: xchunked
def is_chunked(version, fields):
    """Whether the body is in chunks."""
    coding = fields.get("Transfer-Encoding").lower()
    return "chunked" in coding and version != "HTTP/1.0" and "Content-Length" not in fields
