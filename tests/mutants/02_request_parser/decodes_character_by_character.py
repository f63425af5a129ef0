# mistake: each %XX becomes a character, not a byte of one
# module: target.py
# check: test_target.py::TestPercentDecode::test_table
# phrase: cafÃ©


def percent_decode(text: str) -> str:
    """Take each byte for a character."""
    if broken := BROKEN_ESCAPE.search(text):
        raise ValueError(f"no two hexadecimal digits at {broken.start()}")
    return re.sub("%(..)", lambda escape: chr(int(escape[1], 16)), text)
