"""`hint`: one more hint each time it is asked for."""

from pathlib import Path

from course import answers, progress
from course.commands import next_up
from course.console import Out
from course.environment import PROGRAM
from course.steps import CourseError, Exercise, Step, find_exercise, find_step


def give_hint(text: str, *, again: bool = False) -> None:
    """Print the next hint; CourseError for an exercise that is not there."""
    base = answers.chosen_base()
    if "." in text:
        step, exercise = find_exercise(text)
    else:
        step, exercise = _next_of(find_step(text), base)
        Out().say((f"The next exercise of step {step.label}:", "dim"))
    number = climb(step, exercise, base, again=again)
    tell(exercise, number, command(exercise))


def climb(step: Step, exercise: Exercise, base: Path | None, *, again: bool) -> int:
    """The number of the hint to show now, from 1; it is remembered."""
    records = progress.load(step, base)
    record = records[exercise.id]
    record.hints = 1 if again else min(record.hints + 1, len(exercise.hints))
    progress.save(step, records, base)
    return record.hints


def command(exercise: Exercise) -> str:
    """The command that gives a hint."""
    return f"{PROGRAM} hint {exercise.id}"


def tell(exercise: Exercise, number: int, more: str) -> None:
    """Print a hint, and how to get the next: what to type, or what to press."""
    out, total = Out(), len(exercise.hints)
    out.say((f"{exercise.id} {exercise.title}", "bold"), f", hint {number} of {total}")
    out.print()
    out.print(exercise.hints[number - 1])
    out.print()
    if number < total:
        out.say(("The next one: ", "dim"), (more, "cyan"))
    else:
        first = f"{command(exercise)} --again"
        out.say(("That was the last. From the first: ", "dim"), (first, "cyan"))


def _next_of(step: Step, base: Path | None) -> tuple[Step, Exercise]:
    found = next_up.next_exercise([step], base)
    if found is None:
        names = ", ".join(one.id for one in step.exercises)
        raise CourseError(f"all of step {step.label} is done; ask for one of {names}")
    return found
