# mistake: the end of the stream is taken for "nothing yet"
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_end_of_stream
# phrase: was called 100 times more


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Go on for ever once the client has closed its side."""
    while delimiter not in received:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        received += connection.recv(CHUNK_BYTES)
    end = received.index(delimiter) + len(delimiter)
    return received[:end], received[end:]
