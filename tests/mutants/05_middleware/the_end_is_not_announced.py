# mistake: closes the connection, and has not said that it will
# module: server.py
# check: test_server.py::test_connection_ends_after_one_answer
# phrase: Connection


def send(connection: socket.socket, response: Response, is_head: bool) -> None:
    """A client that means to send the next request finds the door shut."""
    with closing(pieces(response, is_head)) as outgoing:
        for piece in outgoing:
            connection.sendall(piece)
