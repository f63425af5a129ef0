"""The site, served by the course's own server: the latest step, in process, a thread a connection.

A browser asks for many files at the same moment, and opens spare connections on which it stays
silent. The step's bounds, its time limits and its way to stop are the site's too.
"""

import errno
import html
import importlib
import itertools
import re
import socket
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

SERVED_BY = "08"
MODEL = "threads"
PAGE = Path(__file__).with_name("page.html")
PROGRESS = "/progress"
OK, NOT_FOUND = 200, 404
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

    error_pages: ModuleType
    errors: ModuleType
    file_types: ModuleType
    listening: ModuleType
    middleware: ModuleType
    response: ModuleType
    router: ModuleType
    serving: ModuleType
    sources: ModuleType
    static_files: ModuleType
    stopping: ModuleType

    def __init__(self, step: Step) -> None:
        stage = Stage(step)
        with stage.on():
            for name in self.__annotations__:
                setattr(self, name, importlib.import_module(name))


class Site:
    """A folder of pages, and the learner's progress, behind a listening socket."""

    def __init__(self, folder: Path, host: str, port: int | None) -> None:
        """Listen on the port, or for None on 8000 or the next free one.

        CourseError where that cannot be.
        """
        self.engine = Engine(find_step(SERVED_BY))
        self.files = self.engine.static_files.StaticFiles(folder)
        self.listener = open_listener(self.engine.listening, host, port)
        self.port = int(self.listener.getsockname()[1])
        self.url = str(self.engine.listening.url(self.listener))
        self.stop = self.engine.stopping.Stop()

    def serve(self) -> None:
        """Serve until the order to stop, and then what is in flight.

        Who wants signals to be that order does this inside `stop.on_signals()`.
        """
        options = self.engine.listening.options("")
        self.engine.serving.add_options(options)
        arguments = options.parse_args(["--model", MODEL])
        service = self.engine.serving.service_for(self.chain(), self.listener, self.stop, arguments)
        self.engine.serving.MODELS[MODEL](service)

    def close(self) -> None:
        """Give the sockets back."""
        self.listener.close()
        self.stop.close()

    def chain(self) -> Any:
        """The handler: the learner's progress, and files for all the rest."""
        router = self.engine.router.Router()
        router.get("/")(self.page)
        router.get(PROGRESS)(self.progress)
        router.get("/{path:path}")(self.page)
        return self.engine.middleware.Chain(
            self.engine.error_pages.ErrorPages(),
            self.lost,
            self.engine.sources.Routes(router),
            self.engine.sources.NotFound(),
        )

    def progress(self, request: object) -> Any:
        """The learner's progress as it is at this moment."""
        return self.engine.response.Response.html(progress_page())

    def page(self, request: Any, path: str = "") -> Any:
        """A file of the site."""
        return self.compressed(request, path) or self.files(request, path)

    def lost(self, request: Any, rest: Callable[[Any], Any]) -> Any:
        """A link of the chain: where there is nothing, the site's own page says so."""
        try:
            return rest(request)
        except self.engine.errors.HTTPError as error:
            page = self.files.root / "404.html"
            if error.status != NOT_FOUND or not page.is_file():
                raise
            content = page.read_text(encoding="utf-8")
            return self.engine.response.Response.html(content, NOT_FOUND)

    def compressed(self, request: Any, path: str) -> Any:
        """The file as the build compressed it, where it did and the client takes that; else None.

        It is a representation of its own: it has its own ETag, and caches must know what it
        depends on (RFC 9110, sections 8.4 and 12.5.5).
        """
        name = path + "index.html" if not path or path.endswith("/") else path
        if not takes_gzip(request.fields.get("Accept-Encoding")):
            return None
        if not (self.files.root / f"{name}.gz").is_file():
            return None
        response = self.files(request, f"{name}.gz")
        response.fields["Vary"] = "Accept-Encoding"
        if response.status == OK:
            response.fields["Content-Type"] = self.engine.file_types.type_of(name)
            response.fields["Content-Encoding"] = "gzip"
        return response


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client that says so takes gzip: it is named, and not with a weight of 0."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return not re.fullmatch(r"0(\.0*)?", weight)
    return False


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


def progress_page() -> str:
    """The page that shows how far the learner has come."""
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
    chapter = html.escape(f"chapters/{step.name}/#{exercise.section}")
    function, where = map(html.escape, next_up.place(step, exercise, base))
    return (
        f"<strong>{exercise.id} {html.escape(exercise.title)}</strong>\n"
        f'<span class="soft">{exercise.minutes} minutes, {exercise.difficulty}</span>\n'
        f'<p>Read <a href="{chapter}">its section of the chapter</a>,\n'
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
        f'<a class="title" href="chapters/{step.name}/">{html.escape(step.title)}</a>'
        f'<span class="done">{count}{bar}</span>'
        f'<span class="about">{html.escape(step.about)}</span></li>'
    )


def command(words: str, effect: str) -> str:
    """One command and what it does."""
    typed = html.escape(f"{PROGRAM} {words}")
    return f"<dt><code>{typed}</code></dt><dd>{html.escape(effect)}</dd>"
