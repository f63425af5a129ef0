"""Wrong versions of a step's modules: how they are written down, and laid over the right ones."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.source import replaced
from course.steps import ROOT, Step, find_step

FOLDER = ROOT / "tests" / "mutants"

FIELDS = ("mistake", "module", "check", "phrase")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Mutant:
    """A plausible wrong answer: what is wrong in it, and which check says so in what words."""

    path: Path
    mistake: str
    module: str
    check: str
    phrase: str

    @classmethod
    def read(cls, path: Path) -> "Mutant":
        """The mutant in a file; raises ValueError for a header that is not complete."""
        pairs = re.findall(r"^# (\w+): (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        header = {key: value.strip() for key, value in reversed(pairs)}
        if list(dict(pairs))[: len(FIELDS)] != list(FIELDS):
            raise ValueError(f"{path.name} needs a header of: {', '.join(FIELDS)}")
        return cls(path, **{field: header[field] for field in FIELDS})

    @property
    def name(self) -> str:
        """What it is called among all: "01_echo_server/no_limit"."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def step(self) -> Step:
        """The step whose module it spoils."""
        return find_step(self.path.parent.name)

    @property
    def reference(self) -> Path:
        """The right version of the module."""
        name = self.module.removeprefix("extras/").removesuffix(".py")
        return {**self.step.modules, **self.step.extras}[name]

    @property
    def text(self) -> str:
        """The whole module with the mistake in it."""
        return ast.unparse(merged(parsed(self.reference), parsed(self.path)))

    @property
    def source(self) -> str:
        """The same as a person would have written it: the comments of the module are kept."""
        text = self.reference.read_text(encoding="utf-8")
        wrong = self.path.read_text(encoding="utf-8")
        for name in functions(parsed(self.path).body):
            text = replaced(text, name, wrong)
        same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(self.text))
        return text if same else self.text + "\n"


def all_mutants() -> list[Mutant]:
    """Every mutant of every step."""
    return [Mutant.read(path) for path in sorted(FOLDER.glob("*/*.py"))]


def functions(body: list[ast.stmt], owner: str = "") -> Iterator[str]:
    """The functions and methods that a module defines: "echo", "Router.match"."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{owner}{node.name}.")
        elif isinstance(node, Definition):
            yield f"{owner}{node.name}"


def parsed(path: Path) -> ast.Module:
    """The module in a file, as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"), path)


def merged(reference: ast.Module, mutant: ast.Module) -> ast.Module:
    """The reference with the mutant's definitions in place of its own."""
    overlay(reference.body, mutant.body)
    return ast.fix_missing_locations(reference)


def overlay(body: list[ast.stmt], changes: list[ast.stmt]) -> None:
    """Replace what `changes` defines anew, go into its classes, and add what is new."""
    for change in changes:
        if is_docstring(change):
            continue
        index = next((i for i, old in enumerate(body) if names(old) & names(change)), None)
        if index is None:
            body.insert(place_for(change, body), change)
        elif isinstance(change, ast.ClassDef) and isinstance(old := body[index], ast.ClassDef):
            overlay(old.body, change.body)
        else:
            body[index] = change


def names(statement: ast.stmt) -> set[str]:
    """What a statement defines; imports define nothing here, they are always added."""
    if isinstance(statement, Definition):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def place_for(change: ast.stmt, body: list[ast.stmt]) -> int:
    """Imports go to the top, other new things before the code that starts the program."""
    if isinstance(change, ast.Import | ast.ImportFrom):
        return 1 if body and is_docstring(body[0]) else 0
    starts = (i for i, old in enumerate(body) if isinstance(old, ast.If) and starts_program(old))
    return next(starts, len(body))


def starts_program(node: ast.If) -> bool:
    """Whether it is `if __name__ == "__main__":`."""
    return "__name__" in ast.unparse(node.test)


def is_docstring(node: ast.stmt) -> bool:
    """Whether it is a string that stands by itself."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def without_docstrings(tree: ast.Module) -> str:
    """The module as text in which only what runs counts."""
    for node in ast.walk(tree):
        if isinstance(node, Definition | ast.Module):
            node.body = [one for one in node.body if not is_docstring(one)] or [ast.Pass()]
    return ast.dump(tree)
