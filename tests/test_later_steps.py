"""A server does not go backwards: what steps 03 and 04 promise, every later step's server keeps."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from support import ROOT, Result, pytest_here, run

from course.steps import Step, all_steps, find_step

KEPT = ("03", "04")
"""The steps whose demo application the later ones still serve."""

MODELS = ["one", "pool", "selectors", "asyncio", *["fork"] * hasattr(os, "fork")]
"""How step 06 serves where it is told; without options it takes threads."""

SERVED = (*(f"--model {one}" for one in MODELS), "--model selectors --workers 0")

VARIANTS = {"06": SERVED, "07": SERVED}
"""Options with which a step's server must keep the promises too, each set as one text."""

LATER = [step for step in all_steps() if step.label > max(KEPT) and "app" in step.modules]

each_later_step = pytest.mark.parametrize("later", LATER, ids=lambda step: step.name)
each_kept_step = pytest.mark.parametrize("kept", KEPT)
each_variant = pytest.mark.parametrize(
    ("later", "options"),
    [
        pytest.param(step, options, id=f"{step.label} {options}".strip())
        for step in LATER
        for options in ("", *VARIANTS.get(step.label, ()))
    ],
)


def test_there_are_later_steps() -> None:
    assert [step.label for step in LATER][:1] == ["05"]
    assert VARIANTS.keys() <= {step.label for step in LATER}


@each_variant
def test_wire_checks_pass(later: Step, options: str) -> None:
    """The checks over the wire, of which some need another option and are left out here."""
    server = later.modules["server"].relative_to(ROOT)
    command = f'"{sys.executable}" "{server}" --port {{port}} {options}'
    result = pytest_here(*(f"steps/{kept}" for kept in KEPT), "--server", command)
    assert result.code == 0, result.text
    assert result.counts["passed"] >= 40
    assert result.counts.keys() <= {"passed", "skipped", "deselected"}


def beside(kept: Step, later: Step, root: Path) -> Result:
    """The kept step's checks of its server, run in a copy of the course beside the later modules.

    So they can start the later server with any options, and none is left out.
    """
    shutil.copytree(ROOT / "course", root / "course", ignore=shutil.ignore_patterns("locks"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, root / name)
    folder = root / "steps" / kept.name
    others = shutil.ignore_patterns("answers", "extras", "test_*.py", "__pycache__")
    shutil.copytree(later.path, folder, ignore=others)
    shutil.copytree(kept.path / "extras", folder / "extras")
    for name in ("exercises.toml", "test_server.py"):
        shutil.copy2(kept.path / name, folder / name)
    command = [sys.executable, "-m", "pytest", f"steps/{kept.label}", "--reference"]
    return run(command, root)


@each_kept_step
@each_later_step
def test_all_checks_of_the_server_pass(later: Step, kept: str, tmp_path: Path) -> None:
    result = beside(find_step(kept), later, tmp_path)
    assert result.code == 0, result.text
    assert result.counts["passed"] >= 40
    assert "failed" not in result.counts


def test_what_goes_backwards_is_noticed(tmp_path: Path) -> None:
    """These tests are tests: a server that has lost a route, or serves what is hidden, fails."""
    kept, later = find_step("04"), find_step("05")
    copy = tmp_path / "later"
    shutil.copytree(later.path, copy, ignore=shutil.ignore_patterns("answers", "__pycache__"))
    safe = copy / "safe_paths.py"
    text = safe.read_text(encoding="utf-8")
    assert "def is_safe_name(" in text
    safe.write_text(
        text + "\n\ndef is_safe_name(name: str) -> bool:\n    return True\n", encoding="utf-8"
    )
    result = beside(kept, Step(later.number, later.name, copy), tmp_path / "course")
    assert result.code == 1, result.text
    assert "test_traversal[dotfile]" in result.out
