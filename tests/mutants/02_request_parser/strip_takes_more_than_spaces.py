# mistake: strip takes a no-break space off the value
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_table
# phrase: 'b' != '\xa0b\x85'


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Strip whatever Unicode calls white space."""
    if line[:1] in (b" ", b"\t") or b":" not in line:
        raise HTTPError(400, "A field line is malformed.")
    name, _, value = line.decode("latin-1").partition(":")
    try:
        [(name, value)] = Fields([(name, value.strip())])
    except ValueError as error:
        raise HTTPError(400, str(error)) from None
    return name, value
