# mistake: a value with a colon in it is refused
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_table
# phrase: too many values to unpack


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Split at all colons."""
    if line[:1] in (b" ", b"\t") or b":" not in line:
        raise HTTPError(400, "A field line is malformed.")
    name, value = line.decode("latin-1").split(":")
    try:
        [(name, value)] = Fields([(name, value)])
    except ValueError as error:
        raise HTTPError(400, str(error)) from None
    return name, value
