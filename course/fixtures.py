"""What a check may ask for: the step's server, other servers like it, and random inputs."""

import os
import random
import sys
from collections.abc import Iterator
from typing import Protocol

import pytest

from course.replay import Replay
from course.run import CHECK, RUN, Run
from course.servers import RunningServer, attach, start, start_foreign
from course.steps import ROOT, Step
from course.wire import Server, ServerNotStarted

START_SECONDS = 8.0
"""Less than a check may take, so that a server that says nothing is named as the reason."""


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
        return Server(self._running[key], self._replay(step, script))

    def stop(self, step: Step, script: str, args: tuple[str, ...]) -> None:
        """Stop one server; the next check that needs it gets a new one."""
        if running := self._running.pop((step.label, script, *args), None):
            running.stop()

    def stop_all(self) -> None:
        """Stop every server that was started."""
        while self._running:
            self._running.popitem()[1].stop()

    def _start(self, step: Step, script: str, args: tuple[str, ...]) -> RunningServer:
        foreign = self._run.foreign
        if foreign:
            return attach(foreign) if self._run.attached else start_foreign(foreign)
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        command = [*self._command(step, script), "--host", "127.0.0.1", "--port", "0", *args]
        return start(command, cwd=step.path, env={"PYTHONPATH": path}, deadline=START_SECONDS)

    def _command(self, step: Step, script: str) -> list[str]:
        if not self._run.learner and script in step.modules:
            return [sys.executable, str(step.modules[script])]
        whose = ["--mine"] if self._run.learner else []
        if self._run.base:
            whose += ["--answers", str(self._run.base)]
        stage = [sys.executable, "-m", "course.stage", step.label, *whose]
        return [*stage, "--script", script, "--"]

    def _replay(self, step: Step, script: str) -> Replay:
        if self._run.foreign:
            address = {"url" if self._run.attached else "command": self._run.foreign}
            return Replay(**address)  # type: ignore[arg-type]  # both are strings
        return Replay(step.label, self._run.learner, script)


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
        return _servers.get(*used[-1])

    yield get
    if check.outcome == "failed":  # who knows what state the server is in
        for one in used:
            _servers.stop(*one)


@pytest.fixture
def server(serve: Serve) -> Server:
    """The step's server, running."""
    return serve()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random inputs; a failure prints the seed that repeats them."""
    return request.config.stash[RUN].random(request.node.stash[CHECK].name)
