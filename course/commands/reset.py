"""`reset`: the starter again, for a step or for one exercise of it."""

from pathlib import Path

from course import answers, progress
from course.console import Out
from course.environment import PROGRAM
from course.steps import Exercise, Step, find_exercise, find_step


def start_again(text: str) -> None:
    """Put the starters back and say where the copies are.

    CourseError for what is not there, or cannot be written.
    """
    exercise: Exercise | None = None
    if "." in text:
        step, exercise = find_exercise(text)
    else:
        step = find_step(text)
    base = answers.chosen_base()
    kept = answers.reset(step, exercise, base)
    forget(step, exercise, base)
    out = Out()
    for path in kept:
        out.say(f"Kept what you wrote: {answers.shown(path)}")
    what = f"Exercise {exercise.id} is" if exercise else f"The exercises of step {step.label} are"
    out.say(f"{what} as at the start. ", (f"{PROGRAM} watch {step.label}", "cyan"))


def forget(step: Step, exercise: Exercise | None, base: Path | None) -> None:
    """What is blank again is not done."""
    records = progress.load(step, base)
    for name, record in records.items():
        if exercise is None or name == exercise.id:
            record.done, record.hints = False, 0
    progress.save(step, records, base)
