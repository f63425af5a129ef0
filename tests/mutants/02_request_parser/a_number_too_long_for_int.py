# mistake: a length of 5,000 digits is an error of the server
# module: framing.py
# check: test_framing.py::TestBodyLength::test_huge_length
# phrase: Exceeds the limit


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Compare the number without a look at its length."""
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
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number.")
    if int(lengths[0]) > limit:
        raise HTTPError(413, "The body is too long.")
    return int(lengths[0])
