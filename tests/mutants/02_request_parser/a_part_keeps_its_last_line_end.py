# mistake: the line end before a boundary is taken for content
# module: form_data.py
# check: test_form_data.py::test_parts
# phrase: content=b'fish & chips\r\n'


def read_parts(blocks: Iterable[bytes], boundary: str) -> Iterator[Part | bytes]:
    """Look for the boundary without the line end before it."""
    if not BOUNDARY.fullmatch(boundary):
        raise HTTPError(400, "The Content-Type of a multipart body names its boundary.")
    delimiter = f"--{boundary}".encode()
    body = BlockReader(blocks)
    for _ in body.until(delimiter):
        pass
    while not body.starts_with(b"--"):
        body.line(MAX_PART_HEAD_BYTES)
        yield part_head(body)
        yield from body.until(delimiter)
