"""A conversation on a socket that lets us wait: of the models that can afford to."""

import socket
import time
from collections.abc import Generator
from contextlib import closing

from arrivals import address
from exchange import CHUNK_BYTES, Exchange
from patience import LAST_CALL_SECONDS, LINGER_SECONDS, Patience
from server_log import tell_failure
from service import Service


def attend(connection: socket.socket, service: Service) -> None:
    """Serve one connection, from its first byte to its end, whatever happens on it."""
    with connection:
        try:
            exchange = Exchange(service.handler, address(connection))
            receive(connection, exchange, service)
            send(connection, exchange.answer(), service.write_timeout)
            linger(connection)
        except (ConnectionError, TimeoutError, EOFError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()


def receive(connection: socket.socket, exchange: Exchange, service: Service) -> None:
    """Read until it is clear what to answer. EOFError where the client asks nothing.

    While the client has said nothing we look up now and then, so as not to wait for it when the
    server is to stop.
    """
    patience = Patience(service.read_timeout)
    while patience.left > 0:
        # Looked at before the wait: whoever is silent gets one whole wait after the order to stop.
        last_call = not exchange.started and service.stop.requested
        pause = patience.left if exchange.started else min(patience.left, LAST_CALL_SECONDS)
        connection.settimeout(pause)
        began = time.monotonic()
        try:
            data = connection.recv(CHUNK_BYTES)
        except TimeoutError:
            if last_call:
                break
            patience.spend(time.monotonic() - began, 0)
        else:
            patience.spend(time.monotonic() - began, len(data))
            if exchange.feed(data):
                return
    exchange.time_out()


def send(connection: socket.socket, pieces: Generator[bytes, None, None], seconds: float) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    patience = Patience(seconds)
    with closing(pieces):
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                if patience.left <= 0:
                    raise TimeoutError("the client was too slow in taking the answer")
                connection.settimeout(patience.left)
                began = time.monotonic()
                count = connection.send(rest)
                patience.spend(time.monotonic() - began, count)
                rest = rest[count:]


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
            if not connection.recv(CHUNK_BYTES):
                break
    except OSError:
        pass  # It is gone already, or will not go: either way we are done with it.
