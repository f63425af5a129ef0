# mistake: takes two bytes after a chunk, whatever they are
# module: chunked.py
# check: test_chunked.py::TestReadChunks::test_malformed
# phrase: assert (b'hello', b'') == 400
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
        while size:
            if not received:
                yield
            data = received.take(size)
            body += data
            size -= len(data)
        yield from received.exactly(len(b"\r\n"))
