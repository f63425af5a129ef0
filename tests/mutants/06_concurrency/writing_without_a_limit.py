# mistake: a client that takes nothing of its answer is waited for, for ever
# module: blocking.py
# check: test_blocking.py::test_client_that_takes_too_little[nothing]
# phrase: it waits for ever
def send(connection: socket.socket, pieces: Generator[bytes, None, None], seconds: float) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    patience = Patience(seconds)
    with closing(pieces):
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                connection.settimeout(None)
                began = time.monotonic()
                count = connection.send(rest)
                patience.spend(time.monotonic() - began, count)
                rest = rest[count:]
