"""The part of the pytest plugin that speaks: verdicts, the closing section, the progress."""

import contextlib
from collections.abc import Generator, Sequence

import pytest
from _pytest.terminal import WarningReport

from course import closing, verdicts
from course.limits import TimeLimit
from course.run import CHECK, RUN, Check, NotWritten, Run, unwritten_in
from course.steps import CourseError
from course.verdicts import Calm, Text, Verdict
from course.visible import Alphabet
from course.xray import CheckFailure

HANGS = ("hangs", "not closed")
"""The kinds of flaws for which a check has waited in vain."""

NO_FAILURE = (pytest.skip.Exception, pytest.xfail.Exception)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a failure into a verdict."""
    check = item.stash.get(CHECK, None)
    if check is None:
        return (yield)
    run = item.config.stash[RUN]
    verdict = _verdict(run, item, check, call)
    if verdict:  # pytest's own representation takes a while, and would be thrown away
        item.repr_failure = lambda excinfo, style=None: verdict  # type: ignore
    report = yield
    if verdict:
        report.longrepr = verdict  # type: ignore[assignment]  # all it needs is toterminal()
        report.sections = [(name, verdicts.trimmed(text)) for name, text in report.sections]
    if report.failed and not run.learner and _is_random(item):
        report.sections.append(("random inputs", f"repeat them with: --seed {run.seed}"))
    _note_outcome(check, report, verdict)
    return report


def _note_outcome(check: Check, report: pytest.TestReport, verdict: object) -> None:
    if report.failed:
        check.outcome = "failed" if not isinstance(verdict, Calm) else verdict.outcome
    elif report.skipped:
        check.outcome = check.outcome or "skipped"
    elif report.when == "call":
        check.outcome = "passed"


def _verdict(
    run: Run, item: pytest.Item, check: Check, call: pytest.CallInfo[None]
) -> Verdict | Calm | None:
    """What to say in place of pytest's traceback; None where that is to stand."""
    error = call.excinfo.value if call.excinfo else None
    if error is None or not run.learner or isinstance(error, NO_FAILURE):
        return None
    check.hung = isinstance(error, CheckFailure) and error.xray.flaw.kind in HANGS
    if isinstance(error, TimeLimit):
        run.ran_out_of_time(check)
    if isinstance(error, NotWritten) and check.exercise:
        return Calm(closing.exercise_row(run, check.step, check.exercise).text(), "closed")
    if exercise := unwritten_in(error):
        check.waits_for = exercise
        return Calm(f"waits for exercise {exercise}", "waits")
    if _own_traceback(item.config):
        return None
    seed = f" --seed {run.seed}" if _is_random(item) else ""
    return Verdict(
        promise=verdicts.promise(getattr(item, "obj", None), check.name),
        error=error,
        comparison=tuple(run.comparison),
        frames=verdicts.frames_of(error, run.roots),
        again=f"pytest {check.replay}{seed}{run.answers_option}",
        look=run.places(check),
        hint=f"python -m course hint {check.exercise.id}" if check.exercise else "",
    )


def _is_random(item: pytest.Item) -> bool:
    return "rng" in getattr(item, "fixturenames", ())


def _own_traceback(config: pytest.Config) -> bool:
    """Whether the user asked for one of pytest's own styles."""
    arguments = config.invocation_params.args
    return config.option.tbstyle != "auto" or any(str(one).startswith("--tb") for one in arguments)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str | tuple[str, dict[str, bool]]] | None:
    """Count what fails before a check could begin as failed, and show calm verdicts calmly."""
    run = config.stash[RUN]
    check = run.checks.get(report.nodeid)
    if check is None or not run.learner or not report.failed or report.when == "teardown":
        return None
    if isinstance(report.longrepr, Calm):
        return "failed", "-", ("NOT YET", {"yellow": True})
    return "failed", "F", "FAILED"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
    """Note what is done."""
    run = session.config.stash[RUN]
    run.status = int(exitstatus)
    if run.learner and run.write:
        with contextlib.suppress(CourseError):  # the answers may lie where nobody can write
            run.save_progress()
    return (yield)


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Show where two texts part, and keep it: pytest shows the first lines of it only."""
    run = config.stash[RUN]
    run.comparison = (verdicts.compared(op, left, right) or []) if run.running else []
    return run.comparison or None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, None, None]:
    """Report each failing check once, then close with each step's exercises."""
    run = config.stash[RUN]
    if not run.learner or not run.ran:
        return (yield)
    stats, verbose = terminalreporter.stats, config.option.verbose
    failed = stats.get("failed", [])
    wrong = sorted(
        (report for report in failed if not isinstance(report.longrepr, Calm)),
        key=lambda report: _order(run.checks.get(report.nodeid)),
    )
    everything = verbose > 0 or _own_traceback(config)
    reports = wrong if everything else _worth_reading(run, wrong)
    stats["failed"] = reports
    stats["warnings"] = _not_of(failed, stats.get("warnings", []))
    try:
        result = yield
    finally:
        stats["failed"] = failed
        if not failed:
            del stats["failed"]  # its mere presence makes pytest's last line a red one
    if verbose > -2:
        left_out = [run.checks[report.nodeid] for report in wrong if report not in reports]
        blank = [Text("", {})] if terminalreporter.currentfspath is None else []
        columns = terminalreporter._tw.fullwidth if terminalreporter.isatty else None
        closing_lines = closing.closing(run, brief=verbose < 0, columns=columns)
        for text, markup in [*closing.also_failing(run, left_out), *blank, *closing_lines]:
            terminalreporter.write_line(Alphabet().plain(text), **markup)
    return result


def _not_of(
    failed: Sequence[pytest.TestReport], warnings: Sequence[WarningReport]
) -> list[WarningReport]:
    """The warnings without those from checks that failed, whose threads met the same mistake."""
    names = {report.nodeid for report in failed}
    return [warning for warning in warnings if warning.nodeid not in names]


def _worth_reading(run: Run, reports: Sequence[pytest.TestReport]) -> list[pytest.TestReport]:
    """The most telling report on each exercise; those that only follow from it are left out.

    What belongs to no exercise counts once the exercises are right.
    """
    groups: dict[tuple[int, str | None], list[pytest.TestReport]] = {}
    others = []
    for report in reports:
        check = run.checks.get(report.nodeid)
        if check is None:
            others.append(report)
        elif check.exercise or not run.has_wrong_exercise(check.step):
            groups.setdefault(check.belongs, []).append(report)
    best = [min(group, key=lambda one: _remoteness(one.longrepr)) for group in groups.values()]
    return others + best


def _remoteness(verdict: object) -> int:
    """How far from the mistake a report is, the most telling ones first."""
    return verdict.remoteness if isinstance(verdict, Verdict) else 0


def _order(check: Check | None) -> tuple[int, int]:
    """Steps in their order, their exercises in theirs, then what belongs to no exercise."""
    if check is None:
        return (0, 0)
    exercises = check.step.exercises
    place = exercises.index(check.exercise) if check.exercise else len(exercises)
    return (check.step.number, place)
