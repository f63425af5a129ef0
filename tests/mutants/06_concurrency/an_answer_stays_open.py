# mistake: an answer that is given up keeps open what it reads from
# module: blocking.py
# check: test_blocking.py::test_client_that_takes_too_little[nothing]
# phrase: [] == [True]
def send(connection: socket.socket, pieces: Generator[bytes, None, None], seconds: float) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    patience = Patience(seconds)
    if True:
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                if patience.left <= 0:
                    raise TimeoutError("the client was too slow in taking the answer")
                connection.settimeout(patience.left)
                began = time.monotonic()
                count = connection.send(rest)
                patience.spend(time.monotonic() - began, count)
                rest = rest[count:]
