# mistake: what could end a line is escaped, and nothing else
# module: access_log.py
# check: test_access_log.py::TestEscaped::test_byte_by_byte
# phrase: x1b


def escaped(text: str) -> str:
    """An escape sequence in the log is carried out by the terminal of whoever reads it."""
    for character in '\\"\r\n':
        text = text.replace(character, f"\\x{ord(character):02x}")
    return text.encode("ascii", "backslashreplace").decode()
