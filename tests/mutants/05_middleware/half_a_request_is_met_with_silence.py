# mistake: the end in the middle of a request is an end like any other
# module: server.py
# check: test_server.py::test_half_a_request
# phrase: the client has closed


def receive(connection: socket.socket, parser: RequestParser) -> Request:
    """The client may still read, and hears nothing."""
    try:
        while chunk := connection.recv(CHUNK_BYTES):
            if request := parser.feed(chunk):
                return request
    except TimeoutError:
        if not parser.started:
            raise
        raise HTTPError(408, "The rest of the request did not come.") from None
    raise EOFError("the client has closed")
