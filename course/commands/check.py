"""`check`: pytest for one or more steps."""

import sys

from course.environment import replace_process
from course.steps import CourseError, UnknownStep, find_step


def check_steps(words: list[str]) -> None:
    """Become pytest. CourseError where the first word is no step."""
    replace_process(pytest_command(words))


def pytest_command(words: list[str]) -> list[str]:
    """The words up to the first that names no step are steps; the rest is for pytest."""
    folders = [str(find_step(words[0]).path)] if words and not words[0].startswith("-") else []
    if not folders:
        raise CourseError("which step? Say its number first: check 02")
    for word in words[1:]:
        try:
            folders.append(str(find_step(word).path))
        except UnknownStep:
            if word.isdecimal():
                raise
            break
    return [sys.executable, "-m", "pytest", *folders, *words[len(folders) :]]
