# mistake: what came after the delimiter is thrown away
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_what_comes_after_is_kept
# phrase: assert kept == behind


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Return the message; forget that more may have come with it."""
    while delimiter not in received:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        received += recv_some(connection)
    end = received.index(delimiter) + len(delimiter)
    return received[:end], b""
