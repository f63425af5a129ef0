# mistake: what cannot be read is not answered
# module: server.py
# check: test_server.py::test_request_that_is_none
# phrase: closed before answering


def serve_connection(connection: socket.socket, handler: Handler) -> None:
    """The chain answers requests, and this is none."""
    parser = RequestParser()
    try:
        request = receive(connection, parser)
    except HTTPError:
        return
    request.context["client"] = address(connection)
    send(connection, answer(request, handler), parser.is_head)
