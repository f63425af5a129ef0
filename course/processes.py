"""Processes that are always stopped, and whose output never blocks them.

None outlives this one: not after an exception, Ctrl-C, SIGTERM or a closed terminal.
"""

import atexit
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from course.output import Output, short_paths

STOP_SECONDS = 3.0
"""How long a server may take to finish what it does before it is killed."""

ENDING_SECONDS = 0.25
"""How long the end of a process comes after the end of its output, or the other way round."""

alive: set["Process"] = set()
"""Every process that was started here and not stopped yet."""


class Process:
    """A running command. `whole_group` also ends, with it, whatever it started in its turn.

    Raises OSError where the command cannot be run. `env` is added to this process's environment.
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        *,
        whole_group: bool = False,
    ) -> None:
        own: dict[str, Any] = (
            {"process_group": 0} if whole_group and sys.platform != "win32" else {}
        )
        self.replay = spoken(command)
        self.whole_group = whole_group
        self.popen = subprocess.Popen(
            [shutil.which(command[0]) or command[0], *command[1:]],
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **own,
        )
        assert self.popen.stdout is not None
        self.output = Output(self.popen.stdout)
        alive.add(self)
        stop_all_on_signals()

    @property
    def running(self) -> bool:
        """Has it not ended yet?"""
        return self.popen.poll() is None

    @property
    def ending(self) -> str:
        """How it ended: "ended with exit code 1"; "" while it runs."""
        code = self.popen.poll()
        if code is None:
            return ""
        return f"was ended by {signal_name(-code)}" if code < 0 else f"ended with exit code {code}"

    @property
    def succeeded(self) -> bool:
        """Has it ended with exit code 0?"""
        return self.popen.poll() == 0

    def has_ended(self, seconds: float = 0) -> bool:
        """Has it ended, or does it within so long? Then all that it printed is there to read.

        One that closed its output is most likely about to end, and is given the time.
        """
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(max(seconds, ENDING_SECONDS if self.output.ended else 0))
        if not self.running:
            self.output.wait_for(lambda _: False, ENDING_SECONDS)
        return not self.running

    def ask_to_stop(self) -> None:
        """Tell it that it should end, and don't wait for that; may be called again."""
        if self.running:
            self._terminate()

    def stop(self) -> None:
        """End it, gently at first; may be called again."""
        self.ask_to_stop()
        self.output.wait_for(lambda _: False, ENDING_SECONDS)  # sooner than `wait`, which polls
        try:
            self.popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(STOP_SECONDS)
        if self.whole_group:
            self._kill_the_rest()
        self.output.close()
        alive.discard(self)

    def _terminate(self) -> None:
        if not self.whole_group:
            self.popen.terminate()
        elif sys.platform == "win32":
            command = ["taskkill", "/F", "/T", "/PID", str(self.popen.pid)]
            subprocess.run(command, check=False, capture_output=True)
        else:
            self._signal_group(signal.SIGTERM)

    def _kill_the_rest(self) -> None:
        """What the command left behind in its group; Windows ended that with the command."""
        if sys.platform != "win32":
            self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: int) -> None:
        if sys.platform != "win32":
            # Perhaps nobody is left in it; macOS says "not permitted" of a zombie.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, number)


def signal_name(number: int) -> str:
    """SIGKILL for 9; the number where it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def spoken(command: Sequence[str]) -> str:
    """The command as a person would type it in the repository's root."""
    words = ["python" if word == sys.executable else short_paths(word) for word in command]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def stop_all() -> None:
    """Stop every process that is still there: they end side by side."""
    for process in list(alive):
        process.ask_to_stop()
    for process in list(alive):
        process.stop()


atexit.register(stop_all)


def stop_all_on_signals() -> None:
    """A signal that ends this process must not leave servers behind; `atexit` would not run."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop_all_and_die)


def stop_all_and_die(number: int, frame: FrameType | None) -> None:
    """Stop the servers, then end as the signal would have ended this process."""
    stop_all()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
