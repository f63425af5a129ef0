"""A module to put in the place of `socket`: what a server that listens needs of it.

It stands on a `Network` instead of a kernel (see `plug_in`), and keeps a kernel's rules: `recv`
brings one piece at most, `send` takes a part, a closed socket is a bad file descriptor.
`fake_selectors` waits for several of these sockets.
"""

import errno
import itertools
import socket as real
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any, Self, TypeVar
from weakref import WeakValueDictionary

from course.playground.lines import Line, Network, PairedLine, Visits

AF_INET, AF_INET6, SOCK_STREAM = real.AF_INET, real.AF_INET6, real.SOCK_STREAM
SOL_SOCKET, IPPROTO_TCP = real.SOL_SOCKET, real.IPPROTO_TCP
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SO_REUSEADDR, TCP_NODELAY, SOMAXCONN = 2, 1, 128
has_ipv6, has_dualstack_ipv6 = True, lambda: False

error, timeout = OSError, TimeoutError
gaierror, herror = real.gaierror, real.herror

SEND_BYTES = 16
"""The most that a connection's first `send` takes. A kernel takes less than it is given when its
buffer is full, which a busy server meets some day; here everybody meets it the first time."""

READ_SECONDS = 0.01
"""How long a client takes to read what fills a buffer."""

BUSY_SECONDS = 0.05
"""How long a server may go on without waiting before clients have their turn."""

HERE = frozenset({"", "0.0.0.0", "127.0.0.1", "localhost", "::", "::1"})

WORDS = {
    errno.EADDRINUSE: "Address already in use",
    errno.EADDRNOTAVAIL: "Cannot assign requested address",
    errno.EAGAIN: "Resource temporarily unavailable",
    errno.EBADF: "Bad file descriptor",
    errno.ECONNREFUSED: "Connection refused",
    errno.ECONNRESET: "Connection reset by peer",
    errno.EINVAL: "Invalid argument",
    errno.ENOTCONN: "Transport endpoint is not connected",
    errno.EPIPE: "Broken pipe",
}
"""What Linux says; a browser's C library has words of its own."""

Address = tuple[Any, ...]

Found = TypeVar("Found")

_network: Network = Visits()
_waited_at = 0.0
_taken: set[int] = set()
_ports = itertools.count(40000)
_open: WeakValueDictionary[int, "socket"] = WeakValueDictionary()
"""The sockets that are open, by their descriptors."""
_detached: dict[int, "socket"] = {}
"""What a descriptor that was given away stands for."""


@contextmanager
def plug_in(network: Network) -> Iterator[None]:
    """While this is on, sockets that listen get their connections from the network."""
    global _network
    before, _network = _network, network
    try:
        yield
    finally:
        _network = before
        _taken.clear()
        _detached.clear()


def network() -> Network:
    """Where connections come from now, and what waits for them."""
    return _network


def wait(seconds: float | None) -> None:
    """Until something happens, or the time is up. Clients read meanwhile what they were sent."""
    global _waited_at
    lines = [one.line for one in _open.values() if one.line]
    if any(line.room() is None for line in lines):
        seconds = READ_SECONDS if seconds is None else min(seconds, READ_SECONDS)
    _network.wait(seconds)
    _waited_at = _network.clock()
    for line in lines:
        line.client_reads()


def breathe() -> None:
    """Let clients have their turn, for a server that is always busy and never waits."""
    if not _waited_at <= _network.clock() <= _waited_at + BUSY_SECONDS:
        wait(0)


def unused_descriptor() -> int:
    """The lowest number that no socket has, as a kernel gives them."""
    taken = {*_open, *_detached}
    return next(number for number in itertools.count(3) if number not in taken)


def opened(descriptor: int) -> "socket | None":
    """The open socket with this descriptor."""
    return _open.get(descriptor)


def ready(descriptor: int, events: int) -> int:
    """For which of these events a selector would say that the socket is ready."""
    one = opened(descriptor)
    readable = one and events & EVENT_READ and one.readable()
    writable = one and events & EVENT_WRITE and one.writable()
    return (EVENT_READ if readable else 0) | (EVENT_WRITE if writable else 0)


def fault(number: int) -> OSError:
    """The error that a kernel's call fails with; its type follows from its number."""
    return OSError(number, WORDS[number])


class socket:
    """A TCP socket, before it listens, while it listens, or with a client at its other end."""

    def __init__(
        self,
        family: int = AF_INET,
        type: int = SOCK_STREAM,
        proto: int = 0,
        fileno: int | None = None,
        *,
        line: Any = None,
    ) -> None:
        self.family, self.type, self.proto = family, type, proto
        self.line: Line | None = line
        self._seconds: float | None = None
        self._address: tuple[str, int] = ("0.0.0.0", 0)
        self._listens = self._closed = self._finished = False
        self._sent = False
        self._io_refs = 0
        self._arrived = deque[Line]()
        self._options: dict[tuple[int, int], Any] = {}
        self._descriptor = unused_descriptor() if fileno is None else self._take_over(fileno)
        _open[self._descriptor] = self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "listening" if self._listens else "open"
        return f"<socket {state}, laddr={self._address}>"

    def bind(self, address: Address) -> None:
        """Take the address, if it is ours and free."""
        self._check()
        host, port = str(address[0]), int(address[1])
        if host not in HERE:
            raise fault(errno.EADDRNOTAVAIL)
        if port in _taken:
            raise fault(errno.EADDRINUSE)
        self._address = (host or "0.0.0.0", port or next(_ports))
        _taken.add(self._address[1])

    def listen(self, backlog: int = SOMAXCONN) -> None:
        """Let clients connect."""
        self._check()
        self._listens = True

    def accept(self) -> tuple["socket", Address]:
        """The next connection, and its client's address; TimeoutError when none comes in time."""
        self._check()
        if not self._listens:
            raise fault(errno.EINVAL)
        line = self._waited(self._next)
        connection = socket(self.family, self.type, self.proto, line=line)
        connection._address = self._address
        connection._options = dict(self._options)
        line.accepted()
        return connection, line.address

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        """One piece of what has arrived, or a part of it; b"" when the client has ended."""
        line = self._connected()
        if bufsize < 0:
            raise ValueError("negative buffersize in recv")
        return self._waited(lambda: line.take(bufsize))

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """The same, written to a buffer; how many bytes."""
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view), flags)
        view[: len(data)] = data
        return len(data)

    def send(self, data: Any, flags: int = 0) -> int:
        """Take the first bytes, and say how many."""
        line, view = self._sends(), memoryview(data).cast("B")
        if not view:
            return 0
        most = self._waited(line.room) if self._seconds == 0 or line.bounded else len(view)
        if not self._sent and not line.bounded:
            most = min(most, SEND_BYTES)
        self._sent = True
        part = bytes(view[:most])
        line.give(part)
        return len(part)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Take all; of a socket that may not wait, as much as there is room for."""
        rest = memoryview(data).cast("B")
        self._sends()
        self._sent = True
        while rest:
            rest = rest[self.send(rest) :]

    def shutdown(self, how: int) -> None:
        """End our side: the client gets the end of the stream."""
        line = self._connected()
        if how != SHUT_RD and not self._finished:
            self._finished = True
            line.finish()

    def close(self) -> None:
        """Give the socket back, once nobody reads it as a file; a second time does nothing."""
        self._closed = True
        if self._io_refs <= 0 and self._descriptor in _open:
            self._real_close()

    makefile: Any = real.socket.makefile
    """The real module's own: it needs no more than `recv_into`, `send` and what follows."""

    def _decref_socketios(self) -> None:
        self._io_refs -= 1
        if self._closed:
            self.close()

    def _real_close(self) -> None:
        del _open[self._descriptor]
        self._descriptor = -1
        if self.line:
            self.line.close()
        elif self._address[1]:
            _taken.discard(self._address[1])
        for line in self._arrived:
            line.close()

    def detach(self) -> int:
        """Give the descriptor away: whoever makes a socket of it goes on with the connection."""
        if self._descriptor < 0:
            return -1
        number, self._descriptor = self._descriptor, -1
        _detached[number] = _open.pop(number)
        self._closed = True
        return number

    def _take_over(self, descriptor: int) -> int:
        """Be what was detached with this descriptor."""
        if descriptor not in _detached:
            raise fault(errno.EBADF)
        before = _detached.pop(descriptor)
        self.line, self._address, self._listens = before.line, before._address, before._listens
        self._finished, self._sent, self._arrived = before._finished, before._sent, before._arrived
        return descriptor

    def settimeout(self, value: float | None) -> None:
        """How long `accept` and `recv` wait; None for ever, 0 not at all."""
        if value is not None and value < 0:
            raise ValueError("Timeout value out of range")
        self._seconds = value

    def gettimeout(self) -> float | None:
        """What `settimeout` was given."""
        return self._seconds

    def setblocking(self, flag: bool) -> None:
        """Wait for ever, or not at all."""
        self._seconds = None if flag else 0.0

    def setsockopt(self, level: int, name: int, value: Any, length: int = 0) -> None:
        """There is no kernel to do something about it: it is written down."""
        self._check()
        self._options[level, name] = value

    def getsockopt(self, level: int, name: int, length: int = 0) -> int:
        """What was set, or nothing."""
        self._check()
        return int(self._options.get((level, name), 0))

    def getsockname(self) -> Address:
        """Our own address."""
        self._check()
        return self._address

    def getpeername(self) -> Address:
        """The client's address."""
        address: Address = self._connected().address
        return address

    def fileno(self) -> int:
        """A number like a descriptor's; -1 once it is closed."""
        return self._descriptor

    def connect(self, address: Address) -> None:
        """Connect to a socket that listens in this program; there is nobody else."""
        self._check()
        for one in list(_open.values()):
            if one._listens and one._address[1] == address[1] and address[0] in HERE:
                self._address = ("127.0.0.1", next(_ports))
                self.line, other = PairedLine.pair(self._address, one._address)
                one._arrived.append(other)
                return
        raise fault(errno.ECONNREFUSED)

    def readable(self) -> bool:
        """Whether `accept` or `recv` would not wait."""
        if self._listens:
            return bool(self._arrived) or _network.pending()
        return self.line is None or self.line.readable()

    def writable(self) -> bool:
        """Whether `send` would not wait."""
        return not self._listens and (self.line is None or self.line.writable())

    def _sends(self) -> Line:
        line = self._connected()
        if self._finished:
            raise fault(errno.EPIPE)
        if not line.there():
            raise fault(line.gone)
        return line

    def _check(self) -> None:
        if self._descriptor < 0:
            raise fault(errno.EBADF)

    def _connected(self) -> Line:
        self._check()
        if self.line is None:
            raise fault(errno.ENOTCONN)
        return self.line

    def _next(self) -> Line | None:
        return self._arrived.popleft() if self._arrived else _network.accept()

    def _waited(self, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, within the time that `settimeout` has set."""
        deadline = None if self._seconds is None else _network.clock() + self._seconds
        while (found := look()) is None:
            if self._seconds == 0:
                raise fault(errno.EAGAIN)
            left = None if deadline is None else deadline - _network.clock()
            if left is not None and left <= 0:
                raise TimeoutError("timed out")
            wait(left)
            self._check()
        return found


SocketType = socket


def socketpair(
    family: int = AF_INET, type: int = SOCK_STREAM, proto: int = 0
) -> tuple[socket, socket]:
    """Two sockets that are connected to each other."""
    one, other = (socket(family, type, proto, line=line) for line in PairedLine.pair())
    return one, other


def create_server(
    address: Address,
    *,
    family: int = AF_INET,
    backlog: int | None = None,
    reuse_port: bool = False,
    dualstack_ipv6: bool = False,
) -> socket:
    """A socket that is bound and listens."""
    listener = socket(family)
    listener.bind(address)
    listener.listen(backlog or SOMAXCONN)
    return listener


def create_connection(
    address: Address, timeout: float | None = None, source_address: Address | None = None
) -> socket:
    """A socket that is connected to one that listens in this program."""
    one = socket()
    one.settimeout(timeout)
    one.connect(address)
    return one


def __getattr__(name: str) -> object:
    """The other constants are the real module's; what would open a real socket is not here."""
    value = getattr(real, name)
    if name.isupper() and isinstance(value, int):
        return value
    raise AttributeError(f"the page's socket module has no {name!r}")
