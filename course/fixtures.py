"""What a check may ask for: the step's server, other servers like it, and random inputs."""

import os
import random
import sys
from collections.abc import Generator, Iterator
from typing import Protocol

import pytest

from course.connection import QUIET_SECONDS
from course.output import traceback_in
from course.replay import Replay
from course.run import CHECK, RUN, Run
from course.servers import RunningServer, attach, start, start_foreign
from course.steps import ROOT, Step
from course.wire import CheckFailure, Server, ServerNotStarted
from course.xray import Flaw, XRay

HANGING_SECONDS = 0.5
"""How long to wait for a server that has hung before: nobody waits the whole time each time."""

START_SECONDS = 8.0
"""Less than a check may take, so that a server that says nothing is named as the reason."""


SERVERS = pytest.StashKey[list[tuple[RunningServer, int]]]()
"""The servers that a check has used, and how much each had printed before."""

NOT_CAUGHT = Flaw(
    "traceback",
    "the server's code failed while this check ran, though its client noticed nothing",
    advice="An error that a client can cause is caught where one knows what to do about it.",
)


class Serve(Protocol):
    """What the fixture `serve` is."""

    def __call__(self, *args: str, script: str = "server") -> Server:
        """The step's server with other options, or another of its scripts."""


class Servers:
    """The servers of a run: one for each step, script and options, started when first needed."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._running: dict[tuple[str, ...], RunningServer] = {}
        self._failures: dict[tuple[str, ...], ServerNotStarted] = {}
        self._hanging: set[tuple[str, str]] = set()

    def get(self, step: Step, script: str, args: tuple[str, ...]) -> Server:
        """The server; one that died is started again.

        Raises ServerNotStarted, and again for each check: nobody waits twice for the same server.
        """
        key = (step.label, script, *args)
        if key in self._failures:
            raise self._failures[key].with_traceback(None)
        if key in self._running and not self._running[key].alive:
            self.stop(step, script, args)
        if key not in self._running:
            try:
                self._running[key] = self._start(step, script, args)
            except ServerNotStarted as failure:
                self._failures[key] = failure
                raise
        deadline = HANGING_SECONDS if key[:2] in self._hanging else QUIET_SECONDS
        return Server(self._running[key], self._replay(step, script, args), deadline=deadline)

    def hangs(self, step: Step, script: str) -> None:
        """The learner's script let a check wait in vain."""
        if self._run.learner:
            self._hanging.add((step.label, script))

    def stop(self, step: Step, script: str, args: tuple[str, ...]) -> None:
        """Stop one server; the next check that needs it gets a new one."""
        if running := self._running.pop((step.label, script, *args), None):
            running.stop()

    def stop_all(self) -> None:
        """Stop every server that was started: they end side by side."""
        for running in self._running.values():
            running.ask_to_stop()
        while self._running:
            self._running.popitem()[1].stop()

    def _start(self, step: Step, script: str, args: tuple[str, ...]) -> RunningServer:
        foreign = self._run.foreign
        if foreign:
            return attach(foreign) if self._run.attached else start_foreign(foreign)
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [*self._command(step, script), "--host", "127.0.0.1", "--port", "0", *args]
        words = ["python", "-m", "course", "run", step.label, *["--mine"] * self._run.learner]
        words += ["--script", script] if script != "server" else []
        return start(
            command,
            cwd=step.path,
            env={"PYTHONPATH": path},
            replay=" ".join([*words, *args]),
            deadline=START_SECONDS,
        )

    def _command(self, step: Step, script: str) -> list[str]:
        if not self._run.learner and script in step.modules:
            return [sys.executable, str(step.modules[script])]
        whose = ["--mine"] if self._run.learner else []
        if self._run.base:
            whose += ["--answers", str(self._run.base)]
        stage = [sys.executable, "-m", "course.stage", step.label, *whose]
        return [*stage, "--script", script, "--"]

    def _replay(self, step: Step, script: str, args: tuple[str, ...]) -> Replay:
        if self._run.foreign:
            address = {"url" if self._run.attached else "command": self._run.foreign}
            return Replay(**address)  # type: ignore[arg-type]  # both are strings
        return Replay(step.label, self._run.learner, script, args)


@pytest.fixture(scope="session")
def _servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    servers = Servers(pytestconfig.stash[RUN])
    yield servers
    servers.stop_all()


@pytest.fixture
def serve(request: pytest.FixtureRequest, _servers: Servers) -> Iterator[Serve]:
    """Start the step's server with other options, or another script: `serve(script="hello")`."""
    check, run = request.node.stash[CHECK], request.config.stash[RUN]
    used: list[tuple[Step, str, tuple[str, ...]]] = []

    def get(*args: str, script: str = "server") -> Server:
        if run.foreign and (args or script != "server"):
            pytest.skip("needs the step's own server with other options, or another script of it")
        used.append((check.step, script, args))
        server = _servers.get(*used[-1])
        request.node.stash[SERVERS].append((server.running, server.running.printed))
        return server

    request.node.stash[SERVERS] = []
    yield get
    if check.outcome == "failed":  # who knows what state the server is in
        for step, script, args in used:
            _servers.stop(step, script, args)
            if check.hung:
                _servers.hangs(step, script)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A traceback in a server's output is a failure, even if its client noticed nothing."""
    result = yield
    if not pyfuncitem.config.stash[RUN].foreign:
        for running, since in pyfuncitem.stash.get(SERVERS, ()):
            if output := traceback_in(running.output(since)):
                raise CheckFailure(XRay(NOT_CAUGHT, output=output))
    return result


@pytest.fixture
def server(serve: Serve) -> Server:
    """The step's server, running."""
    return serve()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random inputs; a failure prints the seed that repeats them."""
    return request.config.stash[RUN].random(request.node.stash[CHECK].name)
