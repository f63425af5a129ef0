"""The listening socket, and the options that say where it is."""

import argparse
import re
import socket

BACKLOG = 1024
"""Connections that the kernel keeps waiting for us: enough for all who come at the same moment.
A kernel may have a lower limit of its own."""

SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel may hold of an answer that the client has not taken. Left to itself it would
take megabytes of each, and a slow reader would look like a dead one until they have gone out."""

SILENCE_SECONDS = 5.0
"""How long a client may say nothing. Browsers open spare connections and stay silent on them."""


def options(description: str) -> argparse.ArgumentParser:
    """The options that every server of this course takes."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=port_number, default=8080, help="port; 0 picks a free one (%(default)s)"
    )
    parser.add_argument(
        "--read-timeout",
        type=seconds,
        default=SILENCE_SECONDS,
        metavar="SECONDS",
        help="drop a client that is silent for so long (%(default)s)",
    )
    return parser


def port_number(text: str) -> int:
    """A TCP port, 0 to 65535; for anything else an error that argparse shows."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """A time above zero and up to a day; for anything else an error that argparse shows."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"seconds are more than 0, at most 86400; not {text!r}")
    return value


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; OSError where the address is taken or not ours.

    On POSIX, `create_server` sets SO_REUSEADDR, so that a server can be started again at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Its connections inherit this: a small answer leaves at once, and does not wait for the
    # client to acknowledge what we sent before.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    return listener


def url(listener: socket.socket) -> str:
    """Where a browser finds the server: with the port that the kernel chose for port 0."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
