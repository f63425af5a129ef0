"""Find the steps and their exercises: everything else in `course` starts from here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

ROOT = Path(__file__).resolve().parent.parent

Kind = Literal["rebuild", "extend"]
Difficulty = Literal["easy", "medium", "hard"]

STEP_FOLDER = re.compile(r"(\d\d)_[a-z0-9_]+")
STEP_NUMBER = re.compile(r"\d{1,2}")


class CourseError(Exception):
    """Something that a person can mend; its message is one clear line."""


class UnknownStep(CourseError):
    """The text names no step; the message lists those there are."""


class BadExercises(CourseError):
    """An `exercises.toml` is not what the course expects; the message says where and why."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a step: the functions to write, and the help along the way."""

    id: str
    title: str
    kind: Kind
    minutes: int
    difficulty: Difficulty
    section: str
    module: str
    functions: tuple[str, ...]
    hints: tuple[str, str, str]

    @property
    def step(self) -> int:
        """The number of the step that the exercise belongs to."""
        return int(self.id.partition(".")[0])

    @property
    def answer(self) -> str:
        """The name of the learner's file in `answers/`."""
        return self.module.rpartition("/")[2]


@dataclass(frozen=True)
class Step:
    """One folder of `steps/`: a server as it stands at the end of a chapter."""

    number: int
    name: str
    path: Path

    @property
    def label(self) -> str:
        """The number as the folder has it: "04"."""
        return self.name[:2]

    @property
    def title(self) -> str:
        """The folder's name in words: "static files"."""
        return self.name[3:].replace("_", " ")

    @cached_property
    def modules(self) -> dict[str, Path]:
        """The server's own modules by name, tests left out."""
        return _modules(self.path)

    @cached_property
    def extras(self) -> dict[str, Path]:
        """The solutions of the exercises that go beyond the step, by module name."""
        return _modules(self.path / "extras")

    @cached_property
    def tests(self) -> tuple[Path, ...]:
        """The files that hold the step's checks."""
        return tuple(sorted(self.path.glob("test_*.py")))

    @cached_property
    def heading(self) -> str:
        """The step's name as one writes it above a page: "Static files", "WSGI"."""
        return str(_read(self.path).get("title", self.title.capitalize()))

    @cached_property
    def about(self) -> str:
        """One sentence on the step."""
        return str(_read(self.path).get("about", ""))

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """The step's exercises, easy to hard.

        Raises BadExercises, which names the file and what is wrong in it.
        """
        path = self.path / "exercises.toml"
        tables = _read(self.path).get("exercise", [])
        if not isinstance(tables, list):
            raise BadExercises(f"{path}: write each exercise as a table, [[exercise]]")
        return tuple(_exercise(path, table) for table in tables)

    def reference(self, exercise: Exercise) -> Path:
        """The file that holds the exercise's solution."""
        return self.path / exercise.module


def all_steps(root: Path = ROOT) -> list[Step]:
    """Every step under `root`, in order."""
    folders = sorted(path for path in (root / "steps").glob("[0-9][0-9]_*") if path.is_dir())
    return [
        Step(int(path.name[:2]), path.name, path)
        for path in folders
        if STEP_FOLDER.fullmatch(path.name)
    ]


def find_step(text: str, root: Path = ROOT) -> Step:
    """The step that `text` names: "4", "04", "04_static_files" or "steps/04".

    Raises UnknownStep, whose message lists the steps.
    """
    steps = all_steps(root)
    wanted = text.replace("\\", "/").rstrip("/").removeprefix("./").removeprefix("steps/")
    for step in steps:
        if wanted == step.name or (STEP_NUMBER.fullmatch(wanted) and int(wanted) == step.number):
            return step
    raise UnknownStep(f"there is no step {wanted or text!r}; the steps are: {_listing(steps)}")


def find_exercise(text: str, root: Path = ROOT) -> tuple[Step, Exercise]:
    """The exercise that `text` names, "02.1" or "2.1", with its step.

    Raises UnknownStep, or CourseError whose message lists the step's exercises.
    """
    number, _, rest = text.partition(".")
    step = find_step(number, root)
    for exercise in step.exercises:
        if exercise.id == f"{step.label}.{rest}":
            return step, exercise
    listing = ", ".join(f"{one.id} ({one.title})" for one in step.exercises) or "none"
    raise CourseError(f"there is no exercise {text!r}; step {step.label} has: {listing}")


def _listing(steps: list[Step]) -> str:
    return ", ".join(f"{step.label} ({step.title})" for step in steps) or "none yet"


def _modules(folder: Path) -> dict[str, Path]:
    files = sorted(folder.glob("*.py"))
    return {path.stem: path for path in files if not path.name.startswith("test_")}


def _read(folder: Path) -> Mapping[str, object]:
    path = folder / "exercises.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadExercises(f"{path}: {error}") from None


FIELDS: Mapping[str, type] = {
    "id": str,
    "title": str,
    "kind": str,
    "minutes": int,
    "difficulty": str,
    "section": str,
    "module": str,
    "functions": list,
    "hints": list,
}
HINTS = 3


def _exercise(path: Path, table: Mapping[str, object]) -> Exercise:
    problem = _problem(table)
    if problem:
        raise BadExercises(f"{path}: exercise {table.get('id', '?')}: {problem}")
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in table.items()}
    return Exercise(**values)  # type: ignore[arg-type]  # _problem looked at each


def _problem(table: Mapping[str, object]) -> str:
    """What is wrong with an exercise's table, or nothing."""
    if odd := sorted(FIELDS.keys() ^ table.keys()):
        state = "missing" if odd[0] in FIELDS else "not known"
        return f"the field {odd[0]!r} is {state}; expected {', '.join(FIELDS)}"
    for name, kind in FIELDS.items():
        value = table[name]
        if type(value) is not kind or not value:
            return f"{name!r} must be a {kind.__name__} and not empty, not {value!r}"
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            return f"{name!r} must hold strings only"
    if len(table["hints"]) != HINTS:  # type: ignore[arg-type]
        return f"{HINTS} hints are expected: where to look, what to do, nearly the answer"
    for name, choices in (("kind", get_args(Kind)), ("difficulty", get_args(Difficulty))):
        if table[name] not in choices:
            return f"{name!r} must be one of {', '.join(choices)}, not {table[name]!r}"
    return ""
