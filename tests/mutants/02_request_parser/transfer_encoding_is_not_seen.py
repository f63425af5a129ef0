# mistake: Transfer-Encoding is passed over, so that the body becomes a request
# module: framing.py
# check: test_server.py::test_smuggling[TE.CL]
# phrase: wrong status: 200 came, 400 was expected


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Know Content-Length only."""
    lengths = fields.get_all("Content-Length")
    if not lengths:
        if method in NEEDS_LENGTH:
            raise HTTPError(411, "A Content-Length is needed.")
        return 0
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise HTTPError(413, "The body is too long.")
    return int(digits)
