# mistake: waits for the client to end its side, however long that takes
# module: blocking.py
# check: test_blocking.py::test_client_that_does_not_leave[silent]
# phrase: it waits for ever
def linger(connection: socket.socket) -> None:
    """End our side, then read and drop what still comes, until the client ends its side."""
    deadline = time.monotonic() + LINGER_SECONDS
    try:
        connection.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(None)
            if not connection.recv(CHUNK_BYTES):
                break
    except OSError:
        pass  # It is gone already, or will not go: either way we are done with it.
