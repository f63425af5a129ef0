"""Time limits where there are no threads and no signals: looked at whenever a loop goes round.

`course.limits` does the same with both. Python 3.12 and later say when code jumps back
(PEP 669), which is all that an endless loop does; an endless recursion ends by itself.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from course import limits
from course.limits import AGAIN_SECONDS, Stuck, TimeLimit

NAME = "the course's time limit"

CHECK_SECONDS = 5.0
"""What one check may take here: somebody looks at the page and waits."""

NEXT_SECONDS = 1.0
"""What the next ones may take when one took too long: it is likely the same loop."""


def install() -> None:
    """Let the checks' plugin, which is imported later, find these limits."""
    limits.time_limit = time_limit
    limits.watching = watching
    limits.lift = lift
    limits.CHECK_SECONDS = CHECK_SECONDS


@contextmanager
def time_limit(seconds: float, stuck: Stuck, log: object) -> Iterator[None]:
    """Raise TimeLimit in the block when it takes longer than `seconds`; again, if it goes on."""
    global _shortened
    alarm = Alarm(min(seconds, NEXT_SECONDS) if _shortened else seconds)
    _on_jumps(alarm)
    try:
        yield
    finally:
        _on_jumps(None)
        _shortened = _shortened or alarm.has_rung


@contextmanager
def watching() -> Iterator[None]:
    """For many limits one after the other: when one runs out, the next ones are shorter."""
    global _shortened
    _shortened = False
    yield
    _shortened = False


def lift() -> None:
    """Take the limit that runs away."""
    _on_jumps(None)


_shortened = False


class Alarm:
    """Rings when its time is up, and every now and then after that."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.has_rung = False
        self._clock = clock
        self._until = clock() + seconds

    def __call__(self, *place: object) -> None:
        """Look at the clock."""
        if self._clock() > self._until:
            self._until = self._clock() + AGAIN_SECONDS
            self.has_rung = True
            raise TimeLimit(self.seconds)


def _on_jumps(alarm: Alarm | None) -> None:
    """Have the alarm called at each jump, or nothing any more."""
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        tool = monitoring.PROFILER_ID
        if monitoring.get_tool(tool) is None:
            monitoring.use_tool_id(tool, NAME)
        monitoring.register_callback(tool, monitoring.events.JUMP, alarm)
        monitoring.set_events(tool, monitoring.events.JUMP if alarm else 0)
