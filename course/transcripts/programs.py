"""A program that is typed to, and whose output is read line by line."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from course.output import Output
from course.processes import Process, alive, stop_all_on_signals

PATIENCE_SECONDS = 60.0
"""How long a program may take for one line, or for its end: a busy machine is slow."""

INTERRUPT_SECONDS = 3.0
"""How long a program may take to end when it is interrupted."""

POLL_SECONDS = 0.02


class Unanswered(Exception):
    """What was waited for did not come; the message says what came instead."""


class Program(Process):
    """A shell's command line that runs; what it prints is taken from it in pieces, each once."""

    def __init__(self, command: str, cwd: Path, environ: Mapping[str, str]) -> None:
        self.replay = command
        self.whole_group = True
        self.popen = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=cwd,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0 if sys.platform != "win32" else None,
        )
        assert self.popen.stdin is not None and self.popen.stdout is not None
        self.input = self.popen.stdin
        self.output = Output(self.popen.stdout)
        self.taken = 0
        alive.add(self)
        stop_all_on_signals()

    def type(self, text: str) -> None:
        """Give it some input; one that ended already does not read it."""
        with suppress(OSError, ValueError):
            self.input.write(text.encode())
            self.input.flush()

    def line_with(self, text: str) -> str:
        """Wait for a whole line that has the text: what was printed up to its end.

        Raises Unanswered.
        """
        pattern = re.compile(re.escape(text) + r"[^\n]*\n")
        if not self.output.wait_for(lambda said: bool(self._match(pattern)), PATIENCE_SECONDS):
            new = self._new()
            if text in new and self.output.ended:
                return self.rest()
            raise Unanswered(f"{self.replay!r} printed no line with {text!r}, but:\n{new}")
        found = self._match(pattern)
        assert found is not None
        return self._take(found.end())

    def rest(self) -> str:
        """What it printed and nobody took yet."""
        return self._take(len(self._new()))

    def end_of_input(self) -> None:
        """Ctrl-D: no more is typed."""
        with suppress(OSError):
            self.input.close()

    def interrupt(self) -> None:
        """Ctrl-C, and harder where the one who started us has made Ctrl-C mean nothing."""
        self._signal_group(signal.SIGINT)
        self.output.wait_for(lambda _: False, INTERRUPT_SECONDS)
        if not self.has_ended():
            self._terminate()

    def finish(self) -> str:
        """Wait for its end: what it printed. Raises Unanswered where it does not end."""
        self.end_of_input()
        self.output.wait_for(lambda _: False, PATIENCE_SECONDS)
        until = time.monotonic() + INTERRUPT_SECONDS
        while self.running and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        if self.running:
            raise Unanswered(f"{self.replay!r} does not end; it printed:\n{self._new()}")
        return self.rest()

    def stop(self) -> None:
        """End it, and all that it started."""
        self.end_of_input()
        super().stop()

    def _new(self) -> str:
        return self.output.since()[self.taken :]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self._new())

    def _take(self, length: int) -> str:
        taken = self._new()[:length]
        self.taken += length
        return taken
