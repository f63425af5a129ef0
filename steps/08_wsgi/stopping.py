"""The order to stop, as something that a loop can wait for beside its sockets."""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager


class Stop:
    """Ctrl-C or SIGTERM. It is readable, for a selector, once somebody has called `wake`.

    A signal arrives while a loop waits for sockets. So each loop waits for one socket more: the
    end of a pair, into whose other end the signal writes a byte (the "self-pipe trick").
    """

    def __init__(self) -> None:
        """Nobody has ordered anything yet."""
        self.requested = False
        self.reader, self.writer = socket.socketpair()
        for end in (self.reader, self.writer):
            end.setblocking(False)

    def fileno(self) -> int:
        """What a selector waits for."""
        return self.reader.fileno()

    def request(self, *signal_and_frame: object) -> None:
        """Stop, after what is in flight is done. The second time: KeyboardInterrupt, at once."""
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        self.wake()

    def wake(self) -> None:
        """Let whoever waits look around. Any thread may call this."""
        with contextlib.suppress(OSError):  # full, so it is readable already; or closed
            self.writer.send(b"\0")

    def woken(self) -> None:
        """Take out the bytes that `wake` has put in."""
        with contextlib.suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """While this is on, SIGINT (Ctrl-C) and SIGTERM are requests to stop."""
        before = {one: signal.signal(one, self.request) for one in (signal.SIGINT, signal.SIGTERM)}
        # The interpreter writes the byte itself, even where it is deep in a call of the system.
        wakeup = signal.set_wakeup_fd(self.writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for one, action in before.items():
                signal.signal(one, action)

    def close(self) -> None:
        """Give the pair of sockets back."""
        self.reader.close()
        self.writer.close()


class ChildStop(Stop):
    """The order to stop as a child has it: from its parent, or because it has none any more."""

    def __init__(self, parent: int) -> None:
        super().__init__()
        self.parent = parent

    @property
    def requested(self) -> bool:
        """Whether it is time to end. An orphan ends by itself: nobody would ever tell it."""
        return self.told or os.getppid() != self.parent

    @requested.setter
    def requested(self, value: bool) -> None:
        """Whether we were told."""
        self.told = value

    def request(self, *signal_and_frame: object) -> None:
        """Stop. Once or twice is the same: a terminal or a system may tell us beside our parent."""
        self.told = True
        self.wake()
