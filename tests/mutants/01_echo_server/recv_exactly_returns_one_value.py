# mistake: recv_exactly returns the bytes alone
# module: stream.py
# check: test_stream.py::TestRecvExactly::test_split_at_every_place
# phrase: return two values


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read enough, and keep to oneself what came after it."""
    while len(received) < count:
        received += recv_some(connection)
    return received[:count]
