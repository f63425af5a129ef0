"""What `pytest steps/4` and its like mean: the paths that pytest itself can find."""

import ast
import difflib
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from course.steps import ROOT, CourseError, Step, find_exercise, find_step

STEPS = ROOT / "steps"

EXERCISE = re.compile(r"\d\d?\.\d+")
NUMBER = re.compile(r"\d\d?(\.\d+)?")


def meant(arguments: Sequence[str], folder: Path) -> list[str]:
    """The command line's paths with steps spelt out: `steps/4::test_x` becomes its file's.

    `folder` is where pytest was called. What does not lie under `steps/` stays as it is. Raises
    CourseError, in one sentence, for a step, a file or a check that is not there.
    """
    return [path for argument in arguments for path in _meant(argument, folder.resolve())]


def step_of(path: Path) -> Step | None:
    """The step whose folder holds the path, or None."""
    if path == STEPS or not path.is_relative_to(STEPS):
        return None
    return _named(path.relative_to(STEPS).parts[0])


@cache
def _named(folder: str) -> Step | None:
    try:
        step = find_step(folder)
    except CourseError:
        return None
    return step if step.name == folder else None


def _meant(argument: str, folder: Path) -> Iterator[str]:
    text, _, check = argument.partition("::")
    target = _target(text, folder)
    if target == STEPS or not target.is_relative_to(STEPS):
        if NUMBER.fullmatch(text) and not target.exists():
            raise CourseError(f"there is no file {text!r}; did you mean: pytest steps/{argument}")
        yield argument
        return
    name, *inside = target.relative_to(STEPS).parts
    if EXERCISE.fullmatch(name) and not (inside or check or target.exists()):
        yield from (os.path.relpath(path, folder) for path in _exercise_checks(name))
        return
    step = _step(name, target)
    if step is None:
        yield argument
        return
    for path in _files(step, inside, check):
        spelt = os.path.relpath(path, folder)
        for found in _checks(step, path, check) if check else [""]:
            yield f"{spelt}::{found}" if found else spelt


def exercises(arguments: Sequence[str], folder: Path) -> set[str]:
    """The exercises that the arguments name as a whole: {"02.1"} for "steps/02.1"."""
    found = set()
    for argument in arguments:
        target = _target(argument, folder)
        if target.parent == STEPS and EXERCISE.fullmatch(target.name) and not target.exists():
            found.add(find_exercise(target.name)[1].id)
    return found


def _exercise_checks(name: str) -> Iterator[str]:
    """The files, classes and checks that are marked with the exercise."""
    step, exercise = find_exercise(name)
    for path in step.tests:
        tree = ast.parse(path.read_bytes())
        if any(_marks(node, exercise.id) for node in tree.body if isinstance(node, ast.Assign)):
            yield str(path)
        else:
            yield from (f"{path}::{one}" for one in _marked(tree, "", exercise.id))


def _marked(scope: ast.Module | ast.ClassDef, prefix: str, exercise: str) -> Iterator[str]:
    """The classes and checks in a scope that are decorated with the exercise's mark."""
    for node in scope.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if any(_marks(decorator, exercise) for decorator in node.decorator_list):
            yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _marked(node, f"{prefix}{node.name}::", exercise)


def _marks(node: ast.AST, exercise: str) -> bool:
    """Whether `pytest.mark.exercise(...)` with this exercise is in the code."""
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == "exercise"
        and [ast.unparse(argument) for argument in one.args] == [repr(exercise)]
        for one in ast.walk(node)
    )


def _target(text: str, folder: Path) -> Path:
    """The path that is meant, seen from the folder or, inside a step, from the root."""
    target = Path(os.path.normpath(folder / text))
    if target.exists():
        return target
    text = text.replace("\\", "/")  # on POSIX it could be part of a name, but here it is not
    inside = folder.is_relative_to(STEPS) and text.startswith("steps/")
    return Path(os.path.normpath((ROOT if inside else folder) / text))


def _step(name: str, target: Path) -> Step | None:
    """The step of that name; None for something else that does lie in steps/."""
    try:
        return find_step(name)
    except CourseError:
        if target.exists():
            return None
        raise


def _files(step: Step, inside: Sequence[str], check: str) -> list[Path]:
    """The files, or the folder, that the path inside the step means."""
    if not inside or inside[0] in ("answers", "extras"):
        if not check:
            return [step.path]
        files = [path for path in step.tests if any(_checks(step, path, check))]
        return files or _refuse(step, check, step.tests)
    path = step.path.joinpath(*inside)
    if not path.exists():
        names = ", ".join(one.name for one in step.tests)
        raise CourseError(
            f"step {step.label} has no file {'/'.join(inside)!r}; its checks are in: {names}"
        )
    if path.suffix == ".py" and path not in step.tests:
        raise CourseError(f"{path.name} holds no checks; try: pytest steps/{step.label}")
    if check and not any(_checks(step, path, check)):
        _refuse(step, check, [path])
    return [path]


def _refuse(step: Step, check: str, files: Sequence[Path]) -> list[Path]:
    known = {name.rpartition("::")[2] for path in files for name in names(path)}
    wanted = check.partition("[")[0].rpartition("::")[2]
    near = difflib.get_close_matches(wanted, sorted(known), n=3, cutoff=0.5)
    advice = (
        f"did you mean {' or '.join(near)}?" if near else f"see: pytest steps/{step.label} --co"
    )
    raise CourseError(f"step {step.label} has no check {wanted!r}; {advice}")


def _checks(step: Step, path: Path, check: str) -> Iterator[str]:
    """The checks in the file that `check` means: `test_x`, `test_x[1]`, `TestY::test_x`.

    A method may go without its class, unless a check of the step is called just so.
    """
    name, bracket, parameters = check.partition("[")
    exact = any(name in names(one) for one in step.tests)
    for known in names(path):
        if known == name or (not exact and known.endswith(f"::{name}")):
            yield known + bracket + parameters


def names(path: Path) -> Iterator[str]:
    """The classes and checks of a test file: `test_x`, `TestY`, `TestY::test_x`."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return
    yield from _names_in(tree, "")


def _names_in(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test"):
                yield prefix + node.name
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield prefix + node.name
            yield from _names_in(node, f"{prefix}{node.name}::")
