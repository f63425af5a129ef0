"""Make `.venv` and install a lock into it, with progress. Standard library alone.

An environment that worked is never lost to a missing network: it is added to in place, or kept
aside until the new one is whole. One that was left half made is marked so, and made anew.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from course.environment import (
    LOCKS,
    NODE,
    STAMP,
    VENV,
    read_stamp,
    this_version,
    venv_python,
    wanted,
    write_stamp,
)
from course.one_set_up import alone
from course.set_up_failed import SetUpFailed, explain, is_disk_full, last_line, no_module

OLD = VENV.with_name(".venv.old")

LOOK = "import sys; print('%d.%d' % sys.version_info[:2]); import pip"
"""Tells the version of a `.venv` that is there, and fails where it cannot install."""

PROBE = """
import sys, sysconfig
import mkdocs, nbclient, pytest, rich, typer, watchfiles
print(sysconfig.get_path("purelib"))
print(sys._base_executable)
"""
PROBE_SECONDS = 120
"""Long enough for a slow disk and a virus scanner that looks at every file for the first time."""

UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "UV_TARGET", "UV_PREFIX")
"""A person's own settings that would send the packages elsewhere."""

PACKAGE = re.compile(
    r"(?:Collecting |Requirement already satisfied: |Processing .*[/\\])([\w.-]+?)(?=-\d|[=<> ])"
)
"""What pip says when it turns to a package: on the network, here already, in a folder."""

BEGUN = re.compile(r"Installing collected packages|Prepared \d+ package")
"""What pip and uv say once all is downloaded, and the environment begins to change."""

Show = Callable[[str], None]


class ProgressLine:
    """One line that changes on a terminal; elsewhere a line for each part."""

    def __init__(self) -> None:
        self.part = ""
        self.moving = sys.stdout.isatty()

    def show(self, text: str) -> None:
        """Say what is being done: "2 of 3 installing 12/24 rich"."""
        if self.moving:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + text[:width].ljust(width), end="", flush=True)
        elif text[0] != self.part:
            self.part = text[0]
            print(text, flush=True)

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        if self.moving:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1), end="\r", flush=True)


def set_up(group: str) -> None:
    """Make `.venv`, install the group's lock, see that it works, and stamp it.

    Raises SetUpFailed. A stamp is there afterwards if, and only if, all went well.
    """
    line = ProgressLine()
    try:
        with alone():
            bring_about(group, line.show)
    except OSError as error:
        raise SetUpFailed(explain(str(error))) from None
    finally:
        line.clear()
    print("Set up in .venv.", flush=True)


def bring_about(group: str, show: Show) -> None:
    """Add to `.venv` where that can be done, else make it."""
    recover()
    uv = find_uv()
    if can_add_to_what_is_there(uv):
        add(group, uv, show)
        return
    if VENV.exists():
        VENV.rename(OLD)
    make_anew(group, uv, show)


def recover() -> None:
    """After a set-up that was killed: the environment that was kept aside comes back."""
    if not OLD.exists():
        return
    if read_stamp() is None and VENV.exists():
        shutil.rmtree(VENV)
    if VENV.exists():
        shutil.rmtree(OLD)
    else:
        OLD.rename(VENV)


def can_add_to_what_is_there(uv: str | None) -> bool:
    """Whether `.venv` works, was not left half made, and has the version of this Python."""
    stamp = read_stamp()
    if stamp is None and STAMP.exists():
        return False
    if stamp is not None and Path(stamp.venv) != VENV:
        return False
    look = LOOK.removesuffix("; import pip") if uv else LOOK
    try:
        answer = ask(venv_python(), look)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.split() == [this_version()]


def make_anew(group: str, uv: str | None, show: Show) -> None:
    """Make `.venv` and fill it; where that fails, what was there before comes back."""
    try:
        show(f"1 of 3 making .venv with Python {this_version()} ...")
        make(with_pip=uv is None)
        fill(group, uv, show)
    except BaseException:
        shutil.rmtree(VENV, ignore_errors=True)
        if OLD.exists():
            OLD.rename(VENV)
        raise
    shutil.rmtree(OLD, ignore_errors=True)


def add(group: str, uv: str | None, show: Show) -> None:
    """Install into the `.venv` that is there; its stamp stays if nothing in it changed."""
    previous = STAMP.read_bytes() if STAMP.exists() else None
    STAMP.write_text("unfinished\n", encoding="utf-8")
    try:
        fill(group, uv, show)
    except SetUpFailed as error:
        if not error.begun:
            STAMP.unlink() if previous is None else STAMP.write_bytes(previous)
        raise


def make(with_pip: bool) -> None:
    """A new virtual environment, marked as unfinished before anything else."""
    need("venv")
    VENV.mkdir()
    STAMP.write_text("unfinished\n", encoding="utf-8")
    base = getattr(sys, "_base_executable", None) or sys.executable
    status, output = follow([base, "-m", "venv", "--without-pip", str(VENV)])
    if status:
        raise SetUpFailed(explain(output))
    if with_pip:
        give_pip()


def give_pip() -> None:
    """Put the pip that comes with Python into the environment."""
    need("ensurepip")
    status, output = follow([str(venv_python()), "-m", "ensurepip", "--default-pip"])
    if status:
        raise SetUpFailed(explain(output), begun=False)


def need(module: str) -> None:
    """SetUpFailed where this Python lacks a module of its standard library, as Debian's does."""
    if importlib.util.find_spec(module) is None:
        raise SetUpFailed(no_module(module), begun=False)


def fill(group: str, uv: str | None, show: Show) -> None:
    """Install the lock, see that it works, and stamp the environment."""
    locks = wanted(group)
    show("2 of 3 installing ...")
    install([LOCKS / f"{lock}.txt" for lock in locks if lock in (group, NODE)], uv, show)
    show("3 of 3 looking whether it works ...")
    try:
        packages, python = ask(venv_python(), PROBE).splitlines()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        detail = last_line(getattr(error, "stderr", "") or str(error))
        raise SetUpFailed(f"What was installed does not work: {detail}") from None
    pointer = Path(packages, "course.pth")
    pointer.write_text(f"{VENV.parent}\n", encoding="utf-8")  # `-m course` from any folder
    write_stamp(os.path.realpath(python), locks)


def install(locks: list[Path], uv: str | None, show: Show) -> None:
    """Install locks with uv, or with pip where there is no uv or it cannot do it."""
    files = [word for lock in locks for word in ("-r", str(lock))]
    common = ["install", "--require-hashes", *files]
    python = str(venv_python())
    counter = Counter(locks, show)
    if uv:
        options = ["--python", python, "--compile-bytecode", "--no-progress"]
        status, output = follow([uv, "pip", *common, *options], counter)
        if not status:
            return
        if counter.begun or is_disk_full(output):
            raise SetUpFailed(explain(output), counter.begun)
        show("2 of 3 installing with pip, as uv could not ...")
        give_pip()
    options = ["--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    status, output = follow([python, "-m", "pip", *common, *options], counter)
    if status:
        raise SetUpFailed(explain(output), counter.begun)


class Counter:
    """Reads what pip says, and tells how far it is: "2 of 3 installing 12/24 rich"."""

    def __init__(self, locks: list[Path], show: Show) -> None:
        self.show = show
        text = "\n".join(lock.read_text(encoding="utf-8") for lock in locks)
        self.total = len(re.findall(r"^\w", text, re.MULTILINE))
        self.count = 0
        self.begun = False

    def __call__(self, line: str) -> None:
        """Take one line of pip's or uv's output."""
        if line.startswith("Ignoring "):  # a package for another system
            self.total -= 1
        elif package := PACKAGE.match(line.partition("(from")[0]):
            self.count += 1
            self.show(f"2 of 3 installing {self.count}/{self.total} {package[1]}")
        elif line.startswith("WARNING: Retrying"):
            self.show("2 of 3 installing: no answer from the package registry, trying again")
        elif BEGUN.match(line):
            self.begun = True
            self.show(f"2 of 3 installing {self.total}/{self.total}, unpacking ...")


def follow(command: list[str], take: Callable[[str], None] | None = None) -> tuple[int, str]:
    """Run a command and hand on each line as it comes; its exit code and all its output."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=clean_environ(),
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line)
                if take:
                    take(line)
        except BaseException:
            process.kill()
            raise
    return process.returncode, "".join(lines)


def ask(python: Path, code: str) -> str:
    """What a few lines print in another Python; SubprocessError where they fail."""
    run = [str(python), "-c", code]
    return subprocess.run(
        run,
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PROBE_SECONDS,
        env=clean_environ(),
    ).stdout


def clean_environ() -> dict[str, str]:
    """The environment variables, without those that would send the packages elsewhere."""
    environ = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return environ | {"PIP_USER": "0", "PYTHONIOENCODING": "utf-8"}


def find_uv() -> str | None:
    """The uv on the PATH, if there is one: not that of a `.venv` that may be made anew."""
    found = shutil.which("uv")
    return None if found is None or VENV in Path(found).parents else found
