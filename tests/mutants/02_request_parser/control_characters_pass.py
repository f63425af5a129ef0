# mistake: name and value are not checked
# module: head_lines.py
# check: test_head_lines.py::TestFieldLine::test_control_character_in_a_value
# phrase: b'X: a\x00b' is to be refused


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Look for the colon, and for nothing else."""
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon or not TOKEN.fullmatch(name):
        raise HTTPError(400, "A field line is malformed.")
    return name, value.strip(" \t")
