"""Good clients beside an attack that keeps its thread busy."""

import threading
from types import TracebackType
from typing import Self

from course.attack.victim import Unreachable, Victim


class Beside:
    """Good clients, one after the other, as long as this context manager is entered."""

    def __init__(self, victim: Victim) -> None:
        self.victim = victim
        self._over = threading.Event()
        self._waits: list[float] = []
        self._failure: Unreachable | None = None
        self._thread = threading.Thread(target=self._ask, name="good clients", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def worst(self) -> float:
        """The longest that one had to wait; Unreachable where one waited in vain."""
        if self._failure:
            raise self._failure
        return max(self._waits)

    def _ask(self) -> None:
        try:
            while not self._waits or not self._over.is_set():
                self._waits.append(self.victim.good())
        except Unreachable as failure:
            self._failure = failure
