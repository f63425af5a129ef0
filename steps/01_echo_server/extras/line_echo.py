"""Exercise 01.6: an echo server that answers line by line, each line turned to upper case."""

import socket

from listening import options, run
from stream import recv_until

MAX_LINE_BYTES = 1024


def echo_lines(connection: socket.socket) -> None:
    """Answer every whole line, once it is whole, in upper case (ASCII letters only).

    A line ends with LF. One packet may bring half a line, or several lines: what comes after
    a line is the beginning of the next. Bytes after the last LF are no line, and get no answer.
    The client's end and a line longer than MAX_LINE_BYTES end the conversation: return then.
    """
    rest = b""
    while True:
        try:
            line, rest = recv_until(connection, b"\n", MAX_LINE_BYTES, rest)
        except (EOFError, ValueError):
            return
        connection.sendall(line.upper())


if __name__ == "__main__":
    run(echo_lines, options(__doc__).parse_args())
