"""The course's page, served by the course's own server: step 04's request handling, in process.

A browser opens spare connections and stays silent on them, and step 04 serves one connection at a
time. So here each connection gets a thread of its own.
"""

import errno
import html
import importlib
import itertools
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from string import Template
from types import ModuleType
from typing import Any

from course import answers, progress
from course.commands import next_up
from course.environment import PROGRAM
from course.stage import Stage
from course.steps import CourseError, Exercise, Step, all_steps, find_step

SERVED_BY = "04"
PAGE = Path(__file__).with_name("page.html")
DEFAULT_PORT = 8000
PORTS_TRIED = 50

COMMANDS = (
    ("watch 01", "check your answers each time you save"),
    ("run 01", "run a step's server; --mine runs yours"),
    ("hint 01.1", "where to look, what to do, nearly the answer"),
    ("diff 02", "what a step changed"),
    ("wiretap 8081 127.0.0.1:8080", "see every byte between a client and a server"),
)


class Engine:
    """The modules of one step that take requests and answer them."""

    def __init__(self, step: Step) -> None:
        stage = Stage(step)
        with stage.on():
            self.listening, self.server, self.router, self.response = (
                importlib.import_module(name)
                for name in ("listening", "server", "router", "response")
            )


class Site:
    """The page behind a listening socket."""

    def __init__(self, host: str, port: int | None) -> None:
        """Listen on the port, or for None on 8000 or the next free one.

        CourseError where that cannot be.
        """
        self.engine = Engine(find_step(SERVED_BY))
        self.handler = self.engine.router.Router()
        self.handler.get("/")(self.home)
        self.listener = open_listener(self.engine.listening, host, port)
        self.port = int(self.listener.getsockname()[1])
        self.url = str(self.engine.listening.url(self.listener))

    def home(self, request: object) -> Any:
        """The page as it is at this moment: progress changes while it is served."""
        return self.engine.response.Response.html(page())

    def serve(self) -> None:
        """A thread for each connection, until Ctrl-C."""
        listening = self.engine.listening
        self.listener.settimeout(listening.ACCEPT_SECONDS)
        while True:
            try:
                connection, _ = self.listener.accept()
            except (TimeoutError, ConnectionAbortedError):
                continue
            work = (connection, self.talk, listening.SILENCE_SECONDS)
            threading.Thread(target=listening.attend, args=work, daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        """One connection, by the step's own code."""
        self.engine.server.serve_connection(connection, self.handler)


def open_listener(listening: ModuleType, host: str, port: int | None) -> socket.socket:
    """Listen on the port, or for None on the first free one from 8000 on."""
    if port is not None:
        return listen(listening.listen, host, port)
    for candidate in itertools.islice(itertools.count(DEFAULT_PORT), PORTS_TRIED):
        try:
            return listen(listening.listen, host, candidate)
        except PortTaken:
            continue
    return listen(listening.listen, host, 0)


class PortTaken(CourseError):
    """Somebody listens there already."""


def listen(how: Callable[[str, int], socket.socket], host: str, port: int) -> socket.socket:
    """Listen, or say in one line why not."""
    try:
        return how(host, port)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        kind = PortTaken if error.errno in (errno.EADDRINUSE, errno.EACCES) else CourseError
        raise kind(
            f"cannot listen on {host}:{port}: {reason}; try another --port (0 picks a free one)"
        ) from None


def page() -> str:
    """The whole page."""
    steps, base = all_steps(), answers.chosen_base()
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        served_by=SERVED_BY,
        next=what_next(next_up.next_exercise(steps, base), base),
        steps="\n".join(row(step, base) for step in steps),
        commands="\n".join(command(words, effect) for words, effect in COMMANDS),
    )


def what_next(found: tuple[Step, Exercise] | None, base: Path | None) -> str:
    """The card at the top."""
    if found is None:
        command = html.escape(next_up.own_server(all_steps()))
        return (
            f"<strong>Every exercise is done.</strong> It is your server now:\n<pre>{command}</pre>"
        )
    step, exercise = found
    readme = html.escape(answers.shown(step.path / "README.md"))
    function, where = map(html.escape, next_up.place(step, exercise, base))
    return (
        f"<strong>{exercise.id} {html.escape(exercise.title)}</strong>\n"
        f'<span class="soft">{exercise.minutes} minutes, {exercise.difficulty}</span>\n'
        f"<p>Read <code>{readme}</code>,\n"
        f"then write <code>{function}</code> in <code>{where}</code></p>\n"
        f"<pre>{html.escape(next_up.command(step))}</pre>"
    )


def row(step: Step, base: Path | None) -> str:
    """One step of the table."""
    summary = progress.summary(step, base)
    count = f"{summary.done} of {summary.total}"
    bar = f'<progress value="{summary.done}" max="{summary.total or 1}">{count}</progress>'
    return (
        f'<li><span class="number">{step.label}</span>'
        f'<span class="title">{html.escape(step.title)}</span>'
        f'<span class="done">{count}{bar}</span>'
        f'<span class="about">{html.escape(step.about)}</span></li>'
    )


def command(words: str, effect: str) -> str:
    """One command and what it does."""
    typed = html.escape(f"{PROGRAM} {words}")
    return f"<dt><code>{typed}</code></dt><dd>{html.escape(effect)}</dd>"
