# mistake: waits for a whole chunk, and holds it twice
# module: chunked.py
# check: test_chunked.py::TestReadChunks::test_large_chunk_in_pieces
# phrase: are not taken
def read_chunks(received, limit):
    """Take chunk after chunk."""
    body, extensions = bytearray(), 0
    too_long = HTTPError(413, "The line before a chunk is too long.")
    while True:
        line = yield from received.line(MAX_SIZE_LINE_BYTES, too_long)
        size, more = parse_size_line(line)
        extensions += more
        if extensions > MAX_EXTENSION_BYTES:
            raise HTTPError(413, "The chunks have too many extensions.")
        if not size:
            return bytes(body)
        if len(body) + size > limit:
            raise HTTPError(413, f"The body is longer than {limit} bytes.")
        body += yield from received.exactly(size)
        if (yield from received.exactly(len(b"\r\n"))) != b"\r\n":
            raise HTTPError(400, "A chunk does not end where its size says.")
