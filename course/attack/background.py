"""What is done in a thread beside an attack, as long as a context manager is entered."""

import threading
from typing import Self


class Background:
    """Does its `work` in a thread while it is entered; `over` is set when that has to end."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.work, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.wake()
        self._thread.join()

    def work(self) -> None:
        """What the thread does, until `over` is set."""
        raise NotImplementedError

    def wake(self) -> None:
        """Let the thread see that it is over, where it waits for something else."""
