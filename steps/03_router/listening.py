"""The listening socket, and the loop that takes connections from it, one at a time.

Nothing here knows what is said on a connection: `run` is given a function that does.
"""

import argparse
import contextlib
import re
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

Handle = Callable[[socket.socket], None]
"""What happens on one connection: called with it, returns when the conversation is over."""

BACKLOG = 128
"""Connections that the kernel keeps waiting for us while we talk to somebody else."""

SILENCE_SECONDS = 5.0
"""How long a client may say nothing. Browsers open spare connections and stay silent on them;
while we wait for one client, all the others wait for us."""

LINGER_SECONDS = 1.0
"""How long we wait, after our last byte, for the client to close its side too."""

ACCEPT_SECONDS = 0.5
"""How often `accept` comes up for air: Windows delivers Ctrl-C only between two calls."""


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
    return listener


def serve(listener: socket.socket, handle: Handle, read_timeout: float) -> NoReturn:
    """Take connections one at a time, for ever."""
    listener.settimeout(ACCEPT_SECONDS)
    while True:
        try:
            connection, _ = listener.accept()
        except (TimeoutError, ConnectionAbortedError):
            continue
        attend(connection, handle, read_timeout)


def attend(connection: socket.socket, handle: Handle, read_timeout: float) -> None:
    """Handle one connection and close it, whatever happens on it."""
    with connection:
        connection.settimeout(read_timeout)
        try:
            handle(connection)
            linger(connection)
        except (ConnectionError, TimeoutError, EOFError):
            pass  # The client left, or was silent for too long: its right, and no fault of ours.
        except Exception:
            with contextlib.suppress(OSError, ValueError):  # nobody may be there to read it
                traceback.print_exc()


def linger(connection: socket.socket) -> None:
    """End our side, then read and drop what still comes, until the client ends its side.

    To close a socket while bytes lie unread in it makes the kernel send a reset, and a reset
    can destroy our answer before the client has read it (RFC 9112, section 9.6).
    """
    deadline = time.monotonic() + LINGER_SECONDS
    try:
        connection.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                break
    except OSError:
        pass  # It is gone already, or will not go: either way we are done with it.


def run(handle: Handle, arguments: argparse.Namespace) -> None:
    """Listen where the options say, and serve until Ctrl-C or SIGTERM."""
    try:
        listener = listen(arguments.host, arguments.port)
    except OSError as error:
        place = f"{arguments.host}:{arguments.port}"
        reason = (error.strerror or str(error)).partition(" (")[0]
        sys.exit(f"Cannot listen on {place}: {reason}. Try another --port (0 picks a free one).")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listener:
        try:
            print(f"Serving on {url(listener)}", flush=True)
            serve(listener, handle, arguments.read_timeout)
        except KeyboardInterrupt:
            print("Stopped.", flush=True)


def url(listener: socket.socket) -> str:
    """Where a browser finds the server: with the port that the kernel chose for port 0."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
