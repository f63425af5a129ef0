# mistake: the delimiter is looked for in the newest chunk alone
# module: stream.py
# check: test_stream.py::TestRecvUntil::test_split_at_every_place
# phrase: recv was called once more than needed


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Stop at the first chunk that holds the delimiter: one that is split is never found."""
    chunk = received
    while delimiter not in chunk:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        chunk = recv_some(connection)
        received += chunk
    end = received.index(delimiter) + len(delimiter)
    return received[:end], received[end:]
