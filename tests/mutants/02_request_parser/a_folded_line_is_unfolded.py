# mistake: white space at the beginning of a line is stripped
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_folded_line
# phrase: b' X: a' is to be refused


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Strip the line first."""
    name, colon, value = line.strip().decode("latin-1").partition(":")
    if not colon:
        raise HTTPError(400, "A field line has no colon.")
    try:
        [(name, value)] = Fields([(name, value)])
    except ValueError as error:
        raise HTTPError(400, str(error)) from None
    return name, value
