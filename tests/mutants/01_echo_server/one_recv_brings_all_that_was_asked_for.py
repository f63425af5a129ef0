# mistake: recv_exactly asks recv for count bytes and trusts that they all come
# module: stream.py
# check: test_stream.py::TestRecvExactly::test_byte_by_byte
# phrase: assert data == sent


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """One recv(count): it brings at most so many bytes, often fewer."""
    if len(received) < count:
        received += connection.recv(count - len(received))
    if not received:
        raise EOFError
    return received[:count], received[count:]
