"""The course's command line as a program: run to its end, or started and talked to."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import ROOT, Result, run

PROGRAM = [sys.executable, "-c", "import sys; from course.cli import main; main(sys.argv[1:])"]
"""Past the set-up, so that a copy of the course can use this environment."""

SECONDS = 20
HELPS = ("PYTHONUNBUFFERED", "COURSE_ANSWERS", "FORCE_COLOR")
"""Settings under which a program would seem better than it is, or different."""


def course(*arguments: str, root: Path = ROOT, env: dict[str, str] | None = None) -> Result:
    """Run a command to its end."""
    return run([*PROGRAM, *arguments], root, env)


class Running:
    """A command that goes on; its output is read as it comes."""

    def __init__(self, arguments: tuple[str, ...], root: Path, env: dict[str, str]) -> None:
        surrounding = {name: value for name, value in os.environ.items() if name not in HELPS}
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=root,
            env=surrounding | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": ""} | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.said = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until the output matches; what it matches is then behind us."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.said)):
            try:
                self.said += self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {pattern!r} in:\n{self.said}") from None
        self.said = self.said[found.end() :]
        return found

    def end(self) -> None:
        """End the program, whatever it does, and close what leads to it."""
        self.process.kill()
        self.process.wait()
        self._reader.join(SECONDS)
        if self.process.stdout and not self._reader.is_alive():
            self.process.stdout.close()

    def interrupt(self, number: int = signal.SIGINT) -> int:
        """Press Ctrl-C; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def running(
    *arguments: str, root: Path = ROOT, env: dict[str, str] | None = None
) -> Iterator[Running]:
    """Start a command that goes on, and end it afterwards."""
    program = Running(arguments, root, env or {})
    try:
        yield program
    finally:
        program.end()
