"""Many hostile connections at once, which say little and never go by themselves."""

import contextlib
import re
import socket
import sys
import time
from collections import Counter
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import Self

from course.attack.talking import reset, send
from course.attack.victim import Victim

STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")
READ_BYTES = 64 * 1024
FILL_SECONDS = 3.0

MOST = 400 if sys.platform == "win32" else 10_000
"""How many sockets the system can wait for at once: 512 on Windows, and we are not alone."""


class Crowd:
    """So many connections; a context manager that closes those that are left.

    `opening` is what each says first. With `small` there is little room for what comes.
    """

    def __init__(
        self, victim: Victim, count: int, opening: bytes = b"", *, small: bool = False
    ) -> None:
        self.victim, self.opening, self.small = victim, opening, small
        self.count = min(count, MOST)
        self.statuses: Counter[int] = Counter()
        """The first status of each that was answered."""
        self.is_full = False
        """Whether nobody can connect any more."""
        self._open: dict[socket.socket, bytes] = {}
        self._selector = DefaultSelector()
        self.fill()

    def __len__(self) -> int:
        return len(self._open)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fill(self) -> None:
        """Connect, until there are as many as there should be; stop where that fails, or is slow.

        Where the kernel's queue of those who wait is full, each has to knock for a second.
        """
        until = time.monotonic() + FILL_SECONDS
        while len(self._open) < self.count and not self.is_full and time.monotonic() < until:
            try:
                connection = self.victim.connect(small=self.small)
            except OSError:
                self.is_full = True
                return
            connection.setblocking(False)
            self._open[connection] = b""
            self._selector.register(connection, EVENT_READ)
            if self.opening and send(connection, self.opening) is None:
                self._forget(connection)

    def say(self, data: bytes) -> None:
        """Each says so much more."""
        for connection in [one for one in self._open if send(one, data) is None]:
            self._forget(connection)

    def end(self) -> None:
        """Each ends its side, and goes on to listen."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)

    def hear(self, seconds: float = 0) -> None:
        """Take what has come, and forget those that the server has ended."""
        for key, _ in self._selector.select(seconds):
            connection: socket.socket = key.fileobj  # type: ignore[assignment]
            data = b""
            with contextlib.suppress(OSError):
                data = connection.recv(READ_BYTES)
            if data:
                self._note(connection, data)
            else:
                self._forget(connection)

    def hear_all(self, seconds: float) -> None:
        """Listen until the server has ended them all, but no longer than this."""
        until = time.monotonic() + seconds
        while self._open and (left := until - time.monotonic()) > 0:
            self.hear(left)

    def reset(self) -> None:
        """Break all of them off."""
        for connection in list(self._open):
            self._selector.unregister(connection)
            del self._open[connection]
            reset(connection)

    def close(self) -> None:
        """Let all of them go."""
        for connection in list(self._open):
            self._forget(connection)
        self._selector.close()

    def _note(self, connection: socket.socket, data: bytes) -> None:
        before = self._open[connection]
        beginning = self._open[connection] = (before + data)[:12]
        if len(before) < len(beginning) and (found := STATUS.fullmatch(beginning)):
            self.statuses[int(found[1])] += 1

    def _forget(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        del self._open[connection]
        connection.close()
