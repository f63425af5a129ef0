"""Good clients beside an attack that keeps its thread busy."""

from course.attack.background import Background
from course.attack.victim import Unreachable, Victim


class Beside(Background):
    """Good clients, one after the other, as long as this context manager is entered."""

    def __init__(self, victim: Victim) -> None:
        super().__init__()
        self.victim = victim
        self._waits: list[float] = []
        self._failure: Unreachable | None = None

    def worst(self) -> float:
        """The longest that one had to wait; Unreachable where one waited in vain."""
        if self._failure:
            raise self._failure
        return max(self._waits)

    def work(self) -> None:
        """Ask, at least once."""
        try:
            while not self._waits or not self.over.is_set():
                self._waits.append(self.victim.good())
        except Unreachable as failure:
            self._failure = failure
