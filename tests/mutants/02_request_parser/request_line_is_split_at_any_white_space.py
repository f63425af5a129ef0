# mistake: the request line is split at any white space
# module: head_lines.py
# check: test_head_lines.py::TestRequestLine::test_one_space_between_three_parts
# phrase: b'GET  / HTTP/1.1' is to be refused


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Split with `split()`, which takes tabs and several spaces for one."""
    parts = line.decode("latin-1").split()
    if len(parts) != 3:
        raise HTTPError(400, "A request line has three parts.")
    method, target, version = parts
    if not TOKEN.fullmatch(method):
        raise HTTPError(400, "The method is not a token.")
    if not re.fullmatch(r"HTTP/[0-9]([.][0-9])?", version) or version == "HTTP/1":
        raise HTTPError(400, "The version has not the form HTTP/1.1.")
    if not version.startswith("HTTP/1."):
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, "The target has a character to be percent-encoded.")
    return method, target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"
