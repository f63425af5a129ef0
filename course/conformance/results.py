"""What a run of the cases has shown, as a document that a page and other programs can read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course.conformance.cases import Case, all_cases
from course.conformance.running import Results
from course.steps import ROOT

FOLDER = ROOT / "docs" / "conformance"
"""What the page shows: a file for each step."""


def document(server: str, cases: Sequence[Case], results: Results) -> dict[str, Any]:
    """For each case what was wrong, "" where nothing was, null where it does not apply."""
    return {"server": server, "cases": {case.id: results[case.id] for case in cases}}


def write(path: Path, found: dict[str, Any]) -> None:
    """Write the document; the same results make the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def published(folder: Path = FOLDER) -> dict[str, Results]:
    """What was published, by the steps' numbers, in order."""
    paths = sorted(folder.glob("[0-9][0-9].json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))["cases"] for path in paths}


def failed(results: Results, level: str = "") -> list[Case]:
    """The cases that failed, those of one level or all."""
    return [case for case in all_cases() if results.get(case.id) and level in ("", case.level)]


def passed_from(case: Case, everything: dict[str, Results], label: str) -> str:
    """The first step, from this one on, whose server passes a case; "" where none does."""
    later = (one for one in everything if one >= label)
    return next((one for one in later if everything[one].get(case.id) == ""), "")
