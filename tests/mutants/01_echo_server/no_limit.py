# mistake: bytes are collected without limit
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_limit
# phrase: recv was called once more than needed


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Fill the memory for a client that never sends the delimiter."""
    while delimiter not in received:
        received += recv_some(connection)
    end = received.index(delimiter) + len(delimiter)
    return received[:end], received[end:]
