"""Connections without a kernel: pieces arrive one by one, and what is sent is told to somebody.

A `Line` is what a kernel keeps of one connection for the server; a `Network` is where lines come
from. Both are told how long to wait, and answer None when nothing has happened in that time.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Literal, Protocol

Happening = Literal["accepted", "received", "sent", "finished", "closed", "reset"]

Tell = Callable[[Happening, int, bytes], None]
"""Who wants to know what happens on a connection: what it was, the line's number, the bytes."""


class Network(Protocol):
    """Where a server's connections come from."""

    def accept(self, seconds: float | None) -> "Line | None":
        """The next connection; None when nobody has come in time. No seconds: wait for ever."""


class Line:
    """One connection, as the kernel keeps it for the server. One `take` gives one piece at most."""

    def __init__(self, number: int, tell: Tell) -> None:
        self.number = number
        self._tell = tell
        self._here = b""
        self._ended = False

    @property
    def address(self) -> tuple[str, int]:
        """The client's address: a kernel gives each connection a port of its own."""
        return "127.0.0.1", 50000 + self.number % 10000

    def arrival(self, seconds: float | None) -> bytes | None:
        """The next piece, b"" at the end of the stream, None when nothing has come in time."""
        raise NotImplementedError

    def waiting(self) -> bool:
        """Whether bytes have arrived that no `arrival` has given yet."""
        raise NotImplementedError

    def there(self) -> bool:
        """Whether the client still listens."""
        return True

    def accepted(self) -> None:
        """The server has taken the connection."""
        self._tell("accepted", self.number, b"")

    def take(self, count: int, seconds: float | None) -> bytes | None:
        """At most `count` bytes of what has come; b"" and None as `arrival` has them."""
        if not self._here and not self._ended:
            piece = self.arrival(seconds)
            if piece is None:
                return None
            self._here, self._ended = piece, not piece
        taken, self._here = self._here[:count], self._here[count:]
        self._tell("received", self.number, taken)
        return taken

    def give(self, data: bytes) -> None:
        """Bytes for the client."""
        self._tell("sent", self.number, data)

    def finish(self) -> None:
        """The server has ended its side."""
        self._tell("finished", self.number, b"")

    def close(self) -> None:
        """The server has closed. With bytes unread, a kernel tells the client by a reset."""
        unread = bool(self._here) or self.waiting()
        self._tell("reset" if unread else "closed", self.number, b"")


class ScriptedLine(Line):
    """A line on which all is known ahead: these pieces, then the end of the stream or silence."""

    def __init__(self, number: int, tell: Tell, pieces: Iterable[bytes], ends: bool) -> None:
        super().__init__(number, tell)
        self._pieces = deque(piece for piece in pieces if piece)
        self._ends = ends

    def arrival(self, seconds: float | None) -> bytes | None:
        """The next piece. Nobody waits: when there are no more, the time is up at once."""
        if self._pieces:
            return self._pieces.popleft()
        if self._ends:
            return b""
        if seconds is None:
            raise VisitOver("the server waits for this client for ever")
        return None

    def waiting(self) -> bool:
        """Whether pieces are left."""
        return bool(self._pieces)


class VisitOver(BaseException):
    """Ends a server that has no more to do; no `except Exception` of its code stops it."""


class OneVisit:
    """A network that brings one connection, or none, and then ends the server."""

    def __init__(self, line: Line | None = None) -> None:
        self._line = line

    def accept(self, seconds: float | None) -> Line | None:
        """The connection, the first time."""
        line, self._line = self._line, None
        if line is None:
            raise VisitOver
        return line
