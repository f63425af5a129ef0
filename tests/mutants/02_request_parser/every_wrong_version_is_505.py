# mistake: a version that is malformed is answered like one of another major number
# module: head_lines.py
# check: test_head_lines.py::TestRequestLine::test_malformed_version
# phrase: 505 == 400


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Answer 505 to nonsense, too."""
    parts = line.decode("latin-1").split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]):
        raise HTTPError(400, "A request line has three parts.")
    method, target, version = parts
    if not re.fullmatch(r"HTTP/1[.][0-9]", version):
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, "The target has a character to be percent-encoded.")
    return method, target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"
