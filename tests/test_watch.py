"""`watch`: on a terminal of its own, and in a pipe."""

import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.commands import watching
from tests.command_line import PROGRAM, running
from tests.support import SOLUTIONS, Course

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
SECONDS = 20
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SURROUNDING = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TERM": "xterm", "COLUMNS": "100"}


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course of two small steps, nothing answered."""
    return Course.create(tmp_path / "course")


class Terminal:
    """A program on a pseudo-terminal: keys go in, the screen comes out."""

    def __init__(self, arguments: tuple[str, ...], root: Path) -> None:
        self.keyboard, self.inner = os.openpty()
        self.before = self.modes()
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=root,
            env=os.environ | SURROUNDING | {"PYTHONPATH": ""},
            stdin=self.inner,
            stdout=self.inner,
            stderr=self.inner,
            start_new_session=True,
        )
        self.screen = ""

    def modes(self) -> list[object]:
        """How the terminal is set."""
        import termios

        return termios.tcgetattr(self.inner)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until the screen matches; what it matches is then behind us."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.screen)):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.keyboard], [], [], max(left, 0))
            assert ready, f"no {pattern!r} in:\n{self.screen}"
            text = os.read(self.keyboard, 65536).decode("utf-8", "replace")
            self.screen += COLOUR.sub("", text).replace("\r\n", "\n")
        self.screen = self.screen[found.end() :]
        return found

    def press(self, key: str) -> None:
        """Press a key."""
        os.write(self.keyboard, key.encode())

    def ends(self) -> int:
        """The exit code of a program that should end by now."""
        return self.process.wait(SECONDS)


@contextmanager
def terminal(*arguments: str, root: Path) -> Iterator[Terminal]:
    """Start a program on a terminal, and end both afterwards."""
    one = Terminal(arguments, root)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()
        os.close(one.keyboard)
        os.close(one.inner)


OFFER = r"save to check again · r or Enter: now · h: hint · q: quit"


@POSIX
def test_a_session(small: Course):
    """Checks at once, on save, on a key; gives a hint; puts the terminal back."""
    with terminal("watch", "01", root=small.root) as watch:
        watch.wait_for(r"Watching steps/01_words\b")
        watch.wait_for(r"0 of 3 exercises")
        watch.wait_for(OFFER)
        assert watch.modes() != watch.before
        small.solve()
        watch.wait_for(r"3 of 3 exercises")
        watch.wait_for(OFFER)
        for key in "r\n":
            watch.press(key)
            watch.wait_for(r"3 of 3 exercises")
            watch.wait_for(OFFER)
        watch.press("h")
        watch.wait_for("Every exercise of step 01 is done.")
        small.answer("words.py", SOLUTIONS["words.py"].replace("upper", "lower"))
        watch.wait_for(r"2 of 3 exercises")
        watch.wait_for(OFFER)
        for number in (1, 2):
            watch.press("H")
            watch.wait_for(rf"01\.1 Shout, hint {number} of 3")
            watch.wait_for("The next one: press h\n")
        watch.press("x")
        watch.press("q")
        assert watch.ends() == 0
        watch.wait_for("Stopped watching.")
        assert watch.modes() == watch.before


@POSIX
@pytest.mark.parametrize("how", ["ctrl-c", "SIGTERM"])
def test_the_terminal_is_put_back(small: Course, how: str):
    """However the watch ends: Ctrl-C on the keyboard, or a signal."""
    with terminal("watch", "01", root=small.root) as watch:
        watch.wait_for(OFFER)
        if how == "SIGTERM":
            watch.process.send_signal(signal.SIGTERM)
        else:
            os.killpg(watch.process.pid, signal.SIGINT)
        assert watch.ends() == 0
        assert watch.modes() == watch.before


SLOW = '''
    """Takes its time."""

    import pathlib
    import time

    pathlib.Path("begun").touch()
    time.sleep(30)
'''


@POSIX
@pytest.mark.parametrize("how", ["q", "ctrl-c"])
def test_a_check_that_runs_is_ended(small: Course, how: str):
    """Nobody has to wait for it, and it leaves nothing behind."""
    small.write("steps/01_words/test_slow.py", SLOW)
    with terminal("watch", "01", root=small.root) as watch:
        watch.wait_for("Watching")
        began = time.monotonic()
        while not (small.root / "begun").exists():
            assert time.monotonic() - began < SECONDS
            time.sleep(0.01)
        began = time.monotonic()
        if how == "q":
            watch.press("q")
        else:
            os.killpg(watch.process.pid, signal.SIGINT)
        assert watch.ends() == 0
        assert time.monotonic() - began < 8
        watch.wait_for("Stopped watching.")


@POSIX
@pytest.mark.parametrize("options", [[], ["--poll"]])
def test_in_a_pipe_it_only_watches(small: Course, options: list[str]):
    """Without a keyboard there are no keys; by looking again and again it finds the same."""
    with running("watch", "01", *options, root=small.root, env=SURROUNDING) as watch:
        head = watch.wait_for(r"Watching steps.01_words(.*)\n")
        assert ("looking again and again" in head[1]) is bool(options)
        watch.wait_for("0 of 3 exercises")
        watch.wait_for("save to check again · Ctrl-C: quit")
        small.solve()
        watch.wait_for("3 of 3 exercises")
        assert watch.interrupt() == 0


def test_the_answers_of_earlier_steps_are_watched(small: Course, tmp_path: Path):
    """They are on the later step's stage; so is a folder that COURSE_ANSWERS names."""
    elsewhere = tmp_path / "mine"
    (elsewhere / "01_words").mkdir(parents=True)
    env = SURROUNDING | {"COURSE_ANSWERS": str(elsewhere)}
    with running("watch", "02", root=small.root, env=env) as watch:
        names = watch.wait_for(r"Watching (.*)\n")[1]
    assert re.search(r"steps.02_shapes, .*mine.01_words, .*mine.02_shapes", names)


@pytest.mark.parametrize("option", [["--answers", "mine"], ["--answers=mine"]])
def test_the_answers_in_a_folder_that_is_named(small: Course, option: list[str]):
    """They are watched and checked, and the learner's own are let be."""
    (small.root / "mine").mkdir()
    with running("watch", "01", *option, root=small.root, env=SURROUNDING) as watch:
        watch.wait_for(r"Watching steps.01_words, mine.01_words\n")
        watch.wait_for("0 of 3 exercises")
        for name, text in SOLUTIONS.items():
            small.write(f"mine/01_words/{name}", text)
        watch.wait_for("3 of 3 exercises")
    assert not small.answers().exists()


def test_where_the_system_cannot_watch_files_are_looked_at(tmp_path: Path, monkeypatch):
    """A system that has no watches left raises an error at once."""

    def watch(*folders: Path, **options: object):
        raise OSError(28, "No space left on device")
        yield

    saved = threading.Event()
    monkeypatch.setattr(watching, "watch", watch)
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    watcher = watching.Watcher([tmp_path], saved.set, poll=False)
    (tmp_path / "words.py").write_text("x = 1")
    assert saved.wait(SECONDS)
    watcher.stop()
    watcher.thread.join(SECONDS)
    assert not watcher.thread.is_alive()


def test_looking_finds_every_kind_of_change(tmp_path: Path):
    """Two saves within a moment too; what did not change is no change."""
    path = tmp_path / "words.py"
    path.write_text("one")
    watcher = watching.Watcher([tmp_path], lambda: None, poll=True)
    watcher.stop()
    first = watcher.glance()
    assert watcher.glance() == first
    path.write_text("four")
    second = watcher.glance()
    (tmp_path / "more.py").touch()
    third = watcher.glance()
    path.unlink()
    assert len({str(one) for one in (first, second, third, watcher.glance())}) == 4


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("answers/words.py", True),
        ("exercises.toml", True),
        ("answers/.progress.json", False),
        ("answers/kept/words_2026-01-01_10-00-00.py", False),
        ("__pycache__/words.cpython-311.pyc", False),
        ("answers/words.py~", False),
        ("answers/.words.py.swp", False),
    ],
)
def test_what_counts_as_saved(path: str, counts: bool):
    """What a check leaves behind must not start the next one."""
    assert watching.is_source(watching.Change.modified, f"/course/steps/01_words/{path}") is counts
