# mistake: an escape without its digits is left as it is
# module: target.py
# check: test_target.py::TestPercentDecode::test_broken_escape
# phrase: is to raise ValueError, not return '%'


def percent_decode(text: str) -> str:
    """Take what comes."""
    return unescape(text).decode("utf-8")
