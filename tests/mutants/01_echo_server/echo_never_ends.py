# mistake: the end of the stream is no reason to stop
# module: server.py
# check: test_server.py::test_one_client_after_the_other
# phrase: the server does not close


def echo(connection: socket.socket) -> None:
    """Send back nothing, for ever, once the client has closed its side."""
    while True:
        connection.sendall(connection.recv(CHUNK_BYTES))
