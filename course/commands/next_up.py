"""What the learner should do next."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from course import answers, progress
from course.environment import PROGRAM
from course.steps import Exercise, Step


def next_exercise(steps: Iterable[Step], base: Path | None) -> tuple[Step, Exercise] | None:
    """The first exercise that is not done, easy to hard, step by step; None if all are."""
    for step in steps:
        records = progress.load(step, base)
        for exercise in step.exercises:
            if not records[exercise.id].done:
                return step, exercise
    return None


def place(step: Step, exercise: Exercise, base: Path | None) -> tuple[str, str]:
    """What to write, and where: "greeting", "steps/01_echo_server/answers/hello.py:20"."""
    state = answers.state(step, exercise, base)
    first = (state.unwritten or state.places)[0]
    line = f":{first.line}" if first.line else ""
    return first.function, f"{answers.shown(first.path)}{line}"


def command(step: Step) -> str:
    """The command that goes on with the step."""
    return f"{PROGRAM} watch {step.label}"


def own_server(steps: Sequence[Step]) -> str:
    """The command that runs the last step's server with all that the learner wrote."""
    return f"{PROGRAM} run {steps[-1].label} --mine" if steps else ""
