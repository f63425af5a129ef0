# mistake: the name is stripped, and with it what hides a field from a proxy
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_white_space_before_the_colon
# phrase: b'Host : a' is to be refused


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Strip name and value alike."""
    if line[:1] in (b" ", b"\t") or b":" not in line:
        raise HTTPError(400, "A field line is malformed.")
    name, _, value = line.decode("latin-1").partition(":")
    name = name.strip()
    try:
        [(name, value)] = Fields([(name, value)])
    except ValueError as error:
        raise HTTPError(400, str(error)) from None
    return name, value
