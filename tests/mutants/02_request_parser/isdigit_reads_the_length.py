# mistake: isdigit takes a superscript two for a digit
# module: framing.py
# check: test_framing.py::TestBodyLength::test_digits_only
# phrase: ValueError


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Trust isdigit."""
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
    if len(lengths) > 1 or not lengths[0].isdigit():
        raise HTTPError(400, "Content-Length is one number.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise HTTPError(413, "The body is too long.")
    return int(digits)
