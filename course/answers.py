"""The learner's files: starters are derived from the reference, never stored, never overwritten."""

import ast
import linecache
import os
import shutil
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Literal

from course import source
from course.steps import ROOT, CourseError, Exercise, Step

ANSWERS_VARIABLE = "COURSE_ANSWERS"
"""The environment variable that says the same as `--answers DIR`."""

KEPT = "kept"
"""The folder in `answers/` for dated copies of what `reset` replaced."""

Kind = Literal["missing", "blank", "written", "broken"]


@dataclass(frozen=True)
class Place:
    """Where a function of an exercise stands; line 0 where it cannot be told."""

    path: Path
    line: int
    function: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{shown(self.path)}{line} {self.function}".rstrip()


@dataclass(frozen=True)
class Broken:
    """Why an answer cannot be used: the place, the error in one line, and the line at fault."""

    place: Place
    error: str
    quote: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """How far an exercise is, judged by its text alone.

    `kind` is "missing" (no file yet), "blank", "written" (`unwritten` then names functions that
    are not yet) or "broken". `places` has one place for each function.
    """

    kind: Kind
    places: tuple[Place, ...]
    unwritten: tuple[Place, ...] = ()
    broken: Broken | None = None


def shown(path: Path) -> str:
    """The path as a person at this prompt would type it."""
    try:
        here = Path.cwd()
        near = path.is_relative_to(here) or (
            path.is_relative_to(ROOT) and here.is_relative_to(ROOT)
        )
        return os.path.relpath(path, here) if near else str(path)
    except (ValueError, OSError):  # another drive, or a folder that is gone
        return str(path)


def chosen_base(option: str | None = None) -> Path | None:
    """The folder that `--answers` or COURSE_ANSWERS asks for, or None for the steps' own."""
    text = option or os.environ.get(ANSWERS_VARIABLE)
    return Path(text).expanduser().absolute() if text else None


def folder(step: Step, base: Path | None = None) -> Path:
    """The folder with the learner's answers to the step."""
    return base / step.name if base else step.path / "answers"


def answer_path(step: Step, exercise: Exercise, base: Path | None = None) -> Path:
    """The learner's file for the exercise."""
    return folder(step, base) / exercise.answer


def starter(step: Step, answer: str) -> str:
    """The text that the learner starts from: the reference, its exercises' functions blanked.

    Raises CourseError where exercises.toml names a function that the module does not have.
    """
    exercises = [one for one in step.exercises if one.answer == answer]
    reference = step.reference(exercises[0])
    names = {name: one.id for one in exercises for name in one.functions}
    try:
        return source.blanked(read(reference), names)
    except KeyError as error:
        raise CourseError(f"{shown(reference)} has no function {error.args[0]}") from None


def write_starters(step: Step, base: Path | None = None) -> list[Path]:
    """Write the starters that are missing and return their paths; an existing file stays.

    Raises CourseError where the folder cannot be written to.
    """
    answers = dict.fromkeys(one.answer for one in step.exercises)
    missing = [answer for answer in answers if not (folder(step, base) / answer).exists()]
    return [_write(folder(step, base) / answer, starter(step, answer)) for answer in missing]


def reset(step: Step, exercise: Exercise | None = None, base: Path | None = None) -> list[Path]:
    """Make the exercise (or the whole step) blank again; returns the dated copies it kept.

    Raises CourseError where a file cannot be written, or cannot be read as Python so that one
    exercise in it could be blanked.
    """
    answers = dict.fromkeys(one.answer for one in step.exercises if exercise in (None, one))
    kept = []
    for answer in answers:
        path = folder(step, base) / answer
        text = starter(step, answer)
        if path.exists():
            if exercise is not None:
                text = _blanked(path, exercise, text)
            if _holds(path, text):
                continue
            kept.append(keep(path))
        _write(path, text)
    return kept


def _holds(path: Path, text: str) -> bool:
    """Whether the file has this text already; one that cannot be read has not."""
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


def keep(path: Path) -> Path:
    """Copy an answer to `answers/kept/` under today's date and time; returns the copy's path."""
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    copy = path.parent / KEPT / f"{path.stem}_{stamp}{path.suffix}"
    number = 1
    while copy.exists():
        number += 1
        copy = copy.with_stem(f"{path.stem}_{stamp}_{number}")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    except OSError as error:
        raise _cannot_write(copy, error) from None
    return copy


def state(step: Step, exercise: Exercise, base: Path | None = None) -> State:
    """How far the learner is with the exercise, with file:line for each of its functions."""
    path = answer_path(step, exercise, base)
    unplaced = tuple(Place(path, 0, name) for name in exercise.functions)
    if not path.exists():
        return State("missing", unplaced)
    tree = parsed(path)
    if isinstance(tree, Broken):
        return State("broken", unplaced, broken=tree)
    if broken := _lost(step, path, tree):
        return State("broken", unplaced, broken=broken)
    places, unwritten = [], []
    for name in exercise.functions:
        function = source.find(tree, name)
        places.append(Place(path, function.lineno if function else 0, name))
        if function and source.is_blank(function):
            unwritten.append(places[-1])
    kind: Kind = "blank" if len(unwritten) == len(places) else "written"
    return State(kind, tuple(places), tuple(unwritten))


def complete(step: Step, answer: str, base: Path | None = None) -> bool:
    """Whether the file can stand in later steps: it compiles and no exercise in it is open."""
    path = folder(step, base) / answer
    states = [state(step, one, base) for one in _exercises(step, path)]
    whole = all(one.kind == "written" and not one.unwritten for one in states)
    return path.is_file() and whole and not isinstance(parsed(path), Broken)


def compiled(step: Step, path: Path) -> CodeType | Broken:
    """An answer to the step as code, the functions of its blank exercises filled in."""
    tree = parsed(path)
    if isinstance(tree, Broken):
        return tree
    if broken := _lost(step, path, tree):
        return broken
    exercises = _exercises(step, path)
    names: list[str] = []
    for exercise in exercises:
        functions = [source.find(tree, name) for name in exercise.functions]
        if all(function and source.is_blank(function) for function in functions):
            names += exercise.functions
    reference = step.reference(exercises[0]) if exercises else path
    fresh = ast.parse(path.read_bytes())  # filling changes the tree, and `parsed` keeps its own
    try:
        return source.filled(fresh, path, names, reference)
    except (SyntaxError, ValueError) as error:  # "return outside function" is found only now
        return broken_by(error, path)


def parsed(path: Path) -> ast.Module | Broken:
    """The module's syntax tree, not to be changed, or what keeps it from having one."""
    try:
        status = path.stat()
        return _parsed(path, status.st_mtime_ns, status.st_size)
    except (SyntaxError, ValueError, OSError, RecursionError, MemoryError) as error:
        return broken_by(error, path)


@lru_cache(maxsize=64)
def _parsed(path: Path, _modified: int, _size: int) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


def broken_by(error: BaseException, path: Path) -> Broken:
    """What to say of an answer that does not compile, or that raised while it was imported."""
    words = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.lineno:
        return Broken(Place(path, error.lineno, ""), f"{kind}: {words}", _pointed(error))
    line = _deepest_line(error, path)
    quote = linecache.getline(str(path), line).strip() if line else ""
    message = f"{kind}: {words}" if words else kind
    return Broken(Place(path, line, ""), message, (quote,) if quote else ())


def _pointed(error: SyntaxError) -> tuple[str, ...]:
    """The line at fault and a caret under the place."""
    line = (error.text or "").rstrip()
    quote = line.lstrip()
    column = (error.offset or 0) - 1 - (len(line) - len(quote))
    pointer = "".join(char if char == "\t" else " " for char in quote[: max(column, 0)]) + "^"
    return (quote, pointer) if quote and column >= 0 else (quote,)


def read(path: Path) -> str:
    """A module's text, by the encoding that it declares."""
    with tokenize.open(path) as file:
        return file.read()


def _exercises(step: Step, path: Path) -> list[Exercise]:
    """The exercises whose functions an answer holds."""
    return [one for one in step.exercises if one.answer == path.name]


def _lost(step: Step, path: Path, tree: ast.Module) -> Broken | None:
    """What to say of an answer in which an exercise's function is no more."""
    for exercise in _exercises(step, path):
        for name in exercise.functions:
            if not source.binds(tree, name):
                advice = f"put it back, or: python -m course reset {exercise.id}"
                return Broken(Place(path, 0, ""), f"the function {name} is gone; {advice}")
    return None


def _blanked(path: Path, exercise: Exercise, fresh: str) -> str:
    """The learner's text with this one exercise as the starter has it."""
    way_out = f"mend it, or start the whole step again: python -m course reset {exercise.step:02}"
    tree = parsed(path)
    if isinstance(tree, Broken):
        raise CourseError(f"{tree.place} does not compile ({tree.error}); {way_out}")
    text = read(path)
    if source.bound_names(ast.parse(fresh)) & source.bound_names(tree) <= {*exercise.functions}:
        return fresh  # the rest of the module is gone: the functions alone would be of no use
    for name in exercise.functions:
        try:
            text = source.replaced(text, name, fresh)
        except KeyError as error:
            raise CourseError(f"{shown(path)} has no {error.args[0]}; {way_out}") from None
    return text


def _deepest_line(error: BaseException, path: Path) -> int:
    """The last line of this file that the error passed through; 0 if it did not."""
    line, step = 0, error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == str(path):
            line = step.tb_lineno
        step = step.tb_next
    return line


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _cannot_write(path, error) from None
    return path


def _cannot_write(path: Path, error: OSError) -> CourseError:
    reason = error.strerror or type(error).__name__
    return CourseError(
        f"cannot write {shown(path)}: {reason}; make its folder writable, "
        "or name another folder for your answers: --answers=DIR"
    )


def listed(paths: Sequence[Path]) -> str:
    """Files of one folder in one line: "steps/…/answers/: hello.py server.py"."""
    names = " ".join(path.name for path in paths)
    return f"{shown(paths[0].parent)}{os.sep}: {names}"
