# mistake: the limit that is given is not looked at
# module: framing.py
# check: test_framing.py::TestBodyLength::test_limit_of_ones_own
# phrase: is to be refused


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Look at the constant."""
    lengths = fields.get_all("Content-Length")
    if "Transfer-Encoding" in fields:
        codings = fields["Transfer-Encoding"].lower().split(",")
        if lengths or version == "HTTP/1.0" or codings[-1].strip(" \t") != "chunked":
            raise HTTPError(400, "Nobody knows where the body ends.")
        raise HTTPError(501, "This server reads no transfer codings.")
    if not lengths:
        if method in NEEDS_LENGTH:
            raise HTTPError(411, "A Content-Length is needed.")
        return 0
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(MAX_BODY_BYTES)) or int(digits) > MAX_BODY_BYTES:
        raise HTTPError(413, "The body is too long.")
    return int(digits)
