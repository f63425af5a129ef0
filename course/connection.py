"""One raw connection to a server: every wait has a deadline, every failure shows the bytes.

The client reads while it sends: a server may answer early and close, or reset the connection,
while bytes are still on their way, and what it said must not be lost.
"""

import contextlib
import os
import selectors
import socket
import struct
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from course.endings import Ending
from course.expectations import Answer, Delivery
from course.grammar import Malformed
from course.responses import Response, ResponseReader
from course.xray import (
    CheckFailure,
    Flaw,
    Mark,
    Noted,
    Received,
    Sent,
    difference,
    first_difference,
)

QUIET_SECONDS = 2.0
"""A server that says nothing for so long hangs: those of this course answer in milliseconds."""

TOTAL_SECONDS = 30.0
"""The most that one call may take, however busily the bytes trickle."""

GOODBYE_SECONDS = 0.25
"""How long a server that keeps the connection may take to see that we have ended our side."""

DRAIN_SECONDS = 0.2
"""How long a report waits for the rest of what the server has to say."""

TURN_SECONDS = 0.001
"""Long enough for a server on this machine to take a byte that was just sent."""

DRIP_WHOLE = 2048
"""Of a request longer than this, only DRIP_HEAD and DRIP_TAIL bytes are sent one by one."""

DRIP_HEAD, DRIP_TAIL = 512, 64

PIECE_BYTES = 16 * 1024

READ_BYTES = 256 * 1024


class Witness(Protocol):
    """Somebody who knows the server, and makes a report of what is wrong with it."""

    def failure(self, flaw: Flaw, wire: "Wire", *, silent: bool) -> CheckFailure:
        """The failure with all that a report shows; `silent`: the server let the time run out."""


class Wire:
    """A raw connection, as a context manager; what was said on it is kept for the reports.

    All methods that wait raise CheckFailure after `deadline` seconds without a byte.
    """

    def __init__(
        self, connection: socket.socket, witness: Witness, deadline: float = QUIET_SECONDS
    ) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        self.deadline = deadline
        self.turn = TURN_SECONDS
        self.ending: Ending | None = None
        self.answered = False
        self.is_open = True
        self._socket = connection
        self._witness = witness
        self._said: list[tuple[int, Sent | Noted]] = []
        self._received = bytearray()
        self._read = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def talk(self) -> tuple[Sent | Noted | Received, ...]:
        """What both sides said, in its order."""
        talk: list[Sent | Noted | Received] = []
        at = 0
        for before, said in self._said:
            if before > at:
                talk.append(Received(bytes(self._received[at:before])))
            talk.append(said)
            at = before
        return (*talk, Received(bytes(self._received[at:])))

    @property
    def sent(self) -> bytes:
        """All that was sent."""
        return b"".join(said.data for _, said in self._said if isinstance(said, Sent))

    @property
    def dripped(self) -> bool:
        """Was something sent byte by byte?"""
        return any(isinstance(said, Sent) and said.dripped for _, said in self._said)

    def send(self, data: bytes, *, drip: bool = False) -> None:
        """Send all of it, byte by byte with `drip`; a server that has gone is no error here.

        What became of the connection shows in the next read.
        """
        self._say(Sent(data, drip))
        parts = list(pieces(data)) if drip else [data]
        for number, part in enumerate(parts):
            if not self._push(part):
                break
            if drip and number in (0, len(parts) - 2) and self._wait(self.turn):
                self._pull()

    def send_together(self, first: bytes, behind: bytes) -> None:
        """Send both in one piece: most likely one `recv` brings them both."""
        self._say(Sent(first), Sent(behind, behind=True))
        self._push(first + behind)

    def read_response(self, method: str = "GET", *, close_delimited: bool = False) -> Answer:
        """The next response, to a request with this method; what follows it stays unread."""
        __tracebackhide__ = True
        return Answer(
            (Delivery(self.response(method, close_delimited=close_delimited), self.fail),)
        )

    def response(self, method: str = "GET", *, close_delimited: bool = False) -> Response:
        """As read_response, without the means to compare it."""
        __tracebackhide__ = True
        reader = ResponseReader(method, close_delimited, self._read)
        until = time.monotonic() + TOTAL_SECONDS
        silent = False
        try:
            while (response := reader.feed(self._received[reader.fed :])) is None:
                if not self._more(until):
                    silent = self.ending is None
                    response = reader.end(self.ending or Ending.SILENT, self.deadline)
                    break
        except Malformed as error:
            raise self.fail(error.flaw, silent=silent) from None
        self._read = reader.at
        self.answered = True
        return response

    def read_exactly(self, count: int) -> bytes:
        """The next `count` bytes."""
        __tracebackhide__ = True
        until = time.monotonic() + TOTAL_SECONDS
        while len(self._received) - self._read < count:
            if not self._more(until):
                missing = count - (len(self._received) - self._read)
                raise self._cut_short(f"expected {missing:,} more bytes", f"{count:,} bytes")
        return self._take(count)

    def read_all(self) -> bytes:
        """All that comes until the server closes the connection."""
        __tracebackhide__ = True
        until = time.monotonic() + TOTAL_SECONDS
        while self._more(until):
            pass
        if self.ending is not Ending.CLOSED:
            raise self._cut_short("expected more, or the end", "that the server closes, at last")
        return self._take(len(self._received) - self._read)

    def expect_bytes(self, expected: bytes, note: str = "") -> None:
        """Read as many bytes as are expected; they must be these. `note` explains them."""
        __tracebackhide__ = True
        start, until, right = self._read, time.monotonic() + TOTAL_SECONDS, 0
        while right < len(expected):
            came = self._received[start + right : start + len(expected)]
            if not expected.startswith(came, right):
                right += first_difference(expected[right:], bytes(came))
                says = difference(expected, bytes(self._received[start:]))
                mark, expected_mark = Mark(start + right, 1, says), Mark(right, 1, "")
                summary = "other bytes than expected"
                raise self.fail(
                    Flaw("wrong bytes", summary, mark, expected, expected_mark, advice=note)
                )
            right += len(came)
            if right < len(expected) and not self._more(until):
                says = f"expected {len(expected) - right:,} more bytes"
                raise self._cut_short(says, expected, Mark(right, 1, ""), note)
        self._take(len(expected))

    def expect_closed(self) -> None:
        """The server must close the connection without another byte; a reset will do."""
        __tracebackhide__ = True
        if self._has_unread() or self._more(time.monotonic() + TOTAL_SECONDS):
            mark = Mark(self._read, 1, "expected the end of the connection here")
            expected = ("nothing more: the server closes the connection",)
            raise self.fail(Flaw("too many bytes", "more bytes than expected", mark, expected))
        if self.ending is None:
            summary = (
                f"the server does not close: after {self.deadline:.1f} s the connection is open"
            )
            expected = ("the server closes the connection",)
            raise self.fail(Flaw("not closed", summary, None, expected), silent=True)

    def expect_end(self, response: Response, *, behind: bool = False) -> None:
        """Nothing may follow the response, but the answer to what was sent `behind` the request.

        After `Connection: close` the server has to close by itself. Otherwise we end our side,
        so that it has no reason to wait.
        """
        __tracebackhide__ = True
        if not response.closes:
            self._end_our_side()
        seconds = self.deadline if response.closes else GOODBYE_SECONDS
        until = time.monotonic() + TOTAL_SECONDS
        while self._more(until, seconds):
            pass
        if behind and not response.closes and self._has_unread():
            response = self.response()
        if self._received.startswith(b"HTTP/1.", self._read):
            raise self.fail(second_response(response, self._read))
        if self._has_unread():
            came = len(self._received) - response.head_end
            raise self.fail(response.framing.too_long(came, self._read))
        if response.closes and self.ending is None:
            raise self.fail(kept_open(response, self.deadline), silent=True)

    def close_sending(self) -> None:
        """End our side: the server reads the end of the stream, and may still answer."""
        self._say(Noted("then the client ended its side, and listened"))
        self._end_our_side()

    def _end_our_side(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the connection; may be called again."""
        self.is_open = False
        self._socket.close()

    def reset(self) -> None:
        """Break the connection off, as a client does that crashes."""
        at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close()

    def fail(self, flaw: Flaw, *, silent: bool = False) -> CheckFailure:
        """The report of a flaw, once the server had the time to say the rest."""
        until = time.monotonic() + DRAIN_SECONDS
        while not silent and self._more(until, until - time.monotonic()):
            pass
        return self._witness.failure(flaw, self, silent=silent)

    def _cut_short(
        self, says: str, expected: bytes | str, mark: Mark | None = None, advice: str = ""
    ) -> CheckFailure:
        """The failure of a read that the server left unsatisfied."""
        here = Mark(len(self._received), 1, says)
        want = expected if isinstance(expected, bytes) else (expected,)
        kind, summary = "closed too early", f"closed too early: {says}"
        if self.ending is None:
            kind = "hangs"
            summary = f"nothing for {self.deadline:.1f} s: {says}; the connection is still open"
        elif self.ending is Ending.RESET:
            kind, summary = "reset", f"the server reset the connection: {says}"
        flaw = Flaw(kind, summary, here, want, mark, advice)
        return self.fail(flaw, silent=self.ending is None)

    def _say(self, *said: Sent | Noted) -> None:
        self._said += [(len(self._received), one) for one in said]

    def _has_unread(self) -> bool:
        return self._read < len(self._received)

    def _take(self, count: int) -> bytes:
        self._read += count
        return bytes(self._received[self._read - count : self._read])

    def _push(self, data: bytes) -> bool:
        """Send, and read meanwhile; False once the server takes no more."""
        rest = memoryview(data)
        until = time.monotonic() + TOTAL_SECONDS
        while rest:
            self._pull()
            if self.ending:
                return False
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                ready = self._wait(self.deadline, selectors.EVENT_READ | selectors.EVENT_WRITE)
                if not ready or time.monotonic() > until:
                    raise self._stuck(len(data) - len(rest)) from None
            except OSError:
                return False
        return True

    def _stuck(self, taken: int) -> CheckFailure:
        summary = f"the server reads no more: it has taken {taken:,} bytes"
        return self.fail(Flaw("hangs", summary, Mark(len(self._received), 1, "")), silent=True)

    def _more(self, until: float, seconds: float | None = None) -> bool:
        """Wait for more bytes; False where the connection has ended or the time has run out."""
        seconds = self.deadline if seconds is None else seconds
        patience = min(until, time.monotonic() + seconds)
        while self.is_open and not self._pull():
            left = patience - time.monotonic()
            if self.ending or left <= 0 or not self._wait(left):
                return self._pull()
        return self.is_open

    def _pull(self) -> bool:
        """Take what is there, without waiting; True where bytes came."""
        if self.ending:
            return False
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            self.ending = Ending.RESET
            return False
        if not data:
            self.ending = Ending.CLOSED
        self._received += data
        return bool(data)

    def _wait(self, seconds: float, events: int = selectors.EVENT_READ) -> bool:
        """Wait until the connection is ready."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, events)
            return bool(selector.select(seconds))


def pieces(data: bytes) -> Iterator[bytes]:
    """Byte by byte; of a long request the middle comes in larger pieces."""
    first = len(data) if len(data) <= DRIP_WHOLE else DRIP_HEAD
    last = max(first, len(data) - DRIP_TAIL)
    yield from (data[at : at + 1] for at in range(first))
    yield from (data[at : min(at + PIECE_BYTES, last)] for at in range(first, last, PIECE_BYTES))
    yield from (data[at : at + 1] for at in range(last, len(data)))


def second_response(response: Response, at: int) -> Flaw:
    """Another response, to a request that was not sent, or after the announced end."""
    closing = " after Connection: close" if response.closes else ""
    mark = Mark(at, 1, f"expected nothing{closing}")
    return Flaw("bytes after the end", "two responses, one was expected", mark)


def kept_open(response: Response, seconds: float) -> Flaw:
    """The server said that it closes, and does not."""
    line = response.fields.lines_of("Connection")[0]
    mark = line.value_mark(f"but after {seconds:.1f} s the connection is still open")
    summary = "the server announced to close the connection, and keeps it open"
    return Flaw("not closed", summary, mark, rfc="RFC 9112, section 9.6")
