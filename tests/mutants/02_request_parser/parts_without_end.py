# mistake: the number of parts has no limit
# module: form_data.py
# check: test_form_data.py::test_too_many_parts
# phrase: this body is to be refused, not to be 101 parts


def read_parts(blocks: Iterable[bytes], boundary: str) -> Iterator[Part | bytes]:
    """Count nothing."""
    if not BOUNDARY.fullmatch(boundary):
        raise HTTPError(400, "The Content-Type of a multipart body names its boundary.")
    delimiter = f"\r\n--{boundary}".encode()
    body = BlockReader(blocks)
    for _ in body.until(delimiter):
        pass
    while not body.starts_with(b"--"):
        if body.line(MAX_PART_HEAD_BYTES).strip(b" \t"):
            raise HTTPError(400, "A boundary line goes on after the boundary.")
        yield part_head(body)
        yield from body.until(delimiter)
