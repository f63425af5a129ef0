# mistake: leaves it to the garbage collector to close what nobody takes any more
# module: server.py
# check: test_server.py::test_client_that_has_gone
# phrase: GEN_SUSPENDED


def send(connection: socket.socket, response: Response, is_head: bool) -> None:
    """The file behind it is closed some day."""
    response.fields["Connection"] = "close"
    for piece in pieces(response, is_head):
        connection.sendall(piece)
