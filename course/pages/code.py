"""Code in prose: taken from the step's real file by a definition's name, with its real lines."""

import ast
import difflib
from pathlib import Path

from course.mutation import Mutant
from course.pages.text import before, fenced
from course.source import first_line
from course.steps import ROOT, CourseError, find_step

LANGUAGES = {
    ".py": "python",
    ".toml": "toml",
    ".html": "html",
    ".css": "css",
    ".js": "javascript",
    ".conf": "nginx",
}
MUTANTS = ROOT / "tests" / "mutants"

Lines = tuple[int, int]
"""The first and the last line of something, counted from 1."""


class NoSuchCode(CourseError):
    """A file or a definition that a page includes and no step has."""


def included(place: str, names: str = "") -> str:
    """Definitions of a file, or all of it: "02/framing.py", "body_length,MAX_LENGTH".

    Raises NoSuchCode, which says what there is instead.
    """
    path, earlier = located(place)
    lines = lines_of(path)
    marked = changed(lines_of(earlier), lines) if earlier else set()
    spans = [span(path, name) for name in names.split(",")] if names else [(1, len(lines))]
    return "\n\n".join(_block(path, lines, one, marked) for one in spans)


def mutant(name: str) -> str:
    """What a wrong version changes, the lines marked that the right one does not have."""
    path = MUTANTS / name
    if not path.is_file():
        raise NoSuchCode(f"there is no mutant {name!r} in tests/mutants")
    one = Mutant.read(path)
    lines = path.read_text(encoding="utf-8").partition("\n\n")[2].strip("\n").split("\n")
    marked = changed(lines_of(one.reference), lines)
    return fenced(
        "\n".join(lines),
        "python",
        "wrong",
        title=f"wrong, {one.module}: {one.mistake}",
        hl_lines=" ".join(map(str, sorted(marked))),
    )


def located(place: str) -> tuple[Path, Path | None]:
    """The file that "02/framing.py" means, and the same file of the step before if it has it."""
    label, _, name = place.partition("/")
    step = find_step(label)
    path = step.path / name
    if not name or not path.is_file():
        raise NoSuchCode(f"step {step.label} has no file {name!r}")
    previous = before(step)
    earlier = previous.path / name if previous else None
    return path, earlier if earlier and earlier.is_file() else None


def span(path: Path, name: str) -> Lines:
    """The lines of a definition: a function, a class, "Class.method" or a constant."""
    tree = ast.parse(path.read_bytes())
    body: list[ast.stmt] = tree.body
    *owners, last = name.split(".")
    for owner in owners:
        found = next((n for n in body if isinstance(n, ast.ClassDef) and n.name == owner), None)
        body = found.body if found else []
    for index, node in enumerate(body):
        if last in _defines(node):
            return _first(node), _last(body, index)
    there = ", ".join(sorted(name for node in tree.body for name in _defines(node)))
    raise NoSuchCode(f"{shown(path)} defines no {name!r}; it defines: {there}")


def changed(old: list[str], new: list[str]) -> set[int]:
    """The numbers of the lines in `new` that are not in `old`, in order."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    spans = (range(j1, j2) for tag, _, _, j1, j2 in matcher.get_opcodes() if tag != "equal")
    return {number + 1 for one in spans for number in one}


def lines_of(path: Path) -> list[str]:
    """The lines of a text file."""
    return path.read_text(encoding="utf-8").split("\n")


def shown(path: Path) -> str:
    """The path from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def _block(path: Path, lines: list[str], where: Lines, marked: set[int]) -> str:
    """One block: numbered as in the file, with what is new in this step marked."""
    first, last = where
    here = [str(number - first + 1) for number in sorted(marked) if first <= number <= last]
    whole = len(here) == last - first + 1  # all of it is new: to mark it would say nothing
    return fenced(
        "\n".join(lines[first - 1 : last]),
        LANGUAGES.get(path.suffix, "text"),
        title=shown(path) + (" (changed lines marked)" if here and not whole else ""),
        linenums=str(first),
        hl_lines="" if whole else " ".join(here),
    )


def _defines(node: ast.stmt) -> set[str]:
    """The names that a statement of a module or a class defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _first(node: ast.stmt) -> int:
    """Its first line, decorators counted in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return first_line(node)
    return node.lineno


def _last(body: list[ast.stmt], index: int) -> int:
    """Its last line; the string below a constant belongs to it."""
    following = body[index + 1] if index + 1 < len(body) else None
    constant = isinstance(body[index], ast.Assign | ast.AnnAssign)
    if constant and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return following.end_lineno or following.lineno
    return body[index].end_lineno or body[index].lineno
