"""What a running server prints: read all the time, so that it never blocks, and kept in bounds."""

import itertools
import re
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent

KEPT_BYTES = 256 * 1024
"""The end of the output that is kept: a server that logs for hours must not fill our memory."""

HEADER = "Traceback (most recent call last):\n"
FRAME = re.compile(r'  File "(?P<file>[^"]+)", line \d+')

MACHINERY = tuple(
    str(Path(path)) for path in {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")}
)


class Output:
    """The merged output of a process; a thread takes it from the pipe as it comes."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self._dropped = 0
        self._changed = threading.Condition()
        self.ended = False
        self._thread = threading.Thread(target=self._drain, name="server output", daemon=True)
        self._thread.start()

    @property
    def position(self) -> int:
        """How many bytes have come so far."""
        with self._changed:
            return self._dropped + len(self._kept)

    def since(self, position: int = 0) -> str:
        """The text that came after `position`, as far as it is kept."""
        with self._changed:
            kept = bytes(self._kept[max(0, position - self._dropped) :])
        return kept.decode("utf-8", "replace").replace("\r\n", "\n")

    def wait_for(self, found: Callable[[str], bool], seconds: float, position: int = 0) -> bool:
        """Wait until the text after `position` satisfies `found`, or the output has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended or found(self.since(position)), seconds)
        return found(self.since(position))

    def close(self) -> None:
        """Read the rest; a grandchild that holds the pipe open gets a second, and no more."""
        self._thread.join(1.0)
        if not self._thread.is_alive():
            self._pipe.close()

    def _drain(self) -> None:
        while data := self._read():
            with self._changed:
                self._kept += data
                excess = max(0, len(self._kept) - KEPT_BYTES)
                del self._kept[:excess]
                self._dropped += excess
                self._changed.notify_all()
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _read(self) -> bytes:
        try:
            return self._pipe.read1(65536)  # type: ignore[attr-defined, no-any-return]
        except (OSError, ValueError):
            return b""


def last_traceback(text: str) -> str:
    """What follows the header of the last traceback; "" where there is none.

    A log may have it indented: then it ends with the indentation, which is left out.
    """
    _, header, rest = text.rpartition(HEADER)
    if not header:
        return ""
    indent = re.search(r"[ \t]*$", text[: -len(rest) - len(HEADER)])
    assert indent is not None  # nothing at all is found, too
    lines = itertools.takewhile(lambda line: line.startswith(indent[0]), rest.splitlines(True))
    return "".join(line.removeprefix(indent[0]) for line in lines)


def has_whole_traceback(text: str) -> bool:
    """Is there a traceback, up to its last line, the one that names the error?"""
    rest = last_traceback(text)
    lines = rest.splitlines()
    return bool(lines) and not lines[-1].startswith(" ") and rest.endswith("\n")


def traceback_in(text: str) -> str:
    """The last traceback in the output, without the frames of Python's own machinery; or ""."""
    rest = last_traceback(text)
    if not rest:
        return ""
    kept: list[str] = []
    skipping = False
    for line in rest.splitlines():
        if frame := FRAME.match(line):
            skipping = is_machinery(frame["file"])
        elif not line.startswith(" "):
            skipping = False
        if not skipping:
            kept.append(line)
    return short_paths(HEADER + "\n".join(kept))


def is_machinery(file: str) -> bool:
    """Does this file belong to Python or to the course, rather than to a server?"""
    own = str(ROOT / "course")
    return file.startswith(("<frozen ", own, *MACHINERY))


def short_paths(text: str) -> str:
    """The text with the paths inside the repository written from its root."""
    return text.replace(f"{ROOT}\\", "").replace(f"{ROOT}/", "")
