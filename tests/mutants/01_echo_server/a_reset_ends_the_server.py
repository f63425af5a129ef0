# mistake: an error on one connection ends the server
# module: listening.py
# check: test_listening.py::test_client_that_resets
# phrase: ConnectionResetError


def attend(connection: socket.socket, handle: Handle, read_timeout: float) -> None:
    """Handle one connection, and fall with it."""
    with connection:
        connection.settimeout(read_timeout)
        handle(connection)
        linger(connection)
