"""The README's picture: what a failing check really prints, as an SVG.

    python -m course.picture docs/assets/failing-check.svg

It makes a copy of the course, puts an answer with a spelling mistake into it, and runs the check.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from course.steps import ROOT

STEP, ANSWER = "01_echo_server", "hello.py"

RIGHT, WRONG = '"Content-Length: {', '"Content-Lenght: {'

CHECK = "steps/01::TestGreeting::test_browser_gets_it"

COLUMNS = 100

RUN_SECONDS = 60

FONT_FROM_ELSEWHERE = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
"""Rich asks another host for its font; a picture that needs no network asks for any of fixed
width."""


def make_picture(path: Path) -> None:
    """Run the check and draw what it prints; raises RuntimeError where it prints no report."""
    with tempfile.TemporaryDirectory() as folder:
        copy_course(Path(folder))
        report = report_in(run_check(Path(folder)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn(report), encoding="utf-8", newline="\n")


def copy_course(folder: Path) -> None:
    """The course with one wrong answer in it, so that nobody's own answers are touched."""
    without = shutil.ignore_patterns("answers", "__pycache__", ".*")
    shutil.copytree(ROOT / "course", folder / "course", ignore=without)
    shutil.copytree(ROOT / "steps" / STEP, folder / "steps" / STEP, ignore=without)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    source = (ROOT / "steps" / STEP / ANSWER).read_text(encoding="utf-8")
    answers = folder / "steps" / STEP / "answers"
    answers.mkdir()
    (answers / ANSWER).write_text(source.replace(RIGHT, WRONG), encoding="utf-8")


def run_check(folder: Path) -> str:
    """What pytest prints, in colour, and in ASCII: not every font has the signs for CR and LF."""
    surrounding = {"COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "ascii", "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", CHECK, "--color=yes"],
        cwd=folder,
        env=os.environ | surrounding,
        capture_output=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
        check=False,
    )
    return done.stdout + done.stderr


def report_in(output: str) -> Text:
    """The report of the check: from the line under its name to the hint."""
    text = Text.from_ansi(output)
    found = re.search(r"^_+ \S+ _+\n(.*?^hint [^\n]*)", text.plain, re.DOTALL | re.MULTILINE)
    if found is None:
        raise RuntimeError(f"The check did not fail as it should:\n{output}")
    return text[found.start(1) : found.end(1)]


def drawn(report: Text) -> str:
    """The SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(report)
    template = FONT_FROM_ELSEWHERE.sub("", CONSOLE_SVG_FORMAT)
    return console.export_svg(title=f"pytest {CHECK}", code_format=template)


if __name__ == "__main__":
    make_picture(Path(sys.argv[1]))
