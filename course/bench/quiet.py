"""Wait for moments when nobody else keeps the machine busy, and repeat what was disturbed."""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

import psutil  # type: ignore[import-untyped]

QUIET = 0.1
"""Others may take so much of the processors when a run begins."""

DISTURBED = 0.15
"""A run during which they took more is done again, while there is time for that."""

LOOK_SECONDS = 0.3

MORE_THAN_FAIR = 4
"""A run may take so many times its share of the time: others will need less than theirs."""


class Disturbed(Protocol):
    """What knows how much others took of the processors meanwhile."""

    others: float


R = TypeVar("R", bound=Disturbed)


class Quiet:
    """So many seconds, in all, for waiting and for doing things again."""

    def __init__(self, seconds: float, runs: int) -> None:
        """`runs` is how often `best` will be called: each may take its share, and some more."""
        self.end = self.until = time.monotonic() + seconds
        self.runs = runs
        self.needed = seconds > 0

    @property
    def left(self) -> bool:
        """Whether there is time yet for what is done now."""
        return self.needed and time.monotonic() < self.until

    def best(self, work: Callable[[], R]) -> R:
        """Do it when it is quiet, and again if it was disturbed; the one that was least so."""
        now = time.monotonic()
        share = MORE_THAN_FAIR * (self.end - now) / max(1, self.runs)
        self.until, self.runs = min(self.end, now + share), self.runs - 1
        self.wait()
        found = work()
        while self.left and found.others > DISTURBED:
            self.wait()
            found = min(found, work(), key=lambda one: one.others)
        return found

    def wait(self) -> None:
        """Return in a quiet moment, or when the time is up. Nothing of ours may be at work."""
        while self.left and psutil.cpu_percent(LOOK_SECONDS) / 100 > QUIET:
            pass
