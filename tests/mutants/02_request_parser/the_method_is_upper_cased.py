# mistake: the method is made upper case
# module: head_lines.py
# check: test_head_lines.py::TestRequestLine::test_table
# phrase: 'GET' != 'get'


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Take get for GET, which it is not."""
    parts = line.decode("latin-1").split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]):
        raise HTTPError(400, "A request line has three parts.")
    method, target, version = parts
    if not re.fullmatch(r"HTTP/[0-9]([.][0-9])?", version) or version == "HTTP/1":
        raise HTTPError(400, "The version has not the form HTTP/1.1.")
    if not version.startswith("HTTP/1."):
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, "The target has a character to be percent-encoded.")
    return method.upper(), target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"
