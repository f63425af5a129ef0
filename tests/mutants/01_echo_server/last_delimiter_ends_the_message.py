# mistake: the last delimiter ends the message, not the first
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_several_messages_in_one_piece
# phrase: assert message == line


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Take all the messages that came together for one."""
    while delimiter not in received:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        received += recv_some(connection)
    message, found, rest = received.rpartition(delimiter)
    return message + found, rest
