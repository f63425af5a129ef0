# mistake: the version is looked at no closer than its first letters
# module: head_lines.py
# check: test_head_lines.py::TestRequestLine::test_malformed_version
# phrase: b'GET / HTTP/1' is to be refused


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Take any version that begins with HTTP/1."""
    parts = line.decode("latin-1").split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]) or not parts[2].startswith("HTTP/"):
        raise HTTPError(400, "A request line has three parts.")
    method, target, version = parts
    if not version.startswith("HTTP/1"):
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, "The target has a character to be percent-encoded.")
    return method, target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"
