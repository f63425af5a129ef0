"""What the playground runs, packed for the page: the course, pytest, and each step.

`course.zip` holds what runs a step's server, `pytest.zip` what its checks need beside it,
`steps/04.zip` a step's folder, and `steps/04.json` what the page shows of it: tabs and exercises.
The same input gives the same bytes.
"""

import ast
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import files
from pathlib import Path, PurePosixPath

from course import answers, source
from course.steps import ROOT, Exercise, Step, all_steps

STARTS = ("course.playground", "course.plugin", "course.reporting", "course.fixtures")
"""The modules that the page, or pytest by its name, imports; what they import comes along."""

BESIDE = ("conftest.py", "pyproject.toml")

PACKAGES = ("pytest", "pluggy", "iniconfig", "packaging")
"""The distributions that pytest consists of, each of them pure Python."""

COLOURING = (
    "pygments.formatters.terminal",
    "pygments.lexers.diff",
    "pygments.lexers.python",
    "pygments.styles.default",
)
"""The part of Pygments that pytest uses: the whole would be larger than all the rest."""

TEXTS = frozenset({".py", ".html", ".css", ".js"})
"""The files that a tab can show."""

ALL_ALIKE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive."""

Files = Mapping[str, bytes]


def write_bundle(folder: Path) -> None:
    """Write the archives, and what the page shows of each step, into the playground's folder."""
    (folder / "steps").mkdir(parents=True, exist_ok=True)
    (folder / "course.zip").write_bytes(packed(course_files()))
    (folder / "pytest.zip").write_bytes(packed(pytest_files()))
    for step in all_steps():
        (folder / "steps" / f"{step.label}.zip").write_bytes(packed(step_files(step)))
        text = json.dumps(shown(step), ensure_ascii=False, indent=1)
        (folder / "steps" / f"{step.label}.json").write_bytes(text.encode())


def packed(content: Files) -> bytes:
    """An archive of the files, in the order of their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(content):
            info = zipfile.ZipInfo(name, ALL_ALIKE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            info.create_system = 3  # the same on every system
            archive.writestr(info, content[name])
    return buffer.getvalue()


def course_files() -> dict[str, bytes]:
    """The course's modules that the page needs, and the two files that pytest looks for."""
    wanted = imported(STARTS, ROOT)
    paths = [*wanted, *(ROOT / name for name in BESIDE)]
    paths += (ROOT / "course" / "playground").glob("*.py")
    return {path.relative_to(ROOT).as_posix(): text_of(path) for path in paths}


def pytest_files() -> dict[str, bytes]:
    """What pytest consists of, as it is installed here, and what it imports."""
    content = {}
    for name in PACKAGES:
        for file in files(name) or ():
            if file.suffix == ".py" and ".." not in file.parts:
                content[file.as_posix()] = Path(str(file.locate())).read_bytes()
    [init] = [one for one in files("pygments") or () if one.as_posix() == "pygments/__init__.py"]
    home = Path(str(init.locate())).parent.parent
    for path in imported(COLOURING, home):
        content[path.relative_to(home).as_posix()] = path.read_bytes()
    return content


def step_files(step: Step) -> dict[str, bytes]:
    """The step's folder without what is the learner's own."""
    paths = [step.path / "exercises.toml", *step.modules.values(), *step.extras.values()]
    paths += step.tests
    public = step.path / "public"
    content = {path.relative_to(ROOT).as_posix(): text_of(path) for path in paths}
    for path in sorted(public.rglob("*")) if public.is_dir() else ():
        if path.is_file():
            content[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return content


def shown(step: Step) -> dict[str, object]:
    """What the page shows of a step: its files, and its exercises with their starters."""
    names = (PurePosixPath(name).relative_to(f"steps/{step.name}") for name in step_files(step))
    return {
        "name": step.name,
        "files": [
            {"name": name.as_posix(), "text": answers.read(step.path / name)}
            for name in sorted(names, key=_order)
            if name.suffix in TEXTS
        ],
        "exercises": [_exercise(step, one) for one in step.exercises],
    }


def _order(name: PurePosixPath) -> tuple[int, str]:
    """Modules first, then solutions of exercises, pages, and checks."""
    kinds = {"extras": 1, "public": 2}
    kind = kinds.get(name.parts[0], 3 if name.name.startswith("test_") else 0)
    return kind, name.as_posix()


def _exercise(step: Step, exercise: Exercise) -> dict[str, object]:
    return {
        "id": exercise.id,
        "title": exercise.title,
        "minutes": exercise.minutes,
        "difficulty": exercise.difficulty,
        "file": exercise.module,
        "functions": exercise.functions,
        "hints": [hint.strip() for hint in exercise.hints],
        "starter": _starter(step, exercise),
    }


def _starter(step: Step, exercise: Exercise) -> str:
    """The exercise's module with all functions that are to be written, as a machine has it."""
    together = [one for one in step.exercises if one.module == exercise.module]
    names = {name: one.id for one in together for name in one.functions}
    return source.blanked(answers.read(step.reference(exercise)), names)


def imported(names: Iterable[str], root: Path) -> set[Path]:
    """The files of these modules and of all that they import, as far as they lie under `root`."""
    found = set[Path]()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = _file(name, root)
        if path is None or path in found:
            continue
        found.add(path)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += _imports(ast.parse(path.read_bytes()), package)
    return found


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    """The names of the modules that may be meant by a module's imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *filter(None, [base])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _file(name: str, root: Path) -> Path | None:
    """The file of a module under `root`; None for another's."""
    path = root.joinpath(*name.split("."))
    places = (path / "__init__.py", path.with_suffix(".py"))
    return next((place for place in places if name and place.is_file()), None)


def text_of(path: Path) -> bytes:
    """A text file with the line ends that it has in the repository."""
    return path.read_bytes().replace(b"\r\n", b"\n")
