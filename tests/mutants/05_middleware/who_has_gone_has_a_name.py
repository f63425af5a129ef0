# mistake: asks for the address of a client that has gone, and takes the error for its own
# module: server.py
# check: test_server.py::test_name_of_the_client
# phrase: Transport endpoint is not connected


def address(connection: socket.socket) -> str:
    """A client that resets its connection costs the log a line."""
    return str(connection.getpeername()[0] or "-")
