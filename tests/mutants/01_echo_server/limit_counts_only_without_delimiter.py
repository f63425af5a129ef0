# mistake: a message beyond the limit passes if it comes in one piece
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_limit_counts_however_the_bytes_come
# phrase: recv_until was given delimiter = 


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Look at the limit only before the next recv, which may bring thousands of bytes."""
    while delimiter not in received:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        received += recv_some(connection)
    end = received.index(delimiter) + len(delimiter)
    return received[:end], received[end:]
