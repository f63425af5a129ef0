# mistake: int takes a sign or a space for a digit
# module: target.py
# check: test_target.py::TestPercentDecode::test_broken_escape
# phrase: percent_decode('% 41') is to raise ValueError


def percent_decode(text: str) -> str:
    """Trust int, which reads " 4" and "+4" as well."""
    first, *rest = text.split("%")
    data = first.encode()
    for piece in rest:
        if len(piece) < 2:
            raise ValueError("no two digits")
        data += bytes([int(piece[:2], 16)]) + piece[2:].encode()
    return data.decode("utf-8")
