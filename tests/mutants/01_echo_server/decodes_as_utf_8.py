# mistake: the bytes are decoded as UTF-8 and encoded again
# module: server.py
# check: test_server.py::test_every_byte_is_kept
# phrase: UnicodeDecodeError


def echo(connection: socket.socket) -> None:
    """Send back text, as if all bytes were text and no character could be split."""
    while chunk := connection.recv(CHUNK_BYTES):
        connection.sendall(chunk.decode().encode())
