# mistake: recv_exactly returns fewer bytes where the client closes first
# module: stream.py
# check: test_stream.py::TestRecvExactly::test_end_of_stream
# phrase: EOFError was expected, and nothing was raised


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Stop at the end of the stream, and call it enough."""
    while len(received) < count and (chunk := connection.recv(CHUNK_BYTES)):
        received += chunk
    return received[:count], received[count:]
