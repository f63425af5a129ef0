# mistake: knows no chunk extensions
# module: chunked.py
# check: test_chunked.py::TestSizeLine::test_extensions
# phrase: HTTPError
def parse_size_line(line):
    """The size, and how many bytes are extensions."""
    if not re.fullmatch(rb"[0-9A-Fa-f]+", line):
        raise HTTPError(400, "A chunk begins with its size.")
    return int(line, 16), 0
