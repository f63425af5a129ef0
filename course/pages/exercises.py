"""Exercises in a chapter, and the schedule that they add up to: made from `exercises.toml`."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import dedent as dedented

from course.environment import PROGRAM
from course.pages.text import fenced, folded, indented
from course.steps import Exercise, Step, all_steps, find_exercise

HINTS = ("where to look", "what to do", "nearly the answer")


def card(name: str) -> str:
    """One exercise: what to write and where, how to check it, and three hints, each folded."""
    step, exercise = find_exercise(name)
    body = [
        _task(step, exercise),
        f"```console\n$ {PROGRAM} check {exercise.id}\n```",
        *(_hint(exercise, number) for number in range(len(HINTS))),
    ]
    title = f"Exercise {exercise.id}: {exercise.title}"
    effort = f"{exercise.minutes} minutes, {exercise.difficulty}"
    content = indented("\n\n".join(body), "    ")
    return f'!!! exercise "{title} ({effort})"\n\n{content}\n'


def _task(step: Step, exercise: Exercise) -> str:
    names = " and ".join(f"`{name}`" for name in exercise.functions)
    where = f"`steps/{step.name}/answers/{exercise.answer}`"
    told = "its docstring says" if len(exercise.functions) == 1 else "their docstrings say"
    return (
        f"Write {names} in {where}: {told} all that the checks demand. "
        f"The first run of the checks puts a starter there. "
        f"Or choose it under *Exercises* in a playground of this page."
    )


def _hint(exercise: Exercise, number: int) -> str:
    title = f"Hint {number + 1}: {HINTS[number]}"
    return folded(title, "\n\n".join(_blocks(exercise.hints[number])), "hint")


def _blocks(hint: str) -> Iterator[str]:
    """A hint's sentences as they are, and its code as code."""
    paragraphs = dedented(hint.strip("\n")).split("\n\n")
    for is_code, group in groupby(paragraphs, _is_code):
        text = "\n\n".join(group)
        yield fenced(dedented(text), "python") if is_code else _sentence(text)


def _sentence(text: str) -> str:
    """Words, in which markup is shown and not obeyed; code between backticks stays code."""
    pieces = text.split("`")
    return "`".join(one if i % 2 else one.replace("<", "&lt;") for i, one in enumerate(pieces))


def _is_code(paragraph: str) -> bool:
    """Whether a paragraph is code: a sentence is one line, and ends as sentences do."""
    return "\n" in paragraph or not paragraph.endswith((".", ":")) or paragraph.startswith(" ")


def schedule() -> str:
    """All exercises with their minutes, a table for each step, and what they come to."""
    return "\n\n".join(_table(step) for step in all_steps())


def _table(step: Step) -> str:
    minutes = sum(one.minutes for one in step.exercises)
    rows = [
        f"| {one.id} | [{one.title}](chapters/{step.name}.md#{one.section}) "
        f"| {one.minutes} | {one.difficulty} |"
        for one in step.exercises
    ]
    head = [
        f"**Step {step.label}, {step.title}**: {minutes} minutes of exercises.",
        "",
        "| id | exercise | minutes | difficulty |",
        "|---|---|--:|---|",
    ]
    command = f"`{PROGRAM} watch {step.label}` checks while they write."
    return "\n".join([*head, *rows, "", command])
