"""Exercise 01.5: `socket.sendall`, written out with nothing but `send`."""

import socket


def send_all(connection: socket.socket, data: bytes) -> None:
    """Send every byte of `data`, however few `send` takes at a time.

    `send` answers how many bytes it took. The rest is the caller's to send again.
    """
    unsent = memoryview(data)
    while unsent:
        unsent = unsent[connection.send(unsent) :]
