"""One connection to a server: bytes out, bytes in, a deadline on every wait.

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
from course.unread import unread_at_peer
from course.xray import CheckFailure, Flaw, Mark, Noted, Received, Sent

QUIET_SECONDS = 2.0
"""A server that says nothing for so long hangs: those of this course answer in milliseconds."""

TOTAL_SECONDS = 30.0
"""The most that one call may take, however busily the bytes trickle."""

DRAIN_SECONDS = 0.2
"""How long a report waits for the rest of what the server has to say."""

TURN_SECONDS = 0.25
"""How long we wait for the server to read a byte that was sent alone: most read it at once."""

BLIND_TURN_SECONDS = 0.003
"""The same where nobody can tell whether the server has read it."""

POLL_SECONDS = 0.0001

DRIP_WHOLE = 2048
"""Of a request longer than this, only DRIP_HEAD and DRIP_TAIL bytes are sent one by one."""

DRIP_HEAD, DRIP_TAIL = 512, 64

PIECE_BYTES = 16 * 1024

READ_BYTES = 256 * 1024


class Witness(Protocol):
    """Somebody who knows the server, and makes a report of what is wrong with it."""

    def failure(self, flaw: Flaw, wire: "Connection", *, silent: bool) -> CheckFailure:
        """The failure with all that a report shows; `silent`: the server let the time run out."""


class Connection:
    """Sends and receives, and keeps what was said for the reports. A context manager."""

    def __init__(
        self, connected: socket.socket, witness: Witness, deadline: float = QUIET_SECONDS
    ) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setblocking(False)
        self.deadline = deadline
        self.ending: Ending | None = None
        self.answered = False
        self.is_open = True
        self._socket = connected
        self._witness = witness
        self._said: list[tuple[int, Sent | Noted]] = []
        self._received = bytearray()

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
    def sent(self) -> tuple[bytes, ...]:
        """What was sent, piece by piece; what stood behind another piece is part of it."""
        sent: list[bytes] = []
        for said in (one for _, one in self._said if isinstance(one, Sent)):
            sent[-1:] = [sent[-1] + said.data] if said.behind else [*sent[-1:], said.data]
        return tuple(sent)

    @property
    def dripped(self) -> bool:
        """Was something sent byte by byte?"""
        return any(isinstance(said, Sent) and said.dripped for _, said in self._said)

    @property
    def is_unread(self) -> bool:
        """Has the server, as far as can be told, not read a byte of what was sent?"""
        with unread_at_peer(self._socket) as unread:
            count = unread()
        return not self._received and count is not None and 0 < sum(map(len, self.sent)) <= count

    def send(self, data: bytes, *, drip: bool = False) -> None:
        """Send all of it, byte by byte with `drip`; a server that has gone is no error here.

        What became of the connection shows in the next read.
        """
        self._say(Sent(data, drip))
        parts = list(pieces(data)) if drip else [data]
        for number, part in enumerate(parts):
            if not self._push(part):
                break
            if drip and number in (0, len(parts) - 2):
                self._give_turn()

    def send_together(self, first: bytes, behind: bytes) -> None:
        """Send both in one piece: most likely one `recv` brings them both."""
        self._say(Sent(first), Sent(behind, behind=True))
        self._push(first + behind)

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

    def _say(self, *said: Sent | Noted) -> None:
        self._said += [(len(self._received), one) for one in said]

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

    def _give_turn(self) -> None:
        """Let the server read what was sent, before more is: see `course.unread`."""
        until = time.monotonic() + TURN_SECONDS
        with unread_at_peer(self._socket) as unread:
            if unread() is None:
                self._wait(BLIND_TURN_SECONDS)
            while unread() and time.monotonic() < until and not self._wait(POLL_SECONDS):
                pass

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
