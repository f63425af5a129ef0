"""One set-up at a time: a lock that is free again when its process ends, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from course.environment import VENV
from course.set_up_failed import SetUpFailed

LOCK = VENV.with_name(".venv.lock")
UNDER_WAY = "The course is being set up in another terminal: wait until that is done"

if sys.platform == "win32":
    import msvcrt

    def take(file: IO[bytes]) -> None:
        """Lock the file's first byte; PermissionError where another process has it."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def take(file: IO[bytes]) -> None:
        """Lock the file; BlockingIOError where another process has it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone() -> Iterator[None]:
    """Keep other set-ups out; SetUpFailed where there is one."""
    with LOCK.open("wb") as file:
        try:
            take(file)
        except (BlockingIOError, PermissionError):
            raise SetUpFailed(UNDER_WAY) from None
        except OSError:
            pass  # some network drives have no locks
        yield


def under_way() -> bool:
    """Whether another process sets the course up at this moment."""
    if not LOCK.exists():
        return False
    try:
        with alone():
            return False
    except SetUpFailed:
        return True
