# mistake: a large answer has to be taken within one time limit, by whatever client
# module: blocking.py
# check: test_blocking.py::test_client_that_is_slow_and_steady
# phrase: timed out
def send(connection: socket.socket, pieces: Generator[bytes, None, None], seconds: float) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    patience = Patience(seconds)
    with closing(pieces):
        for piece in pieces:
            connection.settimeout(seconds)
            connection.sendall(piece)
