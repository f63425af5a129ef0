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
    watch = _Watch(seconds, stuck)
    if sys.platform == "win32":
        alarm = watch.interrupting(log)
    else:
        alarm = _alarm(seconds, log)
    watch.start()
    try:
        with alarm:
            yield
    finally:
        watch.over.set()


def lost_threads(seconds: float) -> list[threading.Thread]:
    """The threads that keep Python from ending, once they have had so long to end by themselves."""
    until = time.monotonic() + seconds
    own = (threading.main_thread(), threading.current_thread())
    threads = [one for one in threading.enumerate() if not one.daemon and one not in own]
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return [thread for thread in threads if thread.is_alive()]


if sys.platform != "win32":

    @contextmanager
    def _alarm(seconds: float, log: TextIO | int) -> Iterator[None]:
        """POSIX: a signal, which ends blocking calls and even a regular expression run wild.

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


class _Watch(threading.Thread):
    """Waits beside the block; interrupts it where there are no signals, and gives up at last."""

    def __init__(self, seconds: float, stuck: Stuck) -> None:
        super().__init__(name="time limit", daemon=True)
        self.seconds = seconds
        self.stuck = stuck
        self.over = threading.Event()
        self.watched = threading.get_ident()
        self.interrupts = False

    @contextmanager
    def interrupting(self, log: TextIO | int) -> Iterator[None]:
        """Windows: the error is put into the thread, which meets it at its next bytecode."""
        self.interrupts = True
        faulthandler.dump_traceback_later(self.seconds + 2 * GRACE_SECONDS, file=log, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            self.over.set()
            self.join()
            self._raise_there(None)

    def run(self) -> None:
        """Sleep through the limit, then through the grace, then end the process."""
        if self.over.wait(self.seconds):
            return
        for _ in range(round(GRACE_SECONDS / AGAIN_SECONDS)):
            if self.interrupts:
                self._raise_there(TimeLimit)
            if self.over.wait(AGAIN_SECONDS):
                return
        try:
            self.stuck(sys._current_frames().get(self.watched))
        finally:
            os._exit(1)

    def _raise_there(self, error: type[TimeLimit] | None) -> None:
        """Set, or with None take back, the error that the watched thread is to meet."""
        import ctypes  # only Windows needs it, and it takes a while to import

        wanted = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.watched), wanted)
