# mistake: bytes that are not UTF-8 become U+FFFD in a path
# module: target.py
# check: test_target.py::TestPercentDecode::test_not_utf_8
# phrase: percent_decode('%E9') is to raise ValueError


def percent_decode(text: str) -> str:
    """Replace what cannot be decoded."""
    if broken := BROKEN_ESCAPE.search(text):
        raise ValueError(f"no two hexadecimal digits at {broken.start()}")
    return unescape(text).decode("utf-8", "replace")
