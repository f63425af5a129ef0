"""The pytest plugin: `pytest steps/04` checks the learner's own server, and teaches as it fails.

It puts each step's modules on stage for its checks, writes missing starters, leaves the checks of
exercises that are not written yet unrun, and turns failures into reports.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import FrameType

import pytest

from course import answers, selection
from course.limits import CHECK_SECONDS, lift, lost_threads, time_limit, watching
from course.processes import stop_all
from course.run import CHECK, RUN, Check, NotWritten, Run, exercise_of
from course.servers import attach, split_command
from course.steps import CourseError, Exercise, Step
from course.visible import Alphabet

pytest_plugins = ["course.reporting", "course.fixtures"]

LOG = pytest.StashKey[int]()

FOREIGN_FIXTURES = frozenset({"server", "serve"})
"""The fixtures whose checks can run against any server."""

SETUP_SECONDS = 15.0
"""What setting up or clearing away after a check may take: a server may have to start."""

THREAD_SECONDS = 1.0
"""How long a learner's thread may go on when all checks have ended."""

LOOKING = ("collectonly", "showfixtures", "show_fixtures_per_test")
"""Options of runs that check nothing, and so leave no trace."""

SELECTING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")
"""Options that choose among a step's checks."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The course's own options."""
    group = parser.getgroup("course", "the course's checks")
    group.addoption("--reference", action="store_true", help="check the course's own solution")
    group.addoption(
        "--server", metavar="CMD", help='check any server over the wire: "node server.js {port}"'
    )
    group.addoption("--url", help="check a server that runs already: http://127.0.0.1:8080")
    group.addoption("--answers", metavar="DIR", help="your answers are in DIR, not in steps/")
    group.addoption("--seed", type=int, metavar="N", help="repeat a run's random inputs")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Understand the command line's steps, and choose how this run looks."""
    config.addinivalue_line("markers", "exercise(id): this check belongs to an exercise")
    config.addinivalue_line("markers", "seconds(n): this check may take so long")
    try:
        run = _run(config)
        folder = config.invocation_params.dir.resolve()
        if not any(config.getoption(name, None) for name in SELECTING):
            run.asked_for = selection.exercises(config.args, folder)
        config.args[:] = selection.meant(config.args, folder)
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[RUN] = run
    config.stash[LOG] = _duplicate_of_stderr()
    if run.learner and _only_steps(config):
        config.option.no_header = True
        if config.getoption("reportchars", "") == "fE":  # pytest's default
            config.option.reportchars = ""


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Give back what was taken, and let nothing keep the process from ending."""
    with contextlib.suppress(KeyError, OSError):
        os.close(config.stash[LOG])
    run = config.stash.get(RUN, None)
    if run and run.checks and lost_threads(THREAD_SECONDS):
        stop_all()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(run.status)


def _run(config: pytest.Config) -> Run:
    option = config.option
    if option.server and option.url:
        raise CourseError("--server starts a server and --url names a running one: choose one")
    if option.server:
        split_command(option.server)
    if option.url:
        attach(option.url)
    foreign = option.server or option.url or ""
    run = Run(
        learner=not (option.reference or foreign),
        base=answers.chosen_base(option.answers),
        foreign=foreign,
        attached=bool(option.url),
        write=not any(config.getoption(name, False) for name in LOOKING),
    )
    if option.seed is not None:
        run.seed = option.seed
    return run


def _only_steps(config: pytest.Config) -> bool:
    """Whether nothing but steps is asked for."""
    folder = config.invocation_params.dir.resolve()
    paths = [Path(os.path.normpath(folder / one.partition("::")[0])) for one in config.args]
    return all(path.is_relative_to(selection.STEPS) for path in paths)


def _duplicate_of_stderr() -> int:
    """A descriptor that still leads to the terminal while pytest captures the usual ones."""
    try:
        return os.dup(sys.__stderr__.fileno() if sys.__stderr__ else 2)
    except (OSError, ValueError):
        return os.open(os.devnull, os.O_WRONLY)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """A step's checks are in its own folder: those below it hold answers, solutions, pages."""
    step = selection.step_of(collection_path)
    inner = step is not None and collection_path.parent == step.path and collection_path.is_dir()
    return True if inner else None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Test files are imported while their step is on stage."""
    with _staged(collector):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """One thread watches over the time that all checks take."""
    with watching():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A check runs while its step is on stage."""
    run = item.config.stash[RUN]
    with _staged(item):
        run.running, run.comparison = item.stash.get(CHECK, None), []
        try:
            return (yield)
        finally:
            run.running = None


@contextlib.contextmanager
def _staged(node: pytest.Collector | pytest.Item) -> Iterator[None]:
    step = selection.step_of(node.path) if node.path.suffix == ".py" else None
    if step is None:
        yield
        return
    try:
        stage = node.config.stash[RUN].stage(step)
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None
    with stage.on():
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Know each check's exercise; those that cannot run ask for no fixtures."""
    run = config.stash[RUN]
    for item in items:
        if step := selection.step_of(item.path):
            check = item.stash[CHECK] = Check(
                step, _exercise(item, step), _name(item), _is_over_the_wire(item)
            )
            run.checks[item.nodeid] = check
            if isinstance(item, pytest.Function) and run.open_state(check):
                item.fixturenames = []  # so that nothing is set up for it
    run.selected |= _selected(config, run.steps())
    if run.foreign:
        _leave_out_inner_checks(config, items)


def _exercise(item: pytest.Item, step: Step) -> Exercise | None:
    marker = item.get_closest_marker("exercise")
    if marker is None:
        return None
    try:
        return exercise_of(step, marker.args[0] if len(marker.args) == 1 else marker.args)
    except CourseError as error:
        raise pytest.UsageError(f"{item.nodeid}: {error}") from None


def _name(item: pytest.Item) -> str:
    """The check's name within its step: `test_x[1]`, `TestY::test_x`."""
    return item.nodeid.partition("::")[2]


def _selected(config: pytest.Config, steps: Sequence[Step]) -> set[Step]:
    """The steps of which, by the command line, perhaps not every check runs."""
    if any(config.getoption(name, None) for name in SELECTING):
        return set(steps)
    folder = config.invocation_params.dir.resolve()
    paths = [Path(os.path.normpath(folder / argument)) for argument in config.args]
    return {step for step in steps if any(step.path in path.parents for path in paths)}


def _leave_out_inner_checks(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Another server's modules cannot be looked into: keep the checks that go over the wire."""
    inner = [item for item in items if CHECK in item.stash and not _is_over_the_wire(item)]
    items[:] = [item for item in items if item not in inner]
    config.stash[RUN].left_out = len(inner)
    config.hook.pytest_deselected(items=inner)


def _is_over_the_wire(item: pytest.Item) -> bool:
    return not FOREIGN_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """A check that is not to run has no say on its exercise."""
    for item in items:
        run = item.config.stash[RUN]
        if check := run.checks.pop(item.nodeid, None):
            run.selected.add(check.step)
            run.asked_for -= {check.exercise.id} if check.exercise else set()


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say which starters were written, and which checks were left out."""
    run = config.stash[RUN]
    lines = [f"wrote {answers.listed(paths)} (yours to complete)" for paths in run.written]
    if run.left_out:
        lines.append(
            f"{run.foreign}: checked over the wire; "
            f"{run.left_out} checks that look into the step's modules are left out"
        )
    return lines


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Do not run the checks of an exercise that is blank or broken."""
    check = pyfuncitem.stash.get(CHECK, None)
    if check and (state := pyfuncitem.config.stash[RUN].open_state(check)):
        raise NotWritten(state.kind)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """End a fixture that does not come to an end by itself."""
    with _limited(item, SETUP_SECONDS):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """End a check that does not come to an end by itself."""
    marker = item.get_closest_marker("seconds")
    with _limited(item, float(marker.args[0]) if marker else CHECK_SECONDS):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """The same for what comes after the check."""
    with _limited(item, SETUP_SECONDS):
        return (yield)


@contextlib.contextmanager
def _limited(item: pytest.Item, seconds: float) -> Iterator[None]:
    check, run = item.stash.get(CHECK, None), item.config.stash[RUN]
    if check is None or run.foreign or item.config.option.usepdb:
        yield
        return

    def stuck(frame: FrameType | None) -> None:
        _report_stuck(item, frame)

    with time_limit(run.seconds(check, seconds), stuck, item.config.stash[LOG]):
        yield


def pytest_enter_pdb() -> None:
    """Who debugs has all the time in the world."""
    lift()


def _report_stuck(item: pytest.Item, frame: FrameType | None) -> None:
    """The last words of a run that a check does not let go on."""
    where = "".join(traceback.format_stack(frame)[-3:]) if frame else ""
    text = f"\n\n{_name(item)} does not come to an end, and cannot be interrupted:\n{where}"
    with contextlib.suppress(OSError):
        os.write(item.config.stash[LOG], Alphabet().plain(text).encode(errors="replace"))
    stop_all()
