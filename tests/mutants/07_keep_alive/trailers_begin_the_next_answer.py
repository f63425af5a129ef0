# mistake: leaves the trailers behind the chunks
# module: extras/pipelining.py
# check: test_pipelining.py::TestReadAnswer::test_answer
# phrase: != b''
def read_content(received, method, status, fields):
    """Take the content."""
    if method == "HEAD" or not has_content(status):
        return b""
    if is_chunked("HTTP/1.1", fields):
        return (yield from read_chunks(received, MAX_BODY_BYTES))
    if "Transfer-Encoding" in fields or "Content-Length" in fields:
        return (yield from received.exactly(body_length(method, "HTTP/1.1", fields)))
    while not received.ended:
        yield
    return received.take(len(received))
