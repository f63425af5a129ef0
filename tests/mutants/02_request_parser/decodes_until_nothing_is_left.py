# mistake: it decodes as long as there is something to decode
# module: target.py
# check: test_target.py::TestPercentDecode::test_decodes_once
# phrase: assert 'A' == '%41'


def percent_decode(text: str) -> str:
    """Decode again and again."""
    while "%" in text:
        if broken := BROKEN_ESCAPE.search(text):
            raise ValueError(f"no two hexadecimal digits at {broken.start()}")
        text = unescape(text).decode("utf-8")
    return text
