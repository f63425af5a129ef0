# mistake: everything is collected before the first byte is sent back
# module: server.py
# check: test_server.py::test_bytes_come_back
# phrase: nothing for 2.0 s


def echo(connection: socket.socket) -> None:
    """Send everything back at the end: a client that waits for an answer waits for ever."""
    received = b""
    while chunk := connection.recv(CHUNK_BYTES):
        received += chunk
    connection.sendall(received)
