"""A course of two small steps in a temporary folder, and a pytest that runs in it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parent.parent

RUN_SECONDS = 60
"""No run in these tests takes longer than some seconds; one that does has to end all the same."""

WORDS = '''\
"""Words, loud and quiet."""

import string

LOUD = "!"


def shout(text: str) -> str:
    """The text in capitals, with an exclamation mark."""
    return text.upper() + LOUD


# What stands between the functions stays.


def whisper(text: str) -> str:
    """The text in small letters, without punctuation."""
    # This comment gives the answer away.
    table = str.maketrans("", "", string.punctuation)
    return text.lower().translate(table)


class Greeter:
    """Greets by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def greet(self) -> bytes:
        """A line for the wire."""
        return f"Hello, {self.name}\\r\\n".encode()
'''

SERVER = '''\
"""Answers every connection with a greeting."""

import socket
import sys

from words import Greeter


def main() -> None:
    """Serve until it is killed."""
    port = int(sys.argv[sys.argv.index("--port") + 1])
    with socket.create_server(("127.0.0.1", port)) as listener:
        print(f"Serving on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(Greeter("world").greet())


if __name__ == "__main__":
    main()
'''

TWICE = '''\
"""Says everything twice."""

from words import shout


def twice(text: str) -> str:
    """The text, shouted two times."""
    return 2 * shout(text)
'''

EXERCISE = """
    [[exercise]]
    id = "{id}"
    title = "{title}"
    kind = "{kind}"
    minutes = 5
    difficulty = "easy"
    section = "a-section"
    module = "{module}"
    functions = {functions}
    hints = ["Look at the docstring.", "Do as it says.", "Nearly the answer."]
"""

TEST_WORDS = '''\
import probe
import pytest

from words import Greeter, shout, whisper


@pytest.mark.exercise("01.1")
def test_shout():
    """What is shouted comes in capitals."""
    assert shout("hello") == "HELLO!"


@pytest.mark.exercise("01.1")
@pytest.mark.parametrize("text", ["a", "b c", "d"])
def test_shout_ends(text):
    """A shout ends with an exclamation mark."""
    assert shout(text).endswith("!")


@pytest.mark.exercise("01.2")
def test_whisper():
    """A whisper has no punctuation."""
    assert whisper("Hello, you!") == "hello you"


@pytest.mark.exercise("01.2")
def test_greet():
    """The greeting is a line of bytes."""
    assert Greeter("Ada").greet() == b"Hello, Ada\\r\\n"


def test_probe():
    """Step 01 sees its own modules."""
    assert probe.STEP == 1
'''

TEST_TWICE = '''\
import pytest

from twice import twice

pytestmark = pytest.mark.exercise("01.3")


def test_twice(rng):
    """Twice is twice."""
    text = str(rng.randrange(10**9))
    assert twice(text) == f"{text}!{text}!"
'''

TEST_SERVER = '''\
import pytest


@pytest.mark.exercise("01.2")
def test_greets(server):
    """The server greets the world."""
    with server.connect() as wire:
        wire.expect_bytes(b"Hello, world\\r\\n")
        wire.expect_closed()
'''

TEST_SHAPE = '''\
import probe
import pytest

from shape import area
from words import shout


@pytest.mark.exercise("02.1")
def test_area():
    """The area is width times height."""
    assert area(2, 3) == 6


class TestProbe:
    def test_probe(self):
        """Step 02 sees its own modules."""
        assert probe.STEP == 2

    def test_words(self):
        """Step 02 has the words of step 01."""
        assert shout("a") == "A!"
'''

SHAPE = '''\
"""Shapes."""


def area(width: int, height: int) -> int:
    """Width times height."""
    return width * height
'''


def exercise(number: str, title: str, module: str, *functions: str) -> str:
    """An exercise's table."""
    kind = "extend" if module.startswith("extras/") else "rebuild"
    names = list(functions)
    return EXERCISE.format(id=number, title=title, kind=kind, module=module, functions=names)


STEPS = {
    "01_words/words.py": WORDS,
    "01_words/server.py": SERVER,
    "01_words/probe.py": '"""Tells the steps apart."""\n\nSTEP = 1\n',
    "01_words/extras/twice.py": TWICE,
    "01_words/test_words.py": TEST_WORDS,
    "01_words/test_twice.py": TEST_TWICE,
    "01_words/test_server.py": TEST_SERVER,
    "01_words/exercises.toml": exercise("01.1", "Shout", "words.py", "shout")
    + exercise("01.2", "Whisper and greet", "words.py", "whisper", "Greeter.greet")
    + exercise("01.3", "Say it twice", "extras/twice.py", "twice"),
    "02_shapes/words.py": WORDS,
    "02_shapes/shape.py": SHAPE,
    "02_shapes/probe.py": '"""Tells the steps apart."""\n\nSTEP = 2\n',
    "02_shapes/test_words.py": TEST_SHAPE,
    "02_shapes/exercises.toml": exercise("02.1", "Measure", "shape.py", "area"),
}

SOLUTIONS = {
    "words.py": WORDS.replace("# This comment gives the answer away.", "# mine"),
    "twice.py": TWICE,
    "shape.py": SHAPE,
}


@dataclass(frozen=True)
class Result:
    """How a run of pytest ended."""

    code: int
    out: str
    err: str

    @property
    def counts(self) -> dict[str, int]:
        """What pytest's last line counts: {"failed": 2, "passed": 1}."""
        last = self.out.rstrip().splitlines()[-1] if self.out.strip() else ""
        return {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", last)}

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.out + self.err


class Course:
    """A course's repository with the machinery of this one and steps of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def create(cls, root: Path) -> "Course":
        """A new one: two steps, nothing answered yet."""
        bytecode = shutil.ignore_patterns("locks", "*.html", "*.css")
        shutil.copytree(ROOT / "course", root / "course", ignore=bytecode)
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy2(ROOT / name, root / name)
        course = cls(root.resolve())
        for name, text in STEPS.items():
            course.write(f"steps/{name}", text)
        return course

    def write(self, name: str, text: str) -> Path:
        """Write a file of the repository."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def answers(self, step: str = "01_words") -> Path:
        """The learner's folder of a step."""
        return self.root / "steps" / step / "answers"

    def answer(self, name: str, text: str, step: str = "01_words") -> Path:
        """Write a learner's file."""
        return self.write(f"steps/{step}/answers/{name}", text)

    def solve(self) -> None:
        """Write all answers, the right ones."""
        for name, text in SOLUTIONS.items():
            self.answer(name, text, "02_shapes" if name == "shape.py" else "01_words")

    def pytest(
        self, *arguments: str, folder: str = "", env: dict[str, str] | None = None
    ) -> Result:
        """Run pytest in a folder of the repository."""
        command = [sys.executable, "-m", "pytest", *arguments]
        return run(command, self.root / folder, env)


def run(command: list[str], folder: Path, env: dict[str, str] | None = None) -> Result:
    """Run a command to its end, in a surrounding that does not know this one."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "PYTEST_"))}
    surrounding = {
        **inherited,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": "",
        "COLUMNS": "120",
        **(env or {}),
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=surrounding,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=RUN_SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def pytest_here(*arguments: str, env: dict[str, str] | None = None) -> Result:
    """Run pytest on this repository's own steps."""
    return run([sys.executable, "-m", "pytest", *arguments], ROOT, env)
