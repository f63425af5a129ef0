# mistake: a character beyond ASCII is written by its number
# module: access_log.py
# check: test_access_log.py::TestEscaped::test_byte_by_byte
# phrase: xc3


def escaped(text: str) -> str:
    r"""é is \xe9 then, and the snowman \x2603: nobody can tell where it ends."""
    return UNSAFE.sub(lambda character: f"\\x{ord(character[0]):02x}", text)
