"""`check`: pytest for steps, or for exercises."""

import sys
from pathlib import Path

from course.answers import chosen_base
from course.environment import PROGRAM, replace_process
from course.selection import EXERCISE, NUMBER, STEPS
from course.steps import CourseError, find_exercise, find_step


def check_answers(words: list[str], folder: str | None) -> None:
    """Become pytest. CourseError where the first word is no step and no exercise."""
    replace_process(pytest_command(words, chosen_base(folder)))


def pytest_command(words: list[str], base: Path | None = None) -> list[str]:
    """The words up to the first that names no step and no exercise; the rest is for pytest."""
    if not words or words[0].startswith("-"):
        raise CourseError(f"which step? e.g. {PROGRAM} check 02")
    paths = [path_of(words[0])]
    for word in words[1:]:
        try:
            paths.append(path_of(word))
        except CourseError:
            if NUMBER.fullmatch(word):
                raise
            break
    answers = [f"--answers={base}"] if base else []
    return [sys.executable, "-m", "pytest", *paths, *answers, *words[len(paths) :]]


def path_of(word: str) -> str:
    """What pytest is given for "02" or "02.1"; CourseError for what is neither."""
    name = Path(word).name
    if EXERCISE.fullmatch(name):
        return str(STEPS / find_exercise(name)[1].id)
    return str(find_step(word).path)
