# mistake: recv_exactly returns all that came, not what was asked for
# module: stream.py
# check: test_stream.py::TestRecvExactly::test_all_in_one_piece
# phrase: assert data == sent[:45]


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read enough, and return more than enough."""
    while len(received) < count:
        received += recv_some(connection)
    return received, b""
