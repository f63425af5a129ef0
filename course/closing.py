"""How a run closes: for each step a line an exercise, a progress bar, and the next thing to do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from course import progress
from course.answers import Place, shown
from course.run import Check, Run, all_passed
from course.steps import Exercise, Step, all_steps
from course.verdicts import BOLD, FAINT, Text, broken_lines
from course.visible import Alphabet

BAR = 20
"""The width of the progress bar."""


class Signs(NamedTuple):
    """The signs of a list that has been worked through in part."""

    done: str
    wrong: str
    open: str
    full: str
    empty: str
    dot: str


FANCY = Signs("✓", "✗", "○", "█", "░", "·")
PLAIN = Signs("+", "x", "o", "#", ".", "-")

NOT_YET = "not written yet"

GREEN, RED, YELLOW = {"green": True}, {"red": True}, {"yellow": True}


def signs() -> Signs:
    """The signs that the terminal's encoding has."""
    return FANCY if Alphabet().shows("".join(FANCY)) else PLAIN


class Row(NamedTuple):
    """An exercise in one line: how it went and, if it is not done, where to go on."""

    sign: str
    title: str
    score: str
    where: str
    hint: str
    markup: dict[str, bool]

    def text(self, widths: Sequence[int] = (0, 0, 0)) -> str:
        """The columns in one line, each as wide as it must be."""
        columns = zip((self.title, self.score, self.where), widths, strict=True)
        padded = [column.ljust(width) for column, width in columns if column or width]
        return "  ".join([f"{self.sign} {padded[0]}", *padded[1:], self.hint]).rstrip()

    def in_short(self) -> str:
        """The same for a narrow terminal: the score only where it says more than the sign."""
        score = "" if self.score == NOT_YET else self.score
        hint = self.hint.removeprefix("python -m course ")
        return "  ".join(filter(None, (f"{self.sign} {self.title}", score, self.where, hint)))


def closing(run: Run, *, brief: bool = False, columns: int | None = None) -> Iterator[Text]:
    """The last section of a run; `brief` leaves out what is done already.

    `columns` is how wide the terminal is; None where what is printed goes elsewhere.
    """
    for number, step in enumerate(run.steps()):
        if number:
            yield Text("", {})
        yield Text(_headline(run, step), BOLD)
        for broken in run.stage(step).broken.values():
            yield from broken_lines(broken)
        rows = [exercise_row(run, step, exercise) for exercise in _shown(run, step)]
        rows = [row for row in rows if not (brief and row.markup is GREEN)]
        lines = table(rows, columns)
        yield from (Text(line, row.markup) for line, row in zip(lines, rows, strict=True))
        yield from _promises(run, step)
        yield _bar(run, step)
    yield Text("", {})
    yield from _next(run)
    if waiting := sum(check.outcome in ("closed", "waits") for check in run.checks.values()):
        verb = "waits" if waiting == 1 else "wait"
        yield Text(f"      ({_count(waiting)} {verb} for what you have not written yet)", {})


def table(rows: Sequence[Row], columns: int | None) -> list[str]:
    """The rows as lines, their columns below each other; in short where they are too wide so."""
    widths = [max(map(len, column)) for column in zip(*(row[1:4] for row in rows), strict=True)]
    lines = [f"  {row.text(widths)}" for row in rows]
    if columns is None or all(len(line) <= columns for line in lines):
        return lines
    return [f"  {row.in_short()}" for row in rows]


def _shown(run: Run, step: Step) -> list[Exercise]:
    """The exercises that the run is about: all, or those whose checks were selected."""
    return [one for one in step.exercises if step not in run.selected or run.of(step, one)]


def also_failing(run: Run, checks: Sequence[Check]) -> Iterator[Text]:
    """One line on each exercise for its failing checks whose reports are left out."""
    groups: dict[tuple[int, str | None], list[Check]] = {}
    for check in checks:
        groups.setdefault(check.belongs, []).append(check)
    for (first, *_), count in ((group, len(group)) for group in groups.values()):
        whose = first.exercise.id if first.exercise else "the step's other promises"
        after = first.exercise is None and run.has_wrong_exercise(first.step)
        more, advice = ("", "the exercises") if after else ("more ", "this")
        verb = "check fails" if count == 1 else "checks fail"
        yield Text(f"{whose}: {count} {more}{verb}; mend {advice} first (-v shows all)", FAINT)


def _headline(run: Run, step: Step) -> str:
    earlier: dict[str, list[str]] = {}
    for one in run.stage(step).sources.values():
        if one.answer and one.origin and one.origin != step:
            earlier.setdefault(one.origin.label, []).append(one.answer.name)
    lent = "; ".join(f"{', '.join(names)} from step {label}" for label, names in earlier.items())
    return f"{step.label} {step.title}" + (f" (with your {lent})" if lent else "")


def exercise_row(run: Run, step: Step, exercise: Exercise) -> Row:
    """How an exercise went."""
    state = run.state(step, exercise)
    sign = signs()
    title = f"{exercise.id} {exercise.title}"
    where = place_in_words(step, state.unwritten or state.places)
    hint = f"python -m course hint {exercise.id}"
    if state.kind in ("blank", "missing"):
        return Row(sign.open, title, NOT_YET, where, hint, YELLOW)
    if state.broken:
        place = place_in_words(step, [state.broken.place])
        return Row(sign.wrong, title, "cannot be used", place, hint, RED)
    checks = run.of(step, exercise)
    passed = sum(check.outcome == "passed" for check in checks)
    outcomes = {check.outcome for check in checks}
    if outcomes <= {None}:
        return Row(sign.dot, title, "not checked now", "", "", FAINT)
    if all_passed(checks):
        return Row(sign.done, title, f"{_count(passed)} passed", "", "", GREEN)
    score = f"{passed} of {_count(len(checks))} passed"
    waits = sorted({check.waits_for for check in checks if check.waits_for})
    if state.unwritten or waits == [exercise.id]:
        return Row(sign.open, title, "half written", where, hint, YELLOW)
    if outcomes <= {"passed", "waits"}:
        return Row(sign.open, title, f"{score}, waits for {', '.join(waits)}", "", "", YELLOW)
    if outcomes <= {"passed", "skipped", None}:
        return Row(sign.dot, title, f"{score}, not all could run", "", "", FAINT)
    return Row(sign.wrong, title, score, where, hint, RED)


def place_in_words(step: Step, places: Sequence[Place]) -> str:
    """Places in one file, in short: "answers/request.py:42 parse_target, :60 parse_query"."""
    first = places[0].path
    file = (
        first.relative_to(step.path).as_posix() if first.is_relative_to(step.path) else shown(first)
    )
    words = [
        f":{place.line} {place.function}" if place.line else place.function for place in places
    ]
    return f"{file}{'' if places[0].line else ' '}{', '.join(words)}".rstrip()


def _promises(run: Run, step: Step) -> Iterator[Text]:
    """The checks that belong to no exercise, as one line where one of them failed."""
    checks = run.of(step, None)
    failed = [check for check in checks if check.outcome not in ("passed", "skipped", None)]
    if failed:
        passed = sum(check.outcome == "passed" for check in checks)
        score = f"{passed} of {_count(len(checks))} passed"
        yield Text(f"  {signs().wrong} the step's other promises: {score}", RED)


def _count(number: int) -> str:
    return f"{number} check" + "s" * (number != 1)


def _bar(run: Run, step: Step) -> Text:
    done = sum(_is_done(run, step, exercise) for exercise in step.exercises)
    total = len(step.exercises)
    filled = BAR * done // max(total, 1)
    bar = signs().full * filled + signs().empty * (BAR - filled)
    return Text(f"  {bar} {done} of {total} exercises", GREEN if done == total else {})


def _is_done(run: Run, step: Step, exercise: Exercise) -> bool:
    """Whether all its checks passed, now or, where none ran this time, before."""
    checks = [check for check in run.of(step, exercise) if check.outcome]
    if checks and (run.decides(step, exercise) or not all_passed(checks)):
        return all_passed(checks)
    return progress.load(step, run.base)[exercise.id].done


def _next(run: Run) -> Iterator[Text]:
    """The next thing to do."""
    for step in run.steps():
        left = [
            exercise
            for exercise in _shown(run, step)
            if not (_is_done(run, step, exercise) or all_passed(run.of(step, exercise)))
        ]
        if left:
            first = _first(run, step, left)
            yield from _advice(run, step, first)
            if first != left[0]:
                yield Text(f"      ({left[0].id} fails only over the wire, perhaps by this)", {})
            return
        if any(check.outcome == "failed" for check in run.of(step, None)):
            yield Text(f"next  mend what fails above, then: pytest steps/{step.label}", BOLD)
            return
    last = run.steps()[-1]
    if last in run.selected:
        yield Text(f"next  all of the step: pytest steps/{last.label}", BOLD)
        return
    yield Text(f"next  try it out: python -m course run {last.label} --mine", BOLD)
    for step in all_steps():
        if step.number == last.number + 1:
            yield Text(f"      then on to {step.title}: pytest steps/{step.label}", BOLD)


def _first(run: Run, step: Step, left: Sequence[Exercise]) -> Exercise:
    """The exercise to go on with: the first one of those that are left.

    But a server needs all modules: what fails only over the wire may fail by another exercise, and
    one whose other checks fail comes before it.
    """

    def fails(exercise: Exercise, over_the_wire: bool) -> bool:
        checks = [one for one in run.of(step, exercise) if one.over_the_wire == over_the_wire]
        return any(check.outcome == "failed" for check in checks)

    if fails(left[0], over_the_wire=True) and not fails(left[0], over_the_wire=False):
        return next((one for one in left if fails(one, over_the_wire=False)), left[0])
    return left[0]


def _advice(run: Run, step: Step, exercise: Exercise) -> Iterator[Text]:
    state = run.state(step, exercise)
    if state.broken:
        yield Text(f"next  mend {state.broken.place}, then: pytest steps/{step.label}", BOLD)
        return
    deed = "mend" if state.kind == "written" and not state.unwritten else "write"
    where = ", ".join(str(place) for place in state.unwritten or state.places)
    yield Text(f"next  {exercise.id} {exercise.title}, {exercise.minutes} minutes", BOLD)
    yield Text(f"      {deed} {where}, then: pytest steps/{step.label}", {})
