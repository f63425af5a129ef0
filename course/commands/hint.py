"""`hint`: one more hint each time it is asked for."""

from pathlib import Path

from course import answers, progress
from course.commands import next_up
from course.console import Out
from course.environment import PYTHON
from course.steps import CourseError, Exercise, Step, find_exercise, find_step


def give_hint(text: str, *, again: bool = False) -> None:
    """Print the next hint; CourseError for an exercise that is not there."""
    base = answers.chosen_base()
    step, exercise = find_exercise(text) if "." in text else _next_of(find_step(text), base)
    number = climb(step, exercise, base, again=again)
    tell(exercise, number)


def climb(step: Step, exercise: Exercise, base: Path | None, *, again: bool) -> int:
    """The number of the hint to show now, from 1; it is remembered."""
    records = progress.load(step, base)
    record = records[exercise.id]
    record.hints = 1 if again else min(record.hints + 1, len(exercise.hints))
    progress.save(step, records, base)
    return record.hints


def tell(exercise: Exercise, number: int) -> None:
    """Print a hint, and how to get the next."""
    out, total = Out(), len(exercise.hints)
    out.say((f"{exercise.id} {exercise.title}", "bold"), f", hint {number} of {total}")
    out.print()
    out.print(exercise.hints[number - 1])
    out.print()
    ask = f"{PYTHON} -m course hint {exercise.id}"
    if number < total:
        out.say(("The next one: ", "dim"), (ask, "cyan"))
    else:
        out.say(("That was the last. From the first: ", "dim"), (f"{ask} --again", "cyan"))


def _next_of(step: Step, base: Path | None) -> tuple[Step, Exercise]:
    found = next_up.next_exercise([step], base)
    if found is None:
        names = ", ".join(one.id for one in step.exercises)
        raise CourseError(f"all of step {step.label} is done; ask for one of {names}")
    return found
