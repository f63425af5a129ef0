"""One connection of an event loop: what it waits for, and what is done when that comes."""

import socket
from collections.abc import Generator
from enum import Enum, auto
from selectors import EVENT_READ, EVENT_WRITE

from exchange import CHUNK_BYTES, Exchange
from patience import LINGER_SECONDS, WRITE_SECONDS, Patience
from server_log import tell_failure

TURN_BYTES = 256 * 1024
"""The most that one connection may send before the others have their turn."""


class Stage(Enum):
    """Where a connection stands."""

    QUEUED = auto()
    RECEIVING = auto()
    ANSWERING = auto()
    SENDING = auto()
    LINGERING = auto()
    DONE = auto()


WAITS_FOR = {
    Stage.RECEIVING: EVENT_READ,
    Stage.SENDING: EVENT_WRITE,
    Stage.LINGERING: EVENT_READ,
}
"""What a connection waits for at each stage; at the others the socket has nothing to tell."""


class Peer:
    """A client, at the other end of a socket that never waits.

    Whatever cannot be done at once is left as it is, and done when the loop calls again: a
    request that has come in part, an answer of which the kernel has taken a part.
    """

    def __init__(
        self,
        connection: socket.socket,
        exchange: Exchange,
        seconds: float,
        now: float,
        write_seconds: float = WRITE_SECONDS,
    ) -> None:
        """`seconds` for the request, `write_seconds` for the answer; `now` is a clock's."""
        connection.setblocking(False)
        self.connection = connection
        self.exchange = exchange
        self.write_seconds = write_seconds
        self.rest = memoryview(b"")
        self.pieces: Generator[bytes, None, None] | None = None
        self.enter(Stage.RECEIVING, seconds, now)

    def enter(self, stage: Stage, seconds: float, now: float) -> None:
        """Begin a stage, with so much time for it."""
        self.stage = stage
        self.patience = Patience(seconds)
        self.since = now

    @property
    def waits_for(self) -> int:
        """The events that the loop should wait for: EVENT_READ, EVENT_WRITE, or 0 for none."""
        return WAITS_FOR.get(self.stage, 0)

    @property
    def is_silent(self) -> bool:
        """Whether the client has not said anything yet."""
        return self.stage is Stage.RECEIVING and not self.exchange.started

    @property
    def deadline(self) -> float:
        """When its time is up; never, while the handler is at work."""
        return self.since + self.patience.left if self.waits_for else float("inf")

    def proceed(self, now: float) -> None:
        """What it waited for is there: go on as far as that goes."""
        try:
            match self.stage:
                case Stage.RECEIVING:
                    self.receive(now)
                case Stage.SENDING:
                    self.send(now)
                case Stage.LINGERING:
                    self.drop()
        except BlockingIOError:
            pass  # a false alarm
        except (ConnectionError, TimeoutError, EOFError):
            self.stage = Stage.DONE  # the client has left: its right, and no fault of ours
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()
            self.stage = Stage.DONE

    def receive(self, now: float) -> None:
        """Take what has come, until it is clear what to answer."""
        data = self.connection.recv(CHUNK_BYTES)
        self.spend(now, len(data))
        if self.exchange.feed(data):
            self.enter(Stage.ANSWERING, 0, now)

    def begin(self, pieces: Generator[bytes, None, None], now: float) -> None:
        """The answer is known: send what the kernel takes of it."""
        self.pieces = pieces
        self.enter(Stage.SENDING, self.write_seconds, now)
        self.proceed(now)

    def send(self, now: float) -> None:
        """Give the kernel as much as it takes, and keep the rest for the next time.

        After TURN_BYTES it is the others' turn. When all is sent our side ends, and we linger.
        """
        sent = 0
        while sent < TURN_BYTES and (self.rest or self.next_piece()):
            try:
                count = self.connection.send(self.rest)
            except BlockingIOError:
                break
            sent += count
            self.rest = self.rest[count:]
        self.spend(now, sent)
        if not self.rest and self.pieces is None:
            self.end_our_side(now)

    def next_piece(self) -> bool:
        """Make the next piece the rest; after the last one no pieces, no rest, and always False."""
        piece = next(self.pieces, None) if self.pieces else None
        if piece is None:
            self.pieces = None
        self.rest = memoryview(piece or b"")
        return piece is not None

    def end_our_side(self, now: float) -> None:
        """Tell the client that this was all, and linger; see blocking.py for the reason."""
        try:
            self.connection.shutdown(socket.SHUT_WR)
        except OSError:  # it has gone already
            self.stage = Stage.DONE
        else:
            self.enter(Stage.LINGERING, LINGER_SECONDS, now)

    def drop(self) -> None:
        """Read and forget what still comes, until the client ends its side."""
        if not self.connection.recv(CHUNK_BYTES):
            self.stage = Stage.DONE

    def spend(self, now: float, count: int) -> None:
        """So many bytes went through since the last time."""
        self.patience.spend(now - self.since, count)
        self.since = now

    def expire(self, now: float) -> None:
        """Its time is up: 408 to who has begun a request, and the end for all others."""
        if self.stage is not Stage.RECEIVING or self.is_silent:
            self.stage = Stage.DONE
        else:
            self.exchange.time_out()
            self.begin(self.exchange.answer(), now)

    def close(self) -> None:
        """Let the connection go, and whatever its answer has open."""
        if self.pieces:
            self.pieces.close()
        self.connection.close()
