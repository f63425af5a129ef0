# mistake: the bytes are stripped, as a line from a file would be
# module: server.py
# check: test_server.py::test_line_end_comes_back
# phrase: expected a space here


def echo(connection: socket.socket) -> None:
    """Send back what comes, white space left out."""
    while chunk := connection.recv(CHUNK_BYTES):
        connection.sendall(chunk.strip())
