# mistake: recv is called although the message is here already
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_several_messages_in_one_piece
# phrase: recv was called once more than needed


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read first and look then: it waits for bytes that nobody will send."""
    while True:
        received += recv_some(connection)
        if delimiter in received:
            break
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
    end = received.index(delimiter) + len(delimiter)
    return received[:end], received[end:]
