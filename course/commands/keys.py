"""Single keys from the terminal, without Enter, on POSIX and on Windows."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.1


def has_keyboard() -> bool:
    """Whether somebody can press keys here."""
    return sys.stdin is not None and sys.stdin.isatty()


if sys.platform == "win32":
    import msvcrt
    import time

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Nothing to prepare: the console gives single keys when asked for them."""
        yield

    def read_key() -> str:
        """The next key, "" where none came for a moment."""
        if not msvcrt.kbhit():
            time.sleep(POLL_SECONDS)
            return ""
        return msvcrt.getwch()

else:
    import select
    import termios
    import tty

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Let keys through one by one, unseen; afterwards the terminal is as it was."""
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        try:
            tty.setcbreak(number)
            yield
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)

    def read_key() -> str:
        """The next key, "" where none came for a moment, "q" where the terminal is gone."""
        ready, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        if not ready:
            return ""
        return os.read(sys.stdin.fileno(), 1).decode("latin-1") or "q"
