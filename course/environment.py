"""The course's own environment, `.venv`: is it there and whole, and the way into it.

Standard library alone: this runs before anything is installed. A stamp inside `.venv`, written
last, says from which locks it was made, by which Python and where. No stamp, no environment.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "course" / "locks"
STAMP = VENV / "course.json"

GROUPS = {"start": ("start",), "test": ("start", "test")}
"""Which locks are satisfied once a group is installed: `test` holds all of `start`."""

SETS_UP = {"start": "start", "site": "start", "test": "test"}
"""The commands that set up what is missing before they do anything else, and which group."""

NODE = "node"
"""The lock that brings Node, installed where the machine has none."""

OLDEST_NODE = 18

PYTHON = "py" if os.name == "nt" else "python3"
"""How a person calls Python before the set-up."""

PROGRAM = "python -m course"
"""How a person calls the course after it, with `.venv` activated."""

HELP = f"""Build your own HTTP server, in Python, from a TCP socket up.

  {PYTHON} -m course start     make .venv, install what is pinned, build the site, serve it
  {PYTHON} -m course test      the same, and what the tests need, then all the tests

After `start` there are: run, check, watch, hint, diff, reset, carry, send, site, wiretap, bench,
attack, conformance. Each has a --help with an example, and `{PYTHON} -m course` alone shows where
you are.
"""


@dataclass(frozen=True)
class Stamp:
    """What a finished set-up says of itself."""

    venv: str
    python: str
    version: str
    locks: dict[str, str]


def enter(arguments: list[str]) -> NoReturn:
    """Run the command line inside `.venv`; those that SETS_UP names make it where need be.

    Exits with the command's code: 2, with one line, where nothing is installed yet.
    """
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    command = next((word for word in arguments if not word.startswith("-")), "")
    asks_help = "--help" in arguments
    if command in SETS_UP and not asks_help:
        prepare(SETS_UP[command])
    elif problem := trouble("start"):
        if asks_help:
            print(HELP, end="")
            sys.exit(0)
        refuse(problem)
    if inside():
        from course.cli import main  # only here is anything installed

        main(arguments)
    replace_process([str(venv_python()), "-m", "course", *arguments])


def refuse(problem: str) -> NoReturn:
    """Say why no command can be run yet, and what to do."""
    from course.one_set_up import UNDER_WAY, under_way

    fail(UNDER_WAY if under_way() else f"{problem}: run {PYTHON} -m course start")


def prepare(group: str) -> None:
    """Make `.venv`, or bring it up to date, unless it is; exits with one line where that fails."""
    if trouble(*wanted(group)) or made_by_another_python():
        from course.install import set_up
        from course.set_up_failed import SetUpFailed

        try:
            set_up(group)
        except SetUpFailed as error:
            if trouble(*wanted(group)):
                fail(str(error))
            print(f"{error}. The .venv that was there is used.", file=sys.stderr)
        except KeyboardInterrupt:
            print("\nStopped. The same command starts over.", file=sys.stderr)
            sys.exit(130)


def wanted(group: str) -> tuple[str, ...]:
    """The locks that a group needs on this machine."""
    return GROUPS[group] if has_node() else (*GROUPS[group], NODE)


def has_node() -> bool:
    """Whether Node and npm are on the PATH, and not too old to bundle the site's front end."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    version = re.match(r"v(\d+)", said.stdout)
    return version is not None and int(version[1]) >= OLDEST_NODE


def trouble(*locks: str) -> str:
    """Why `.venv` cannot be used where these locks are needed, or nothing where it can."""
    stamp = read_stamp()
    if stamp is None:
        return "The last set-up did not finish" if STAMP.exists() else "Nothing is installed yet"
    if not venv_python().exists() or not Path(stamp.python).exists():
        return "The Python that made .venv is gone"
    if Path(stamp.venv) != VENV:
        return "The course has moved, and .venv cannot move with it"
    if any(stamp.locks.get(lock) != lock_hash(lock) for lock in locks):
        return "What the course needs has changed since it was set up"
    return ""


def made_by_another_python() -> bool:
    """Whether `.venv` has another Python, say 3.11, than the one that runs this, say 3.13."""
    stamp = read_stamp()
    return stamp is not None and stamp.version != this_version()


def read_stamp() -> Stamp | None:
    """The stamp of a finished set-up, or None."""
    try:
        return Stamp(**json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(python: str, locks: Iterable[str]) -> None:
    """Say that the set-up is finished: in one move, so that there is never half a stamp."""
    hashes = {lock: lock_hash(lock) for lock in locks}
    stamp = Stamp(str(VENV), python, this_version(), hashes)
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(stamp), indent=2) + "\n", encoding="utf-8")
    unfinished.replace(STAMP)


def lock_hash(lock: str) -> str:
    """The hash of a lock's content, the same whatever line ends git gave it."""
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def this_version() -> str:
    """The version that decides where packages go: "3.11"."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def venv_python() -> Path:
    """The Python of `.venv`."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def inside() -> bool:
    """Whether this process runs on the Python of `.venv`."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def replace_process(command: list[str]) -> NoReturn:
    """Go on as another program; on Windows, which cannot, stand by for its exit code."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue  # The other one has it too, and says how it ends.


def fail(message: str) -> NoReturn:
    """One line on stderr, exit code 2."""
    print(message, file=sys.stderr)
    sys.exit(2)
