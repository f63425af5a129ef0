# mistake: one recv is taken for the whole message
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_split_at_every_place
# phrase: ends here, expected E


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read once, and hope that the message is there."""
    received += connection.recv(CHUNK_BYTES)
    message, found, rest = received.partition(delimiter)
    return message + found, rest
