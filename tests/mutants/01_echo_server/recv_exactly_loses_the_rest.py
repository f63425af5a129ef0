# mistake: recv_exactly throws away what came after the bytes it was asked for
# module: stream.py
# check: test_stream.py::TestRecvExactly::test_all_in_one_piece
# phrase: assert kept == sent[45:]


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Return the right bytes; forget that the beginning of the next message came with them."""
    while len(received) < count:
        received += recv_some(connection)
    return received[:count], b""
