# mistake: a client that stops half-way is dropped without a word
# module: server.py
# check: test_server.py::test_slow_clients
# phrase: closed before answering


def receive(connection: socket.socket, parser: RequestParser) -> Request:
    """Let the time run out."""
    while chunk := connection.recv(CHUNK_BYTES):
        if request := parser.feed(chunk):
            return request
    if not parser.started:
        raise EOFError("the client closed without a request")
    raise HTTPError(400, "The connection ended in the middle of the request.")
