# mistake: a plus sign in a path becomes a space
# module: target.py
# check: test_target.py::TestPercentDecode::test_table
# phrase: assert 'a b' == 'a+b'


def percent_decode(text: str) -> str:
    """Decode a path like a form."""
    if broken := BROKEN_ESCAPE.search(text):
        raise ValueError(f"no two hexadecimal digits at {broken.start()}")
    return unescape(text.replace("+", " ")).decode("utf-8")
