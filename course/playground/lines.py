"""Connections without a kernel: pieces arrive one by one, and what is sent is told to somebody.

A `Line` is what a kernel keeps of one connection for the server; a `Network` is where lines come
from. Nothing in them waits but `Network.wait`.
"""

import errno
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Literal

Happening = Literal["accepted", "received", "sent", "finished", "closed", "reset"]

Tell = Callable[[Happening, int, bytes], None]
"""Who wants to know what happens on a connection: what it was, the line's number, the bytes."""

BUFFER_BYTES = 2048
"""What a kernel keeps for a client that has not read it yet. A real one keeps far more."""

PAIR_BYTES = 64 * 1024
"""The same between the two ends of a pair, where one may write and then the same program read."""


def tell_nobody(happening: Happening, number: int, data: bytes) -> None:
    """For connections that concern only the server itself."""


class Line:
    """One connection, as the kernel keeps it for the server. One `take` gives one piece at most."""

    bounded = False
    """Whether who may wait has to wait for room: not here, as clients read in no time."""

    buffer_bytes = BUFFER_BYTES

    gone = errno.ECONNRESET
    """What fails for who sends when nobody listens any more."""

    def __init__(self, number: int, tell: Tell) -> None:
        self.number = number
        self.over = False
        self._tell = tell
        self._here = b""
        self._ended = self._end_is_told = False
        self._unread = 0

    @property
    def address(self) -> Any:
        """The client's address: a kernel gives each connection a port of its own."""
        return "127.0.0.1", 50000 + self.number % 10000

    def arrival(self) -> bytes | None:
        """The next piece, b"" at the end of the stream, None when there is nothing yet."""
        raise NotImplementedError

    def waiting(self) -> bool:
        """Whether bytes have arrived that no `arrival` has given yet."""
        raise NotImplementedError

    def ended(self) -> bool:
        """Whether the client has ended its side, be there bytes before that or not."""
        raise NotImplementedError

    def there(self) -> bool:
        """Whether the client still listens."""
        return True

    def readable(self) -> bool:
        """Whether `take` has something to give: bytes, or the end."""
        return bool(self._here) or self._ended or self.waiting() or self.ended()

    def writable(self) -> bool:
        """Whether there is room for more bytes, or nobody any more: then to send fails at once."""
        return self.room() is not None or not self.there()

    def room(self) -> int | None:
        """For how many bytes there is room; None for none."""
        return max(0, self.buffer_bytes - self.unread()) or None

    def unread(self) -> int:
        """How many bytes the client has not read yet."""
        return self._unread

    def client_reads(self) -> None:
        """The client has had the time to read all."""
        self._unread = 0

    def accepted(self) -> None:
        """The server has taken the connection."""
        self._tell("accepted", self.number, b"")

    def take(self, count: int) -> bytes | None:
        """At most `count` bytes of what has come; b"" and None as `arrival` has them.

        The end is told once: a loop that asks again and again would tell of nothing else.
        """
        if not self._here and not self._ended:
            piece = self.arrival()
            if piece is None:
                return None
            self._here, self._ended = piece, not piece
        taken, self._here = self._here[:count], self._here[count:]
        if taken or not self._end_is_told:
            self._tell("received", self.number, taken)
        self._end_is_told = not taken
        return taken

    def give(self, data: bytes) -> None:
        """Bytes for the client."""
        self._unread += len(data)
        self._tell("sent", self.number, data)

    def finish(self) -> None:
        """The server has ended its side."""
        self._tell("finished", self.number, b"")

    def close(self) -> None:
        """The server has closed. With bytes unread, a kernel tells the client by a reset."""
        unread = bool(self._here) or self.waiting()
        self.over = True
        self._tell("reset" if unread else "closed", self.number, b"")


class ScriptedLine(Line):
    """A line on which all is known ahead: these pieces, then the end of the stream or silence."""

    def __init__(self, number: int, tell: Tell, pieces: Iterable[bytes], ends: bool) -> None:
        super().__init__(number, tell)
        self._pieces = deque(piece for piece in pieces if piece)
        self._ends = ends

    def arrival(self) -> bytes | None:
        """The next piece."""
        if self._pieces:
            return self._pieces.popleft()
        return b"" if self._ends else None

    def waiting(self) -> bool:
        """Whether pieces are left."""
        return bool(self._pieces)

    def ended(self) -> bool:
        """Whether nothing but these pieces will come."""
        return self._ends


class PairedLine(Line):
    """One end of a pair: what is given here arrives at the other end."""

    bounded = True
    buffer_bytes = PAIR_BYTES
    gone = errno.EPIPE
    other: "PairedLine"

    def __init__(self, other_name: Any) -> None:
        super().__init__(0, tell_nobody)
        self._other_name = other_name
        self._arrived = deque[bytes]()
        self._finished = self._reset = False

    @classmethod
    def pair(cls, name: Any = "", other_name: Any = "") -> tuple["PairedLine", "PairedLine"]:
        """Both ends, with the name of each."""
        one, other = cls(other_name), cls(name)
        one.other, other.other = other, one
        return one, other

    @property
    def address(self) -> Any:
        """The name of the other end: the ends of a mere pair have none."""
        return self._other_name

    def arrival(self) -> bytes | None:
        """All that has arrived: a stream has no borders between pieces."""
        if self._arrived:
            data = b"".join(self._arrived)
            self._arrived.clear()
            return data
        if self._reset:
            self._reset = False
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        return b"" if self.ended() else None

    def waiting(self) -> bool:
        """Whether something has arrived."""
        return bool(self._arrived)

    def ended(self) -> bool:
        """Whether the other end gives no more."""
        return self.other._finished or self.other.over

    def there(self) -> bool:
        """Whether the other end is open."""
        return not self.other.over

    def unread(self) -> int:
        """What the other end has not taken yet."""
        return len(self.other._here) + sum(map(len, self.other._arrived))

    def give(self, data: bytes) -> None:
        """Bytes for the other end."""
        self.other._arrived.append(data)

    def finish(self) -> None:
        """No more of them."""
        self._finished = True

    def close(self) -> None:
        """The other end learns of it, and of what was not read."""
        self.other._reset = self.other.unread() > 0
        super().close()


class VisitOver(BaseException):
    """Ends a server that has no more to do; no `except Exception` of its code stops it."""


class Network:
    """Where a server's connections come from. From this one there come none.

    Nobody really waits for what cannot happen: the clock goes on instead.
    """

    def __init__(self) -> None:
        self._now = time.monotonic
        self._skipped = 0.0

    def accept(self) -> Line | None:
        """The next connection, if one waits."""
        return None

    def pending(self) -> bool:
        """Whether one waits."""
        return False

    def wait(self, seconds: float | None) -> None:
        """Return when something has happened, or the time is up. No seconds: wait for ever."""
        if seconds is None:
            raise VisitOver("it waits for ever, for what nobody sends")
        self._skipped += seconds

    def clock(self) -> float:
        """The time, as `time.monotonic` is to tell it to the server."""
        return self._now() + self._skipped


LONG_SECONDS = 3600.0
"""Nobody waits for longer than this for what will not come."""


class Visits(Network):
    """Connections of which all is known ahead; when there are no more the server is ended.

    One comes when those before it are over, or all come `together`.
    """

    def __init__(self, lines: Iterable[Line] = (), *, together: bool = False) -> None:
        super().__init__()
        self._coming = deque(lines)
        self._open: list[Line] = []
        self._together = together
        self._waited = 0.0

    def accept(self) -> Line | None:
        """The next connection."""
        if not self.pending():
            return None
        self._waited = 0.0
        self._open.append(self._coming.popleft())
        return self._open[-1]

    def pending(self) -> bool:
        """Whether it is the next one's turn."""
        self._open = [line for line in self._open if not line.over]
        return bool(self._coming) and (self._together or not self._open)

    def wait(self, seconds: float | None) -> None:
        """Go on in time. VisitOver where there is nothing left to wait for."""
        if not self._open and not self._coming:
            raise VisitOver
        self._waited += LONG_SECONDS if seconds is None else seconds
        if self._waited < LONG_SECONDS:
            self._skipped += seconds or 0.0
        elif self._coming:
            self._open.clear()
        else:
            raise VisitOver("the server waits for this client for ever")
