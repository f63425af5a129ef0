"""A deadline on code that may never end: a learner's loop must not hang the whole run."""

import faulthandler
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

CHECK_SECONDS = 10.0
"""What one check may take. A right answer takes milliseconds, on a slow machine a second."""

IMPORT_SECONDS = 5.0
"""What importing one step's modules may take."""

GRACE_SECONDS = 5.0
"""How long code may go on after it was interrupted: a bare `except` can swallow the error."""

AGAIN_SECONDS = 0.5
"""How often code that swallows the error is interrupted again."""

DEBUGGERS = frozenset({"pydevd", "debugpy"})

Stuck = Callable[[FrameType | None], None]


class TimeLimit(BaseException):
    """Raised in the code that took too long; not an Exception, so that `except Exception` lets
    it through.
    """

    def __str__(self) -> str:
        when = f"after {self.args[0]:g} seconds" if self.args else "when its time was up"
        return f"it was still running {when}"


@contextmanager
def time_limit(seconds: float, stuck: Stuck, log: TextIO | int) -> Iterator[None]:
    """Raise TimeLimit in the block when it takes longer than `seconds`.

    A block that goes on all the same ends the process: `stuck` gets the frame that does not let
    go, and reports it. Should even that not run, as when C code never returns to Python,
    `faulthandler` writes the traceback to `log`. Under a debugger there is no limit.
    """
    if sys.gettrace() is not None or DEBUGGERS & sys.modules.keys():
        yield
        return
    with _watcher() as watch:
        watch.begin(seconds, stuck)
        try:
            with _alarm(seconds, log):
                yield
        finally:
            watch.end()


@contextmanager
def watching() -> Iterator[None]:
    """For many limits one after the other: one thread watches over them all."""
    global _watch
    with _watcher() as _watch:
        try:
            yield
        finally:
            _watch = None


def lift() -> None:
    """Take the limit that runs away: somebody has stopped the code to look at it."""
    if _watch:
        _watch.end()
    if sys.platform == "win32":
        faulthandler.cancel_dump_traceback_later()
    else:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def lost_threads(seconds: float) -> list[threading.Thread]:
    """The threads that keep Python from ending, once they have had so long to end by themselves."""
    until = time.monotonic() + seconds
    own = (threading.main_thread(), threading.current_thread())
    threads = [one for one in threading.enumerate() if not one.daemon and one not in own]
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return [thread for thread in threads if thread.is_alive()]


class _Watch(threading.Thread):
    """Looks at the clock from beside the block; gives up on a block that swallows every error."""

    def __init__(self) -> None:
        super().__init__(name="time limit", daemon=True)
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.watched = threading.get_ident()
        self.until: float | None = None
        self.stuck: Stuck | None = None

    def begin(self, seconds: float, stuck: Stuck) -> None:
        """A block begins."""
        self.stuck, self.until = stuck, time.monotonic() + seconds

    def end(self) -> None:
        """It has ended; an error that is on its way to it is taken back."""
        with self.lock:
            self.until = None
            if sys.platform == "win32":
                self._raise_there(None)

    def run(self) -> None:
        """Look again and again; nothing has to wake this thread up when a block begins."""
        while not self.over.wait(AGAIN_SECONDS):
            with self.lock:
                late = time.monotonic() - self.until if self.until else 0.0
                if late > 0 and sys.platform == "win32":
                    self._raise_there(TimeLimit)
            if late > GRACE_SECONDS:
                self._give_up()

    def _give_up(self) -> None:
        try:
            if self.stuck:
                self.stuck(sys._current_frames().get(self.watched))
        finally:
            os._exit(1)

    def _raise_there(self, error: type[TimeLimit] | None) -> None:
        """Set the error that the block meets at its next bytecode, or with None take it back."""
        import ctypes  # only Windows needs it, and it takes a while to import

        wanted = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.watched), wanted)


_watch: _Watch | None = None
"""The thread that watches over all limits, if there is one."""


@contextmanager
def _watcher() -> Iterator[_Watch]:
    """The thread that watches already, or one for the time being."""
    if _watch:
        yield _watch
        return
    watch = _Watch()
    watch.start()
    try:
        yield watch
    finally:
        watch.over.set()
        watch.join()


if sys.platform == "win32":

    @contextmanager
    def _alarm(seconds: float, log: TextIO | int) -> Iterator[None]:
        """The thread that watches raises the error; there is no signal that could."""
        faulthandler.dump_traceback_later(seconds + 2 * GRACE_SECONDS, file=log, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

else:

    @contextmanager
    def _alarm(seconds: float, log: TextIO | int) -> Iterator[None]:
        """A signal, which ends blocking calls and even a regular expression run wild.

        Another one counts the seconds of computing, and ends the process by itself.
        """

        def ring(_number: int, _frame: FrameType | None) -> None:
            raise TimeLimit(seconds)

        before = signal.signal(signal.SIGALRM, ring)
        faulthandler.register(signal.SIGPROF, file=log, all_threads=False, chain=True)
        signal.setitimer(signal.ITIMER_PROF, seconds + 2 * GRACE_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.unregister(signal.SIGPROF)
            signal.signal(signal.SIGALRM, before)
