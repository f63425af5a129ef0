# mistake: who is slow with the rest is treated like who has never asked
# module: server.py
# check: test_server.py::test_half_a_request
# phrase: timed out


def receive(connection: socket.socket, parser: RequestParser) -> Request:
    """The caller closes the connection, and the client never learns why."""
    while chunk := connection.recv(CHUNK_BYTES):
        if request := parser.feed(chunk):
            return request
    if not parser.started:
        raise EOFError("the client closed without a request")
    raise HTTPError(400, "The connection ended in the middle of the request.")
