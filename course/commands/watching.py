"""Tell when a file of the learner's was saved: by the system's own means, or by looking."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, watch

from course.answers import KEPT

QUIET_MS = 50
"""An editor may write a file in several goes: they are one change when it is quiet so long."""

LONGEST_MS = 400
LOOK_MS = 300
"""How often files are looked at where the system does not tell."""

STOP_MS = 500
"""How often the watcher sees that it shall stop."""


class Watcher:
    """Calls `saved` when files were saved, from a thread of its own, until stopped."""

    def __init__(self, folders: Sequence[Path], saved: Callable[[], None], *, poll: bool) -> None:
        self.folders = folders
        self.saved = saved
        self.poll = poll
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, name="watcher", daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Watch; where the system cannot (too many watches, a network drive), look instead."""
        try:
            self.follow(poll=self.poll)
        except (OSError, RuntimeError):
            if not self.poll:
                self.follow(poll=True)

    def follow(self, *, poll: bool) -> None:
        """Call for each batch of changes."""
        batches = watch(
            *self.folders,
            watch_filter=is_source,
            debounce=LONGEST_MS,
            step=QUIET_MS,
            stop_event=self.stopping,
            rust_timeout=STOP_MS,
            force_polling=poll or None,
            poll_delay_ms=LOOK_MS,
            raise_interrupt=False,
        )
        for _ in batches:
            self.saved()

    def stop(self) -> None:
        """Let the thread end, soon."""
        self.stopping.set()


def is_source(change: Change, path: str) -> bool:
    """Whether a changed file is one that somebody writes, and not one that a check leaves."""
    parts = Path(path).parts
    return path.endswith((".py", ".toml")) and KEPT not in parts and "__pycache__" not in parts
