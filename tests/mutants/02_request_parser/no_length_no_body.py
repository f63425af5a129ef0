# mistake: a POST without Content-Length is taken to be empty
# module: framing.py
# check: test_framing.py::TestBodyLength::test_length_required
# phrase: 'POST' is to be refused, not to give 0


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """Refuse no POST."""
    lengths = fields.get_all("Content-Length")
    if "Transfer-Encoding" in fields:
        codings = fields["Transfer-Encoding"].lower().split(",")
        if lengths or version == "HTTP/1.0" or codings[-1].strip() != "chunked":
            raise HTTPError(400, "Nobody knows where the body ends.")
        raise HTTPError(501, "This server reads no transfer codings.")
    if not lengths:
        return 0
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise HTTPError(413, "The body is too long.")
    return int(digits)
