"""Reading messages from a stream of bytes.

TCP carries bytes, not messages: one `recv` may bring half a message, or three and a half.
So a message must say where it ends: with a delimiter, or with a length sent ahead of it.
HTTP uses both: a delimiter for the head, a length for the body.
"""

import socket

CHUNK_BYTES = 4096
"""The most that one `recv` may bring. It may always bring less."""


def recv_until(
    connection: socket.socket, delimiter: bytes, limit: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read until the delimiter has come: the message with its delimiter, and what came after it.

    `received` holds bytes that are already here, such as what was left over the last time.
    Raises EOFError where the client closes first, and ValueError where the first `limit` bytes
    hold no delimiter, however many bytes have come.
    """
    while (start := received.find(delimiter, 0, limit)) < 0:
        if len(received) >= limit:
            raise ValueError(f"no {delimiter!r} in the first {limit} bytes")
        received += recv_some(connection)
    end = start + len(delimiter)
    return received[:end], received[end:]


def recv_exactly(
    connection: socket.socket, count: int, received: bytes = b""
) -> tuple[bytes, bytes]:
    """Read until `count` bytes have come: these bytes, and what came after them.

    `received` holds bytes that are already here. Raises EOFError where the client closes first.
    """
    while len(received) < count:
        received += recv_some(connection)
    return received[:count], received[count:]


def recv_some(connection: socket.socket) -> bytes:
    """Whatever comes next, at least one byte; EOFError where the client has closed its side."""
    chunk = connection.recv(CHUNK_BYTES)
    if not chunk:
        raise EOFError("the client closed its side before the message was whole")
    return chunk
