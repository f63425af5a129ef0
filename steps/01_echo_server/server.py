"""Step 01: a TCP echo server. What you send comes back, byte for byte."""

import socket

from listening import options, run
from stream import CHUNK_BYTES


def echo(connection: socket.socket) -> None:
    """Send back all that comes, as it comes, until the client closes its side.

    `recv` answers b"" for the end of the stream, and for nothing else. `sendall`, not `send`:
    `send` may take only the first part of the bytes, and says so in a number easily overlooked.
    """
    while chunk := connection.recv(CHUNK_BYTES):
        connection.sendall(chunk)


if __name__ == "__main__":
    run(echo, options(__doc__).parse_args())
