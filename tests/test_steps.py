"""Every step keeps the rules that make it a step: DESIGN in the form of tests."""

import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import pytest_here

from course import servers, source
from course.steps import ROOT, Exercise, Step, all_steps

STEPS = all_steps()

README_LINES = 60
MODULE_LINES = 170
FUNCTION_LINES = 40
EXERCISES = range(3, 7)
DIFFICULTIES = ("easy", "medium", "hard")

LISTS = ("New", "Changed", "Same", "Gone")

UNLISTED = re.compile(
    r"README\.md|exercises\.toml|test_\w+\.py|(extras|answers|tmp|__pycache__)/|\..*"
)
"""What a README's lists leave out; in tmp/ is what nginx writes."""

GONE = """
aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis
nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
"""
"""Modules of the standard library that Python 3.12 and 3.13 have taken out."""

COME = "annotationlib compression"
"""Modules of the standard library that Python 3.14 has brought."""

INSTALLED = """
anyio asgiref blinker brotli certifi charset_normalizer click django fastapi flask gunicorn h11 h2
hpack httpcore httptools httpx hupper hyperframe hypothesis idna itsdangerous jinja2 markupsafe mypy
plaster playwright pydantic pygments pyramid pytest python_multipart requests rich ruff sniffio
sqlparse starlette translationstring typer urllib3 uvicorn uvloop venusian waitress watchfiles webob
websockets werkzeug wsproto zope zstandard
"""
"""What somebody may install who runs the steps; a module of that name would be in its way."""

WRITTEN_WITH = {
    ("08", "flaskapp"): {"flask"},
    ("08", "djangoapp"): {"django"},
    ("08", "pyramidapp"): {"pyramid"},
}
"""The only modules that may import what is no part of Python: the applications which somebody else
could have written, for a step's server to run. Nothing else in a step imports them."""

each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
each_exercise = pytest.mark.parametrize(
    ("step", "exercise"),
    [pytest.param(step, one, id=one.id) for step in STEPS for one in step.exercises],
)
each_module = pytest.mark.parametrize(
    ("step", "path"),
    [
        pytest.param(step, path, id=f"{step.label}-{path.stem}")
        for step in STEPS
        for path in (*step.modules.values(), *step.extras.values())
    ],
)
each_test_file = pytest.mark.parametrize(
    ("step", "path"),
    [
        pytest.param(step, path, id=f"{step.label}-{path.stem}")
        for step in STEPS
        for path in step.tests
    ],
)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), path)


def functions_in(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that are imported; "." for a relative import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else (node.module or "").partition(".")[0]


def test_steps_are_numbered_without_a_gap() -> None:
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))


# The folder.


def listed(step: Step) -> dict[str, set[str]]:
    """What the README says: {"New": {"router.py"}, "Same": …}; "none" stands for an empty list."""
    text = (step.path / "README.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"^\*\*(\w+)\*\*: (.+(?:\n(?!\n|\*\*).+)*)", text, re.MULTILINE))
    names = {kind: {one.strip("` .\n") for one in found.get(kind, "").split(",")} for kind in LISTS}
    return {kind: some - {"", "none"} for kind, some in names.items()}


def contents(step: Step) -> dict[str, object]:
    """The step's files by name, a folder being one of them: `public/`."""
    result: dict[str, object] = {}
    for path in sorted(step.path.iterdir()):
        name = path.name + "/" * path.is_dir()
        if UNLISTED.fullmatch(name):
            continue
        inner = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        result[name] = [(p.relative_to(step.path), p.read_bytes()) for p in inner]
    return result


@each_step
def test_readme_lists_what_changed(step: Step) -> None:
    """The lists New, Changed, Same and Gone are what comparing the bytes gives."""
    now = contents(step)
    before = contents(STEPS[STEPS.index(step) - 1]) if step is not STEPS[0] else {}
    both = now.keys() & before.keys()
    truth = {
        "New": now.keys() - before.keys(),
        "Changed": {name for name in both if now[name] != before[name]},
        "Same": {name for name in both if now[name] == before[name]},
        "Gone": before.keys() - now.keys(),
    }
    assert listed(step) == truth


@each_step
def test_readme_is_short(step: Step) -> None:
    text = (step.path / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= README_LINES


@each_step
def test_folder_is_flat(step: Step) -> None:
    """A step's modules, and those of its extras, lie side by side; only pages may lie deeper."""
    found = {path.parent.relative_to(step.path).as_posix() for path in step.path.rglob("*.py")}
    assert found <= {".", "extras", "answers", "answers/kept"}


@each_step
def test_no_names_twice(step: Step) -> None:
    """Answers lie in one folder, so a module and an extra must not share a name."""
    assert not step.modules.keys() & step.extras.keys()


@each_step
def test_nothing_is_left_to_do(step: Step) -> None:
    files = [path for path in step.path.rglob("*.*") if path.suffix in {".py", ".md", ".toml"}]
    tasks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    found = [path for path in files if tasks.search(path.read_text(encoding="utf-8"))]
    assert not [path for path in found if "answers" not in path.parts]


def test_answers_are_the_learners_own() -> None:
    """Nothing in answers/ is tracked, and git is told to ignore it."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "answers/" in {line.removeprefix("/").removeprefix("steps/*/") for line in ignored}
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--", "steps/*/answers/*"]
        assert not subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


@each_step
def test_folder_runs_anywhere(step: Step, tmp_path: Path) -> None:
    """Copied elsewhere the server runs, tells where, and ends in order when it is told to."""
    others = shutil.ignore_patterns("answers", "extras", "test_*.py", "__pycache__")
    copy = shutil.copytree(step.path, tmp_path / "copy", ignore=others)
    command = [sys.executable, "server.py", "--host", "127.0.0.1", "--port", "0"]
    running = servers.start(command, cwd=copy)
    try:
        assert running.host == "127.0.0.1"
        assert running.port > 0
    finally:
        running.stop()
    if os.name == "posix":
        assert running.process is not None
        assert running.process.returncode == 0


# Its modules.


@each_module
def test_module_compiles(step: Step, path: Path) -> None:
    """A file with conflict markers may be the same in every step, and still be no module."""
    compile(path.read_bytes(), path, "exec")


@each_module
def test_module_needs_nothing_else(step: Step, path: Path) -> None:
    """It imports the standard library and the step's own modules, absolutely."""
    own = {*step.modules, path.stem} | WRITTEN_WITH.get((step.label, path.stem), set())
    guests = {name for label, name in WRITTEN_WITH if label == step.label} - {path.stem}
    assert set(imported(tree_of(path))) - sys.stdlib_module_names <= own - guests


@each_module
def test_module_imports_its_own_at_the_top(step: Step, path: Path) -> None:
    """A thread may outlive the stage: an import that it comes to later would find nothing."""
    tree = tree_of(path)
    late = {name for function in functions_in(tree) for name in imported(function)}
    assert not late & {*step.modules, *step.extras}


@each_module
def test_module_name_is_free(step: Step, path: Path) -> None:
    """No module of any supported Python, and no package that users install, has this name."""
    assert path.stem.isidentifier()
    assert path.stem not in {*sys.stdlib_module_names, *f"{GONE} {COME} {INSTALLED}".split()}


@each_module
def test_module_is_short(step: Step, path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@each_module
def test_functions_are_short(step: Step, path: Path) -> None:
    lengths = {
        one.name: (one.end_lineno or 0) - one.lineno + 1 for one in functions_in(tree_of(path))
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def undocumented(scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    """What is public, and has no docstring."""
    if not ast.get_docstring(scope):
        yield scope.name if isinstance(scope, ast.ClassDef) else "the module"
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name.startswith("_"):
                continue
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node)
            elif not ast.get_docstring(node):
                yield node.name


@each_module
def test_module_is_documented(step: Step, path: Path) -> None:
    assert list(undocumented(tree_of(path))) == []


# Its checks.


@each_test_file
def test_checks_need_nothing_else(step: Step, path: Path) -> None:
    """They import the standard library, pytest and the step's own modules, and no more."""
    guests = {name for label, name in WRITTEN_WITH if label == step.label}
    own = {"pytest", *step.modules, *step.extras} - guests
    assert set(imported(tree_of(path))) - sys.stdlib_module_names <= own


@each_test_file
def test_checks_say_what_they_promise(step: Step, path: Path) -> None:
    silent = [
        one.name
        for one in functions_in(tree_of(path))
        if one.name.startswith("test_") and not ast.get_docstring(one)
    ]
    assert silent == []


def marked(step: Step) -> set[str]:
    """The exercises that the step's checks are marked with."""
    nodes = itertools.chain.from_iterable(ast.walk(tree_of(path)) for path in step.tests)
    return {
        argument.value
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.exercise"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }


@each_step
def test_each_exercise_has_checks(step: Step) -> None:
    assert marked(step) == {exercise.id for exercise in step.exercises}


# Its exercises.


@each_step
def test_exercises_go_from_easy_to_hard(step: Step) -> None:
    assert len(step.exercises) in EXERCISES
    assert [one.id for one in step.exercises] == [
        f"{step.label}.{number}" for number in range(1, len(step.exercises) + 1)
    ]
    ranks = [DIFFICULTIES.index(one.difficulty) for one in step.exercises]
    assert ranks == sorted(ranks)
    kinds = [one.kind for one in step.exercises]
    assert 1 <= kinds.count("extend") <= 2
    assert step.about.endswith(".")


@each_exercise
def test_exercise_is_whole(step: Step, exercise: Exercise) -> None:
    tree = tree_of(step.reference(exercise))
    for name in exercise.functions:
        function = source.find(tree, name)
        assert function is not None, f"{exercise.module} has no {name}"
        assert ast.get_docstring(function), f"{name} does not say what it is to do"
    assert 1 <= exercise.minutes <= 120
    assert exercise.module.startswith("extras/") == (exercise.kind == "extend")


@each_exercise
def test_hints_help_more_and_more(step: Step, exercise: Exercise) -> None:
    """Three hints, each with something to say of its own."""
    hints = [hint.strip() for hint in exercise.hints]
    assert all(len(hint) > 20 for hint in hints)
    assert len(set(hints)) == len(hints)


@each_step
def test_reference_passes(step: Step) -> None:
    result = pytest_here(f"steps/{step.label}", "--reference")
    assert result.code == 0, result.text


def test_order_of_the_steps_makes_no_difference() -> None:
    """No step takes a module of another one, whichever comes first."""
    backwards = [f"steps/{step.label}" for step in reversed(STEPS)]
    result = pytest_here(*backwards, "--reference")
    assert result.code == 0, result.text


@each_step
def test_blank_starters_are_red(step: Step, tmp_path: Path) -> None:
    """Each exercise is one calm line, its checks fail; what belongs to no exercise passes."""
    result = pytest_here(f"steps/{step.label}", f"--answers={tmp_path}")
    assert result.code == 1, result.text
    assert "FAILURES" not in result.out
    assert "ERRORS" not in result.out
    assert "Traceback" not in result.text
    for exercise in step.exercises:
        [line] = [
            line for line in result.out.splitlines() if f" {exercise.id} {exercise.title} " in line
        ]
        assert "not written yet" in line
        assert f"{exercise.answer}:" in line
        assert f"python -m course hint {exercise.id}" in line
    assert len(list((tmp_path / step.name).glob("*.py"))) == len(
        {one.answer for one in step.exercises}
    )


@each_step
def test_right_answers_are_green(step: Step, tmp_path: Path) -> None:
    """The reference, handed in as the learner's, does all exercises."""
    answers = tmp_path / step.name
    answers.mkdir()
    for exercise in step.exercises:
        shutil.copy(step.reference(exercise), answers)
    result = pytest_here(f"steps/{step.label}", f"--answers={tmp_path}")
    assert result.code == 0, result.text
    assert f"{len(step.exercises)} of {len(step.exercises)} exercises" in result.out
