# mistake: int reads +5, 5_0 and a superscript two
# module: framing.py
# check: test_framing.py::TestBodyLength::test_digits_only
# phrase: 'GET', ('Content-Length', '+5') is to be refused


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Trust int."""
    lengths = fields.get_all("Content-Length")
    if "Transfer-Encoding" in fields:
        codings = fields["Transfer-Encoding"].lower().split(",")
        if lengths or version == "HTTP/1.0" or codings[-1].strip() != "chunked":
            raise HTTPError(400, "Nobody knows where the body ends.")
        raise HTTPError(501, "This server reads no transfer codings.")
    if not lengths:
        if method in NEEDS_LENGTH:
            raise HTTPError(411, "A Content-Length is needed.")
        return 0
    try:
        [length] = map(int, lengths)
    except ValueError:
        raise HTTPError(400, "Content-Length is one number.") from None
    if length < 0:
        raise HTTPError(400, "Content-Length is not negative.")
    if length > limit:
        raise HTTPError(413, "The body is too long.")
    return length
