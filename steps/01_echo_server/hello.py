"""Step 01: the smallest thing that a browser accepts. Every request is told "Hello, World!"."""

import socket

from listening import options, run
from stream import recv_until

GREETING = "Hello, World!"

HEAD_END = b"\r\n\r\n"
"""An empty line ends the head of a request (RFC 9112, section 2.1)."""

MAX_HEAD_BYTES = 16 * 1024
"""No browser sends a head as long as this; without a limit one client could fill our memory."""


def greeting(text: str) -> bytes:
    """A whole HTTP response: status line, field lines, an empty line, and the text in UTF-8.

    Content-Type says what the content is: text/plain; charset=utf-8. Content-Length frames it:
    without, the client cannot know where it ends; it counts bytes. `Connection: close` says that
    this connection brings nothing more (RFC 9112, 9.6). Every line of the head ends with CR LF.
    """
    content = text.encode()
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Connection: close\r\n"
        "\r\n"
    )
    return head.encode("ascii") + content


def say_hello(connection: socket.socket) -> None:
    """Read the whole head of a request, whatever it asks for, and answer it."""
    try:
        recv_until(connection, HEAD_END, MAX_HEAD_BYTES)
    except ValueError:
        return  # Too long to be a request. Step 02 answers it properly.
    connection.sendall(greeting(GREETING))


if __name__ == "__main__":
    run(say_hello, options(__doc__).parse_args())
