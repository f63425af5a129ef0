"""`wiretap`: a proxy between any client and any server that prints every byte, both ways."""

import itertools
import socket
import threading

from course.commands import addresses
from course.commands.addresses import Address
from course.commands.passage import Passage
from course.commands.transcript import Transcript
from course.steps import CourseError

ACCEPT_SECONDS = 0.5
"""How often `accept` comes up for air: Windows delivers Ctrl-C only between two calls."""

CONNECT_SECONDS = 5.0
BACKLOG = 128


def tap(listen: str, target: str, limit: int) -> int:
    """Pass on all that comes to `listen`, until Ctrl-C; returns the exit code.

    `limit` bytes of each chunk are shown; all are passed on. CourseError for a bad address, or
    one that cannot be listened on.
    """
    to = addresses.parse(target)
    listener = open_listener(addresses.parse(listen))
    here = addresses.shown(listener.getsockname()[:2])
    transcript = Transcript(limit)
    with listener:
        try:
            print(f"Wiretap on {here}, to {addresses.shown(to)}. Ctrl-C stops it.", flush=True)
            accept(listener, to, transcript)
        except KeyboardInterrupt:
            print("Stopped.", flush=True)
    return 0


def open_listener(address: Address) -> socket.socket:
    """A listening socket; CourseError where the address is taken or not ours."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        place = addresses.shown(address)
        raise CourseError(
            f"cannot listen on {place}: {reason}; try another port (0 picks a free one)"
        ) from None


def accept(listener: socket.socket, to: Address, transcript: Transcript) -> None:
    """A thread for each connection, for ever."""
    listener.settimeout(ACCEPT_SECONDS)
    for number in itertools.count(1):
        client, peer = next_connection(listener)
        work = (number, client, peer[:2], to, transcript)
        threading.Thread(target=attend, args=work, daemon=True).start()


def next_connection(listener: socket.socket) -> tuple[socket.socket, tuple[str, int]]:
    """Wait for a connection, coming up for air."""
    while True:
        try:
            return listener.accept()
        except (TimeoutError, ConnectionAbortedError):
            continue


def attend(
    number: int, client: socket.socket, peer: Address, to: Address, transcript: Transcript
) -> None:
    """Pass one connection on, or say in one line why that cannot be."""
    log = transcript.connection(number)
    log.note(f"{addresses.shown(peer)} connected")
    with client:
        try:
            server = socket.create_connection(to, CONNECT_SECONDS)
        except OSError as error:
            reason = (error.strerror or str(error)).partition(" (")[0]
            log.note(f"{addresses.shown(to)} cannot be reached: {reason}", bad=True)
            return
        with server:
            Passage(client, server, log).run()
