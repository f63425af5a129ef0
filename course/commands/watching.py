"""Tell when a file of the learner's was saved: by the system's own means, or by looking."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, watch

from course.answers import KEPT

QUIET_MS = 50
"""An editor may write a file in several goes: they are one change when it is quiet so long."""

LONGEST_MS = 400
STOP_MS = 500
"""How often the watcher sees that it shall stop."""

LOOK_SECONDS = 0.3
"""How often files are looked at where the system does not tell."""

Glance = dict[Path, tuple[int, int]]


class Watcher:
    """Calls `saved` when files were saved, from a thread of its own, until stopped.

    With `poll` it looks at the files again and again: slower, and sure on every drive.
    """

    def __init__(self, folders: Sequence[Path], saved: Callable[[], None], *, poll: bool) -> None:
        self.folders = folders
        self.saved = saved
        self.stopping = threading.Event()
        self.first = self.glance()
        work = self.look if poll else self.listen
        self.thread = threading.Thread(target=work, name="watcher", daemon=True)
        self.thread.start()

    def listen(self) -> None:
        """Let the system tell; where it cannot (too many watches, a network drive), look."""
        batches = watch(
            *self.folders,
            watch_filter=is_source,
            debounce=LONGEST_MS,
            step=QUIET_MS,
            stop_event=self.stopping,
            rust_timeout=STOP_MS,
            raise_interrupt=False,
        )
        try:
            for _ in batches:
                self.saved()
        except (OSError, RuntimeError):
            self.look()

    def look(self) -> None:
        """Compare each glance with the one before."""
        before = self.first
        while not self.stopping.wait(LOOK_SECONDS):
            now = self.glance()
            if now != before:
                self.saved()
            before = now

    def glance(self) -> Glance:
        """When each file was last written, and how long it is."""
        found: Glance = {}
        for folder in self.folders:
            for path in folder.rglob("*"):
                if is_source(Change.modified, str(path)):
                    try:
                        status = path.stat()
                    except OSError:
                        continue  # gone since it was listed: that is a change too
                    found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def stop(self) -> None:
        """Let the thread end, soon."""
        self.stopping.set()


def is_source(change: Change, path: str) -> bool:
    """Whether a changed file is one that somebody writes, and not one that a check leaves."""
    parts = Path(path).parts
    return path.endswith((".py", ".toml")) and KEPT not in parts and "__pycache__" not in parts
