"""Where transcripts are recorded: a copy of the steps and of the course, and nothing else around.

In the copy nobody has answered anything, and the steps' files have a fixed date, so that entity
tags and Last-Modified are the same everywhere.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course.mutation import FOLDER as MUTANTS
from course.mutation import Mutant
from course.steps import ROOT
from course.tools import SYSTEM_FOLDERS
from course.transcripts.constant import COLUMNS, FILES_DATE
from course.transcripts.scripts import Script

NOT_COPIED = shutil.ignore_patterns("answers", "__pycache__", "locks")

ENTRY = """\
import sys

from course.cli import main

main(sys.argv[1:])
"""
"""The copy's way in: the copy has no `.venv` of its own, and needs no set-up."""

CURL_SETTINGS = """\
no-progress-meter
no-buffer
user-agent = "curl/8.5.0"
"""

SEED = 2025
"""What random inputs start from, so that reports show the same ones."""


@dataclass(frozen=True)
class Workspace:
    """The copy, and the environment variables that programs have in it."""

    root: Path
    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """All that programs know of the machine."""
        ours, theirs = str(Path(sys.executable).parent), os.environ.get("PATH", "")
        programs = os.pathsep.join([ours, theirs, *SYSTEM_FOLDERS])
        return {
            "PATH": programs,
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": str(COLUMNS),
            "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTEST_ADDOPTS": f"--seed={SEED} -p no:cacheprovider",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }


@contextmanager
def workspace(script: Script) -> Iterator[Workspace]:
    """A fresh copy with the script's mutant, files and folders in it."""
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        place = Workspace(Path(folder, "course").resolve(), Path(folder, "home").resolve())
        place.home.mkdir()
        (place.home / ".curlrc").write_text(CURL_SETTINGS)
        copy(place.root)
        if script.mutant:
            put_mutant(script, place.root)
        for name in script.files:
            shutil.copy(script.source.with_suffix("") / name, place.root / name)
        for name in script.folders:
            (place.root / name).mkdir()
        date_files(place.root / "steps")
        yield place


def copy(root: Path) -> None:
    """The parts of the repository that a reader's commands use."""
    for folder in ("steps", "course"):
        shutil.copytree(ROOT / folder, root / folder, ignore=NOT_COPIED)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    (root / "course" / "__main__.py").write_text(ENTRY)


def put_mutant(script: Script, root: Path) -> None:
    """The mutant's module, in place of the right one."""
    path = MUTANTS / script.mutant
    if not path.is_file():
        raise script.problem(f"there is no mutant {script.mutant!r} in tests/mutants/")
    mutant = Mutant.read(path)
    (root / mutant.reference.relative_to(ROOT)).write_text(mutant.source, encoding="utf-8")


def date_files(folder: Path) -> None:
    """Give all that is in the folder the same date."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (FILES_DATE.timestamp(), FILES_DATE.timestamp()))
