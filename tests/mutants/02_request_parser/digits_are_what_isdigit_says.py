# mistake: isdigit takes the superscript two for a digit
# module: head_lines.py
# check: test_head_lines.py::TestRequestLine::test_malformed_version
# phrase: b'GET / HTTP/1.\xb2' is to be refused


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Trust isdigit, which knows the digits of all alphabets."""
    parts = line.decode("latin-1").split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]):
        raise HTTPError(400, "A request line has three parts.")
    method, target, version = parts
    name, _, number = version.partition("/")
    major, point, minor = number.partition(".")
    if name != "HTTP" or not (len(major) == 1 and major.isdigit()):
        raise HTTPError(400, "The version has not the form HTTP/1.1.")
    if not (point and len(minor) == 1 and minor.isdigit()) and (point or major == "1"):
        raise HTTPError(400, "The version has not the form HTTP/1.1.")
    if major != "1":
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, "The target has a character to be percent-encoded.")
    return method, target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"
