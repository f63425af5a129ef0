"""Start servers, and know where they listen.

What is started here never outlives this process (see `course.processes`); a server that does
not start explains itself (see `course.not_started`).
"""

import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from course.not_started import (
    ServerNotStarted,
    cannot_run,
    gone,
    never_said,
    not_listening,
    nothing_answers,
)
from course.processes import Process
from course.steps import CourseError

__all__ = ["BadServer", "RunningServer", "ServerNotStarted", "attach", "start", "start_foreign"]

START_SECONDS = 10.0
"""A server of this course starts in a tenth of a second; a busy machine may take much longer."""

FOREIGN_START_SECONDS = 30.0
"""Servers in other languages may have to be compiled first."""

CONNECT_SECONDS = 2.0
"""A machine at the other end of the world answers sooner."""

EARLY_SECONDS = 1.0
"""How long a server may say that it serves before it does."""

POLL_SECONDS = 0.01

SERVING = re.compile(r"^Serving on http://(\[[^\]\s]+\]|[^:/\s]+):(\d+)/?\s*$", re.MULTILINE)

BUFFERED = {"PYTHONUNBUFFERED": ""}
"""Whether the line is flushed must not depend on who runs the checks."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where to reach a server that listens on all addresses."""


class BadServer(CourseError):
    """A `--server` or `--url` that cannot be used; the message is one clear line."""


@dataclass(eq=False)
class RunningServer:
    """A server at host and port; `own` is its process, None where it was only attached to."""

    host: str
    port: int
    own: Process | None = None
    _answered: bool = False
    _unreachable: ServerNotStarted | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The server's address: http://127.0.0.1:54321"""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The process, None for an attached server."""
        return self.own.popen if self.own else None

    @property
    def pid(self) -> int | None:
        """The number of the process, None for an attached server."""
        return self.own.popen.pid if self.own else None

    @property
    def alive(self) -> bool:
        """Is the process still running? An attached server is taken to be."""
        return self.own is None or self.own.running

    @property
    def printed(self) -> int:
        """How many bytes the server has printed so far: a position for `output`."""
        return self.own.output.position if self.own else 0

    def output(self, since: int = 0) -> str:
        """What the server printed, on stdout and stderr, from a position on."""
        return self.own.output.since(since) if self.own else ""

    def connect(self) -> socket.socket:
        """A new connection; raises ServerNotStarted where nothing answers.

        The first time, it waits a while: some servers say that they serve a moment too early.
        """
        if self._unreachable:
            raise self._unreachable.with_traceback(None)
        until = time.monotonic() + EARLY_SECONDS
        while True:
            try:
                connection = socket.create_connection((self.host, self.port), CONNECT_SECONDS)
            except OSError:
                if self._answered or not self.alive or time.monotonic() > until:
                    self._unreachable = self._not_reachable()
                    raise self._unreachable from None
                time.sleep(POLL_SECONDS)
            else:
                self._answered = True
                return connection

    def ask_to_stop(self) -> None:
        """Tell the process to end, if it is ours, and don't wait for that."""
        if self.own:
            self.own.ask_to_stop()

    def stop(self) -> None:
        """End the process, if it is ours; may be called again."""
        if self.own:
            self.own.stop()

    def _not_reachable(self) -> ServerNotStarted:
        if self.own is None or self._answered or not self.alive:
            return gone(self.own, self.url)
        return nothing_answers(self.own, self.url)


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    replay: str = "",
    deadline: float = START_SECONDS,
) -> RunningServer:
    """Start a server of the course and wait for its line `Serving on http://HOST:PORT`.

    `env` is added to this process's environment; `replay` is what a person types to start the
    server, should that not be the command. Raises ServerNotStarted.
    """
    process = _launch([os.fspath(word) for word in command], cwd, {**BUFFERED, **(env or {})})
    process.replay = replay or process.replay
    if not process.output.wait_for(lambda text: bool(SERVING.search(text)), deadline):
        failure = never_said(process, deadline)
        process.stop()
        raise failure
    found = SERVING.search(process.output.since())
    assert found is not None
    host = found[1].strip("[]")
    return RunningServer(EVERYWHERE.get(host, host), int(found[2]), process)


def start_foreign(
    template: str,
    *,
    cwd: str | os.PathLike[str] | None = None,
    deadline: float = FOREIGN_START_SECONDS,
) -> RunningServer:
    """Start a server in any language: `{port}` in its command stands for a free port.

    It is ready once it takes connections there; it need not print anything.
    Raises BadServer for a command that cannot be used, ServerNotStarted for one that fails.
    """
    port = free_port()
    command = [word.replace("{port}", str(port)) for word in split_command(template)]
    process = _launch(command, cwd, None, whole_group=True)
    server = RunningServer("127.0.0.1", port, process)
    until = time.monotonic() + deadline
    while not takes_connections("127.0.0.1", port):
        if not process.running or time.monotonic() > until:
            failure = not_listening(process, port, deadline)
            process.stop()
            raise failure
        time.sleep(POLL_SECONDS)
    server._answered = True
    return server


def attach(url: str) -> RunningServer:
    """A server that runs already at http://HOST:PORT; raises BadServer where none answers."""
    wrong = BadServer(f"{url!r} is not a server's address: write http://HOST:PORT")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        raise wrong from None
    if parts.scheme != "http" or not host or parts.path not in ("", "/") or parts.query:
        raise wrong
    if not takes_connections(host, port):
        raise BadServer(f"Nothing answers at {url}: start the server first, or mend the address")
    return RunningServer(host, port, _answered=True)


def split_command(template: str) -> list[str]:
    """The words of a `--server` command; raises BadServer for one without `{port}`."""
    example = 'such as --server "node server.js {port}"'
    try:
        words = split_words(template, posix=os.name == "posix")
    except ValueError as error:
        raise BadServer(f"Cannot read the command {template!r}: {error}; {example}") from None
    if not any("{port}" in word for word in words):
        reason = "needs {port} where the port belongs, as the checks choose a free one"
        raise BadServer(f"The command {template!r} {reason}; {example}")
    return words


def split_words(text: str, *, posix: bool) -> list[str]:
    """The words of a command line; a backslash is a plain character where paths are written so."""
    if posix:
        return shlex.split(text)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    lexer.quotes = '"'
    return list(lexer)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def takes_connections(host: str, port: int) -> bool:
    """Does somebody answer there?"""
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _launch(
    command: list[str],
    cwd: str | os.PathLike[str] | None,
    env: Mapping[str, str] | None,
    *,
    whole_group: bool = False,
) -> Process:
    try:
        return Process(command, cwd, env, whole_group=whole_group)
    except OSError as error:
        raise cannot_run(tuple(command), error) from None
