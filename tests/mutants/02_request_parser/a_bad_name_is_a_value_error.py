# mistake: the ValueError of Fields is passed on as it is
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_name_is_a_token
# phrase: ValueError


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Let Fields do it all."""
    name, colon, value = line.decode("latin-1").partition(":")
    if line[:1] in (b" ", b"\t") or not colon:
        raise HTTPError(400, "A field line is malformed.")
    [(name, value)] = Fields([(name, value)])
    return name, value
