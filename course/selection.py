"""What `pytest steps/4` and its like mean: the paths that pytest itself can find."""

import ast
import difflib
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from course.steps import ROOT, CourseError, Step, find_step

STEPS = ROOT / "steps"


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
        yield argument
        return
    name, *inside = target.relative_to(STEPS).parts
    step = _step(name, target)
    if step is None:
        yield argument
        return
    for path in _files(step, inside, check):
        spelt = os.path.relpath(path, folder)
        for found in _checks(step, path, check) if check else [""]:
            yield f"{spelt}::{found}" if found else spelt


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
    """The checks in the file that `check` means: `test_x`, `test_x[1]`, `TestY::test_x`."""
    name, bracket, parameters = check.partition("[")
    for known in names(path):
        if known == name or known.endswith(f"::{name}"):
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
