"""Run a step's real checks where there are no sockets, no threads and no processes.

Checks that go over the wire are left out and counted, and so are those that turn out to need what
is not there. All others run as they do on a machine, with the same reports.
"""

import asyncio
import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

import pytest

from course import answers, closing, visible, xray
from course.playground import desk, serving
from course.playground.lines import Network
from course.run import RUN, Check, Run, all_passed
from course.steps import ROOT, find_step
from course.verdicts import BOLD, Text, Verdict

NEEDS_A_MACHINE = "run this on your machine: a page has no sockets and no threads"

OPTIONS = (
    "--color=yes",
    "--capture=sys",
    "-p",
    "no:cacheprovider",
    "--no-header",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "-W",
    "ignore:coroutine:RuntimeWarning",  # asyncio is left to a machine
)

NARROWEST, WIDEST = 60, visible.COLUMNS
"""How many columns a report may have: as many as a terminal's, or as the page has room for."""

FOREIGN_FIXTURES = frozenset({"server", "serve"})
"""The fixtures that a machine alone can provide: both start a server and connect to it."""


def run(label: str, edits: Mapping[str, str], only: str = "") -> dict[str, int]:
    """Check the step with the learner's changes, or one exercise of it; how many of each outcome.

    The outcomes are "passed", "failed", "waiting" (for what is not written yet) and "machine".
    """
    step = find_step(label)
    desk.lay_out(step, edits, whole=True)
    counter = Outcomes()
    target = f"steps/{only or step.label}"
    before = set(sys.modules)
    try:
        with (
            without_a_machine(),
            in_a_page(),
            closed_by(counter),
            serving.stand_ins(Network()),
        ):
            status = pytest.main([target, *OPTIONS], plugins=[counter])
    finally:
        forget(name for name in set(sys.modules) - before if _is_of_a_step(name))
    return {**counter.counts, "status": int(status)}


class Outcomes:
    """A plugin that leaves out what needs a machine, and counts how the others end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter(passed=0, failed=0, waiting=0, machine=0)
        self._run: Run | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what goes over the wire, as if this run had never heard of it."""
        self._run = config.stash[RUN]
        over_the_wire = [item for item in items if _wants_a_server(item)]
        items[:] = [item for item in items if item not in over_the_wire]
        for item in over_the_wire:
            self._leave_to_a_machine(item.nodeid)

    def pytest_report_teststatus(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> tuple[str, str, str] | None:
        """Don't mark what needs a machine among the dots."""
        return ("", "", "") if _needs_a_machine(report) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one check."""
        if _needs_a_machine(report):
            self._leave_to_a_machine(report.nodeid)
        elif report.failed:
            calm = type(report.longrepr).__name__ == "Calm"
            self.counts["waiting" if calm else "failed"] += 1
        elif report.passed and report.when == "call":
            self.counts["passed"] += 1

    def colour(self, *reporter: object) -> str:
        """The colour of the progress: what is not written yet is nothing to be alarmed at."""
        return "red" if self.counts["failed"] else "yellow" if self.counts["waiting"] else "green"

    def next(self, run: Run) -> Iterator[Text]:
        """The next thing to do: what the page can check comes first."""
        for step in run.steps():
            for exercise in step.exercises:
                checks = run.of(step, exercise)
                if checks and not all_passed(checks):
                    yield Text(f"next  {exercise.id} {exercise.title}: see above", BOLD)
                    return
        if any(check.outcome == "failed" for check in run.checks.values()):
            yield Text("next  mend what fails above", BOLD)
        elif count := self.counts["machine"]:
            words = "1 check needs" if count == 1 else f"{count} checks need"
            step = run.steps()[-1]
            yield Text(f"next  {words} a machine: pytest steps/{step.label}", BOLD)

    def _leave_to_a_machine(self, nodeid: str) -> None:
        """Count the check, and forget it: it has no say on its exercise."""
        self.counts["machine"] += 1
        if self._run:
            self._run.checks.pop(nodeid, None)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of checks that cannot be imported has failed too."""
        if report.failed:
            self.counts["failed"] += 1


def _wants_a_server(item: pytest.Item) -> bool:
    return not FOREIGN_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def _needs_a_machine(report: pytest.CollectReport | pytest.TestReport) -> bool:
    return report.skipped and NEEDS_A_MACHINE in str(report.longrepr)


@contextmanager
def without_a_machine() -> Iterator[None]:
    """A check that asks for a thread, a process or a program is left to a machine: no failure.

    For sockets there are stand-ins; a module that was imported before has the real ones.
    """
    with ExitStack() as stack:
        for owner, name in (
            (threading.Thread, "start"),
            (asyncio, "run"),  # a page has a loop of its own, which knows no sockets
            (socket, "create_connection"),
            (socket, "create_server"),
            (os, "mkfifo"),
            (os, "fork"),
        ):
            if hasattr(owner, name):
                stack.enter_context(patch.object(owner, name, _skip))
        yield


@contextmanager
def closed_by(outcomes: Outcomes) -> Iterator[None]:
    """Let the closing section say what comes next in a page, which counts the checks itself."""
    with (
        patch.object(closing, "_next", outcomes.next),
        patch.object(closing, "_bar", lambda run, step: Text("", {})),
        patch.object(pytest.TerminalReporter, "_determine_main_color", outcomes.colour),
        patch.object(pytest.TerminalReporter, "summary_stats", lambda reporter: None),
    ):
        yield


@contextmanager
def in_a_page() -> Iterator[None]:
    """Leave out what one would type in a terminal, and name files as the editor's tabs do."""
    row, also_failing, place, lines = (
        closing.exercise_row,
        closing.also_failing,
        closing.place_in_words,
        Verdict.lines,
    )

    def without_commands(verdict: Verdict, *, colour: bool = False) -> Iterator[Text]:
        return lines(replace(verdict, again="", hint=""), colour=colour)

    def in_short(run: Run, checks: Sequence[Check]) -> Iterator[Text]:
        for text, markup in also_failing(run, checks):
            yield Text(text.removesuffix(" (-v shows all)"), markup)

    columns = min(max(int(os.environ.get("COLUMNS", 0)) or WIDEST, NARROWEST), WIDEST)
    with ExitStack() as stack:
        for owner, name, stand_in in (
            (closing, "exercise_row", lambda *given: row(*given)._replace(hint="")),
            (closing, "also_failing", in_short),
            (closing, "place_in_words", lambda *given: place(*given).removeprefix("answers/")),
            (answers, "shown", tab),
            (Verdict, "lines", without_commands),
            (visible, "COLUMNS", columns),
            (xray, "COLUMNS", columns),
        ):
            stack.enter_context(patch.object(owner, name, stand_in))
        yield


def tab(path: Path) -> str:
    """A file's name in the editor: its path in the step's folder, whether answer or not."""
    parts = path.relative_to(ROOT / "steps").parts[1:] if path.is_relative_to(ROOT) else path.parts
    return "/".join(part for part in parts if part != "answers")


def _skip(*arguments: object, **options: object) -> NoReturn:
    pytest.skip(NEEDS_A_MACHINE)


def forget(names: Iterator[str] | Sequence[str]) -> None:
    """Let these modules be imported anew the next time."""
    for name in list(names):
        sys.modules.pop(name, None)


def _is_of_a_step(name: str) -> bool:
    """Whether a module that was imported came from a step's folder."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return bool(file) and Path(str(file)).is_relative_to(ROOT / "steps")
