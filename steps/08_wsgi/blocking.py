"""A connection on a socket that lets us wait: of the models that can afford to."""

import contextlib
import select
import socket
import time
from collections.abc import Callable, Generator
from contextlib import closing

from arrivals import address
from connection import Connection, State
from patience import LAST_CALL_SECONDS, Patience
from received import CHUNK_BYTES
from server_log import tell_failure
from service import Service


def attend(
    sock: socket.socket, service: Service, crowded: Callable[[], bool] | None = None
) -> None:
    """Serve one connection, from its first byte to its end, whatever happens on it.

    `crowded` tells whether others wait for our place: then we do not keep it between requests.
    Without it those count who wait in the kernel's queue.
    """

    def ends() -> bool:
        return service.stop.requested or (crowded() if crowded else is_ready(service.listener))

    connection = Connection(service.handler, address(sock), service.limits, ends)
    with sock:
        try:
            with closing(connection):
                converse(sock, connection, service)
        except (ConnectionError, TimeoutError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()


def converse(sock: socket.socket, connection: Connection, service: Service) -> None:
    """Do what the state of the connection asks for, until it is closed."""
    while connection.state is not State.CLOSED:
        if connection.state is not State.ANSWERING:
            hear(sock, connection, service)
            continue
        send(sock, connection.answer(), connection.patience)
        connection.sent()
        if connection.state is State.LINGERING:
            end_our_side(sock)


def hear(sock: socket.socket, connection: Connection, service: Service) -> None:
    """Wait for the client, once. Its time may be up by then.

    On an idle connection we look up now and then: who is silent when the server is to stop, or
    when others wait, has one whole LAST_CALL_SECONDS more.
    """
    send(sock, connection.interim(), connection.patience)
    pause = connection.patience.left
    last_call = False
    if connection.state is State.IDLE:
        pause = min(pause, LAST_CALL_SECONDS)
        last_call = connection.ends() if connection.answers else service.stop.requested
    data = None
    sock.settimeout(pause)
    began = time.monotonic()
    with contextlib.suppress(TimeoutError):
        data = sock.recv(CHUNK_BYTES)
    connection.waited(time.monotonic() - began, len(data or b""))
    if data is not None:
        connection.receive(data)
    if connection.patience.left <= 0 or (data is None and last_call):
        connection.time_out()


def send(sock: socket.socket, pieces: Generator[bytes, None, None], patience: Patience) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    with closing(pieces):
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                if patience.left <= 0:
                    raise TimeoutError("the client was too slow in taking the answer")
                sock.settimeout(patience.left)
                began = time.monotonic()
                count = sock.send(rest)
                patience.spend(time.monotonic() - began, count)
                rest = rest[count:]


def is_ready(listener: socket.socket) -> bool:
    """Whether somebody waits to be accepted."""
    return bool(select.select([listener], [], [], 0)[0])


def end_our_side(sock: socket.socket) -> None:
    """Tell the client that this was all. What it still sends is read and dropped.

    To close a socket while bytes lie unread in it makes the kernel send a reset, and a reset
    can destroy our answer before the client has read it (RFC 9112, section 9.6).
    """
    with contextlib.suppress(OSError):  # it has gone already
        sock.shutdown(socket.SHUT_WR)
