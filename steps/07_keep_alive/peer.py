"""One connection of an event loop: what it waits for, and what is done when that comes."""

import socket
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE

from blocking import end_our_side
from connection import Connection, State
from received import CHUNK_BYTES
from server_log import tell_failure

TURN_BYTES = 256 * 1024
"""The most that one connection may send before the others have their turn."""


class Peer:
    """A client, at the other end of a socket that never waits.

    Whatever cannot be done at once is left as it is, and done when the loop calls again: a
    request that has come in part, an answer of which the kernel has taken a part.
    """

    def __init__(self, sock: socket.socket, connection: Connection, now: float) -> None:
        """`now` is a clock's."""
        sock.setblocking(False)
        self.sock, self.connection, self.since = sock, connection, now
        self.is_queued = self.is_working = self.is_abandoned = False
        self.rest = memoryview(b"")
        self.pieces: Generator[bytes, None, None] | None = None
        self.job: Callable[[], object] | None = None
        """What a handler's thread is to do for it; while it is there, the socket has to wait."""

    @property
    def waits_for(self) -> int:
        """The events that the loop should wait for: EVENT_READ, EVENT_WRITE, or 0 for none."""
        if self.job or self.is_queued or self.is_done:
            return 0
        return EVENT_WRITE if self.is_sending else EVENT_READ

    @property
    def is_sending(self) -> bool:
        """Whether there is something to send."""
        return bool(self.rest) or self.connection.state is State.ANSWERING

    @property
    def is_done(self) -> bool:
        """Whether it is over."""
        return self.is_abandoned or self.connection.state is State.CLOSED

    @property
    def is_idle(self) -> bool:
        """Whether the client is between two requests, or before its first."""
        return self.connection.state is State.IDLE and not self.is_queued

    @property
    def deadline(self) -> float:
        """When its time is up; never, while the handler is at work."""
        return self.since + self.connection.patience.left if self.waits_for else float("inf")

    def proceed(self, now: float) -> None:
        """What it waited for is there: go on as far as that goes."""
        try:
            if self.is_sending:
                self.send(now)
            else:
                self.hear(now)
        except BlockingIOError:
            pass  # a false alarm
        except ConnectionError:
            self.is_abandoned = True  # the client has left: its right, and no fault of ours
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: an answer may be made while it is sent
            tell_failure()
            self.is_abandoned = True

    def hear(self, now: float) -> None:
        """Take what has come."""
        data = self.sock.recv(CHUNK_BYTES)
        self.spend(now, len(data))
        self.connection.receive(data)
        self.look()
        if self.rest:
            self.send(now)

    def look(self) -> None:
        """See what is next: an answer is a job for a handler's thread; a 100 is sent by us."""
        if self.connection.state is State.ANSWERING:
            self.job = self.connection.answer
        elif self.connection.state is State.LINGERING:
            end_our_side(self.sock)
        else:
            self.rest = memoryview(b"".join(self.connection.interim()))

    def take(self, result: Future, now: float) -> None:
        """The job is done: it has given the pieces of the answer, or one piece of it."""
        self.job, self.is_working, self.since = None, False, now
        try:
            value = result.result()
        except BaseException:
            tell_failure()
            self.is_abandoned = True
            return
        if self.pieces is None:
            self.pieces = value
        else:
            self.put(value)
        self.proceed(now)

    def send(self, now: float) -> None:
        """Give the kernel as much as it takes, and keep the rest for the next time.

        After TURN_BYTES it is the others' turn. When all is sent, see what is next.
        """
        sent = 0
        while sent < TURN_BYTES and (self.rest or self.next_piece()):
            try:
                count = self.sock.send(self.rest)
            except BlockingIOError:
                break
            sent += count
            self.rest = self.rest[count:]
        self.spend(now, sent)
        if self.connection.state is State.ANSWERING and not (self.pieces or self.rest):
            self.connection.sent()
            self.look()

    def next_piece(self) -> bool:
        """Make the next piece the rest to send; False where there is none, or not yet.

        What a handler generates may take its time, so that is a job for a handler's thread.
        """
        if self.pieces is None:
            return False
        if self.connection.generates:
            self.job = partial(next, self.pieces, None)
            return False
        return self.put(next(self.pieces, None))

    def put(self, piece: bytes | None) -> bool:
        """The next piece to send; None after the last one. Whether there is one."""
        if piece is None:
            self.pieces = None
        self.rest = memoryview(piece or b"")
        return piece is not None

    def spend(self, now: float, count: int) -> None:
        """So many bytes went through since the last time."""
        self.connection.waited(now - self.since, count)
        self.since = now

    def expire(self, now: float) -> None:
        """Its time is up: 408 to who has begun a request, and the end for all others."""
        if self.is_sending:
            self.is_abandoned = True
        else:
            self.connection.time_out()
            self.look()

    def close(self) -> None:
        """Let the connection go, and what its answer has open, unless a thread is at work on it."""
        self.sock.close()
        try:
            for one in (self.pieces, self.connection):
                if one and not self.job:
                    one.close()
        except Exception:
            tell_failure()
