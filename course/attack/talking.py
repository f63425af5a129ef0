"""Raw bytes to a server, and whatever comes back: read at the same time, with a deadline."""

import itertools
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from course.endings import Ending
from course.grammar import Malformed
from course.responses import Response, ResponseReader

READ_BYTES = 256 * 1024
WINDOW_BYTES = 4096

RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""For SO_LINGER: to close is to reset."""


@dataclass
class Talk:
    """What was said on a connection, and what became of it."""

    received: bytearray = field(default_factory=bytearray)
    sent: int = 0
    ending: Ending = Ending.SILENT
    """SILENT, too, where enough had come and we stopped listening."""

    def answers(self, methods: Iterable[str] = ()) -> "Answers":
        """The responses in it, to requests with these methods; GET where none is named."""
        return answers_in(bytes(self.received), self.ending, methods)


@dataclass(frozen=True)
class Answers:
    """The whole responses, and what was wrong behind them."""

    responses: list[Response]
    flaw: str = ""
    """Why what follows is no response; "" where nothing follows, or the rest is still to come."""
    rest: bytes = b""

    @property
    def statuses(self) -> list[int]:
        """The status codes."""
        return [one.status for one in self.responses]


def talk(
    connection: socket.socket,
    pieces: Iterable[bytes],
    seconds: float,
    enough: Callable[[bytearray], bool] = lambda received: False,
) -> Talk:
    """Send the pieces and read meanwhile, until the server ends, or enough has come.

    What we do not get rid of because the server has closed is no error.
    """
    said, outgoing = Talk(), filter(None, pieces)
    rest, until, broken = memoryview(b""), time.monotonic() + seconds, False
    connection.setblocking(False)
    with DefaultSelector() as selector:
        selector.register(connection, EVENT_READ | EVENT_WRITE)
        while (left := until - time.monotonic()) > 0:
            events = sum(event for _, event in selector.select(left))
            if events & EVENT_READ and (over := hear(connection, said)):
                said.ending = Ending.RESET if broken else over
                break
            if events & EVENT_READ and enough(said.received):
                break
            if events & EVENT_WRITE:
                rest = rest or memoryview(next(outgoing, b""))
                count = send(connection, rest) if rest else None
                if count is None:  # all is said, or nobody takes it any more
                    broken = bool(rest)  # the error was told to us here, and is not told again
                    selector.modify(connection, EVENT_READ)
                    continue
                said.sent += count
                rest = rest[count:]
    return said


def hear(connection: socket.socket, said: Talk) -> Ending | None:
    """Take what has come; how the connection ended, if it did."""
    try:
        data = connection.recv(READ_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return Ending.RESET
    said.received += data
    return None if data else Ending.CLOSED


def send(connection: socket.socket, data: bytes | memoryview) -> int | None:
    """How many bytes the kernel has taken; None where the server has gone."""
    try:
        return connection.send(data)
    except BlockingIOError:
        return 0
    except OSError:
        return None


def answers_in(data: bytes, ending: Ending, methods: Iterable[str] = ()) -> Answers:
    """The responses in what has come, read strictly, one after the other."""
    found: list[Response] = []
    at = 0
    for method in itertools.chain(methods, itertools.repeat("GET")):
        if at >= len(data):
            break
        reader = ResponseReader(method, close_delimited=True)
        try:
            response = fed(reader, data, at)
            if response is None and ending is not Ending.SILENT:
                response = reader.end(ending)
        except Malformed as error:
            return Answers(found, error.flaw.summary, data[at:])
        if response is None:
            break
        found.append(response)
        at += reader.at
    return Answers(found, "", data[at:])


def fed(reader: ResponseReader, data: bytes, at: int) -> Response | None:
    """The response that begins there; None where it is not whole."""
    for start in range(at, len(data), WINDOW_BYTES):
        if response := reader.feed(data[start : start + WINDOW_BYTES]):
            return response
    return None


def whole(*methods: str, count: int = 1) -> Callable[[bytearray], bool]:
    """A test for `talk`: whether so many whole answers have come, or something that is none."""

    def enough(received: bytearray) -> bool:
        found = answers_in(bytes(received), Ending.SILENT, methods)
        return len(found.responses) >= count or bool(found.flaw)

    return enough


def endless(piece: bytes, limit: int) -> Iterator[bytes]:
    """The piece again and again, up to so many bytes in all."""
    for _ in range(0, limit, len(piece)):
        yield piece


def reset(connection: socket.socket) -> None:
    """Close it so that the server gets a reset, in place of an end."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    finally:
        connection.close()
