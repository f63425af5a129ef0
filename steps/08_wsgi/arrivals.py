"""Connections as they come: taken from the listening socket, or turned away."""

import contextlib
import errno
import itertools
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator

from fields import Fields
from listening import BACKLOG
from patience import LINGER_SECONDS
from response import Response, head
from server_log import to_stderr
from service import Service

NO_LISTENER = {errno.EBADF, errno.ENOTSOCK}
"""What `accept` fails with for ever: there is no listening socket any more. All else may pass: no
more open files (EMFILE, ENFILE), no memory, a network that is down, a client that has gone."""

SHORTAGE_SECONDS = 0.1
"""How long we leave new clients in the kernel's queue when `accept` fails. To ask again at once
would keep a processor busy with failing, and descriptors come back only as others finish."""

TELL_SECONDS = 10.0
"""How often the log is told that it is still so."""

TURN_SECONDS = 0.5
"""How often the loop comes round when nobody connects."""

LEAVING_BYTES = 64 * 1024
"""What we read of their requests: what lies unread when we close makes the kernel reset."""

REFUSED = "All places are taken: new clients are told to come again."

MAX_LEAVING = 50
"""Clients with a 503 that may be leaving at a time; beyond that they are cut off."""


def arrivals(service: Service, leaving: "Leaving | None" = None) -> Iterator[socket.socket]:
    """Each new connection, until the order to stop; then those that had come before it.

    Of these BACKLOG at the most are taken, and none once the grace is over: clients that never
    cease to come cannot keep us from stopping. Now and then the clients that are leaving are
    looked after, also when nobody connects.
    """
    shortage = Shortage()
    service.listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(service.listener, selectors.EVENT_READ)
        selector.register(service.stop, selectors.EVENT_READ)
        while not service.stop.requested:
            selector.select(TURN_SECONDS)
            service.stop.woken()  # by the order to stop, or by any other signal
            if leaving:
                leaving.tidy()
            try:
                for connection in admitted(service, waiting(service.listener), leaving):
                    yield connection
                    if service.stop.requested:
                        break
            except OSError as error:
                shortage.report(error)
                time.sleep(SHORTAGE_SECONDS)
    end = time.monotonic() + service.grace
    with contextlib.suppress(OSError):
        last = itertools.islice(waiting(service.listener), BACKLOG)
        for connection in admitted(service, last, leaving):
            yield connection
            if time.monotonic() > end:
                break
    service.listener.close()


def admitted(
    service: Service, connections: Iterable[socket.socket], leaving: "Leaving | None"
) -> Iterator[socket.socket]:
    """Those whose address has not too many already; the others are told that we are busy."""
    for connection in connections:
        if visit := service.visitors.admit(connection, address(connection)):
            yield visit
        elif leaving:
            leaving.add(connection)
        else:
            connection.close()


def waiting(listener: socket.socket) -> Iterator[socket.socket]:
    """The connections that wait in the kernel's queue now. OSError where one cannot be taken."""
    while True:
        try:
            yield listener.accept()[0]
        except BlockingIOError:
            return  # there is none, or another process was faster
        except ConnectionError:
            continue  # it has gone again


class Report:
    """Tells the log of what can happen a thousand times a second, and does not repeat itself."""

    def __init__(self) -> None:
        self.told_at = float("-inf")

    def tell(self, text: str) -> None:
        """Write it, unless something was told in the last TELL_SECONDS."""
        now = time.monotonic()
        if now - self.told_at >= TELL_SECONDS:
            self.told_at = now
            to_stderr(text)


class Shortage(Report):
    """Tells the log that new clients have to wait."""

    def report(self, error: OSError) -> None:
        """Say so in the log. An error of NO_LISTENER is raised again."""
        if error.errno in NO_LISTENER:
            raise error
        self.tell(f"New clients have to wait: {error.strerror or error}.")


def address(connection: socket.socket) -> str:
    """The client's IP address; "-" where it has none, or has gone already."""
    try:
        return str(connection.getpeername()[0])
    except (OSError, IndexError):  # A Unix socket's name is empty.
        return "-"


def busy() -> bytes:
    """What a client is told whom we can't serve now (RFC 9110, section 15.6.4).

    It has no content, as nobody has read whether the request is a HEAD.
    """
    return head(Response(503, fields=Fields({"Retry-After": "1", "Connection": "close"})))


class Leaving:
    """Clients that were told to come again: they get a moment to read that.

    To close at once, with their request unread, would make the kernel reset the connection, and
    a reset can destroy the answer on its way. And nobody has the time to wait for them.
    """

    def __init__(self) -> None:
        self.clients: deque[tuple[float, socket.socket]] = deque()
        self.log = Report()

    def add(self, connection: socket.socket) -> None:
        """Tell it, and let it go a little later."""
        self.log.tell(REFUSED)
        connection.setblocking(False)
        with contextlib.suppress(OSError):
            connection.send(busy())
            connection.shutdown(socket.SHUT_WR)
        self.clients.append((time.monotonic() + LINGER_SECONDS, connection))
        self.tidy()

    def tidy(self) -> None:
        """Close those whose moment is over."""
        now = time.monotonic()
        while self.clients and (self.clients[0][0] < now or len(self.clients) > MAX_LEAVING):
            with self.clients.popleft()[1] as connection, contextlib.suppress(OSError):
                connection.recv(LEAVING_BYTES)
