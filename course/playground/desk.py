"""What the learner has changed, laid where the course looks for it: the step's `answers/`."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from course import answers
from course.steps import CourseError, Step

SHARED = "shared"
"""The folder that step 04's server is given: a copy of public/ beside it, that clients may write
to."""


MARK = ".laid_out"
"""Tells a folder that was made here from one with somebody's own work in it."""


def lay_out(step: Step, edits: Mapping[str, str], *, whole: bool) -> None:
    """Write the changed modules to the step's answers, and nothing else there.

    `edits` maps a file's name in the step's folder to its text. With `whole` the exercises' other
    modules lie there too, as the reference has them: then nothing counts as not begun.
    """
    place = answers.folder(step)
    _clear(place)
    if whole:
        for exercise in step.exercises:
            shutil.copyfile(step.reference(exercise), place / exercise.answer)
    for name, text in edits.items():
        if name.endswith(".py"):
            _write(place / Path(name).name, text)


def _clear(place: Path) -> None:
    """Empty the folder, if it is ours."""
    if place.exists() and not (place / MARK).exists():
        raise CourseError(f"{place} holds answers of somebody's own: they stay as they are")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / MARK).touch()


def share(step: Step, edits: Mapping[str, str]) -> list[str]:
    """The options that give the step's server its folder, if it has one to give."""
    public = step.path / "public"
    if not public.is_dir():
        return []
    shared = step.path / SHARED
    if not shared.exists():
        shutil.copytree(public, shared)
    for path in public.rglob("*"):
        name = path.relative_to(step.path).as_posix()
        copy = shared / path.relative_to(public)
        if name in edits:
            _write(copy, edits[name])
        elif path.is_file() and name.endswith((".html", ".css", ".js")):
            _write(copy, path.read_text(encoding="utf-8"))
    return ["--directory", SHARED]


def _write(path: Path, text: str) -> None:
    """Write the file unless it is the same already: then its date, and its ETag, stay."""
    if not path.exists() or path.read_bytes() != text.encode():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
