"""All cases against one server: several at a time, each worker with a server of its own."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from course.commands.run import command_for
from course.conformance.cases import Case
from course.conformance.judging import judged
from course.conformance.roles import NONE
from course.conformance.talking import CannotAsk, tried
from course.processes import stop_all_on_signals
from course.scorecard import Finding
from course.servers import RunningServer, ServerNotStarted, start
from course.steps import Step

WORKERS = 6
"""Much of the time goes by in waiting: for a 408, or for a server that does not answer."""

READ_SECONDS = "2"
"""The time limit that our servers are started with."""

IDLE_SECONDS = "60"
"""Longer than a case takes: a connection that has to end does not end for this reason."""

Start = Callable[[], RunningServer]
Results = dict[str, str | None]
"""For each case what was wrong, "" where nothing was, and None where it does not apply."""


@dataclass(frozen=True)
class Subject:
    """What is tested: how to start a server of it, where it has what, how many may be started."""

    start: Start
    roles: Mapping[str, str]
    workers: int = 1
    own: bool = False
    """Whether it was started with our time limits."""


def step_subject(step: Step, roles: Mapping[str, str], *, mine: bool = False) -> Subject:
    """A step's server, the reference or the learner's."""
    options = ["--port", "0", "--read-timeout", READ_SECONDS]
    options += ["--idle-timeout", IDLE_SECONDS] if "limits" in step.modules else []
    command = command_for(step, script_of(step), options, mine=mine)
    return Subject(lambda: start(command), roles, WORKERS, own=True)


def script_of(step: Step) -> str:
    """The script that speaks HTTP: the first step's server is an echo."""
    return "server" if step.number > 1 else "hello"


def run(
    subject: Subject,
    cases: Sequence[Case],
    tell: Callable[[Case], None] = lambda case: None,
    hear: Callable[[bytes], None] = lambda received: None,
) -> Results:
    """Try all cases; `tell` hears of each that is done, and `hear` all that came back each time.

    ServerNotStarted where none starts.
    """
    waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
    for case in sorted(cases, key=lambda case: -_patience(case)):
        waiting.put(case)
    found: Results = {}
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with started(subject) as server:
                for case in _all_of(waiting):
                    if not failures:
                        found[case.id] = attempt(case, subject, server, hear)
                        tell(case)
        except BaseException as error:
            failures.append(error)

    stop_all_on_signals()  # the threads that start the servers cannot see to that
    workers = min(subject.workers, len(cases))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return {case.id: found[case.id] for case in cases}


@contextmanager
def started(subject: Subject) -> Iterator[RunningServer]:
    """A server, stopped in the end."""
    server = subject.start()
    try:
        yield server
    finally:
        server.stop()


def attempt(
    case: Case, subject: Subject, server: RunningServer, hear: Callable[[bytes], None]
) -> str | None:
    """Try one case, whole and byte by byte if it is meant so; the first thing that is wrong."""
    if case.own and not subject.own:
        return None
    if any(subject.roles[role] == NONE for role in case.roles):
        return None
    for drip in (False, True)[: 1 + case.drip]:
        try:
            outcome = tried(case, subject.roles, server.connect, drip=drip)
            hear(outcome.received)
            wrong = judged(case, outcome)
        except CannotAsk as error:
            wrong = str(error)
        except ServerNotStarted:
            wrong = "the server is gone"
        if wrong:
            return f"byte by byte: {wrong}" if drip else wrong
    return ""


def findings(cases: Sequence[Case], results: Mapping[str, str | None]) -> list[Finding]:
    """The results as rows of a scorecard."""
    return [_finding(case, results[case.id]) for case in cases]


def _finding(case: Case, wrong: str | None) -> Finding:
    if wrong is None:
        return Finding(case.id, case.title, case.section, "not applicable")
    return Finding(case.id, case.title, case.section, "failed" if wrong else "passed", wrong)


def _patience(case: Case) -> int:
    """Those that wait come first, so that they wait beside the others."""
    return case.own + ("word" in case.wait) + ("slow" in case.roles)


def _all_of(waiting: "queue.SimpleQueue[Case]") -> Iterator[Case]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
