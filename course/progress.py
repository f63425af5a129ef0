"""What the learner has done so far: one small file in each step's answers folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from course import answers
from course.steps import CourseError, Step

FILE = ".progress.json"


@dataclass
class Record:
    """One exercise: done or not, and how many of its hints were shown."""

    done: bool = False
    hints: int = 0


@dataclass(frozen=True)
class Summary:
    """A step's progress in numbers, for a table."""

    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total


def load(step: Step, base: Path | None = None) -> dict[str, Record]:
    """A record for each exercise of the step; a file that is missing or spoilt counts as none."""
    try:
        saved = json.loads(_path(step, base).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        saved = {}
    return {one.id: _record(saved, one.id) for one in step.exercises}


def save(step: Step, records: Mapping[str, Record], base: Path | None = None) -> None:
    """Write the records down.

    Raises CourseError where the answers folder cannot be written to.
    """
    path = _path(step, base)
    text = json.dumps({name: asdict(record) for name, record in records.items()}, indent=2)
    scratch = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text + "\n", encoding="utf-8")
        scratch.replace(path)  # a run that is cut off leaves the old file whole
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CourseError(f"cannot write {answers.shown(path)}: {reason}") from None


def summary(step: Step, base: Path | None = None) -> Summary:
    """How many of the step's exercises are done."""
    records = load(step, base)
    return Summary(sum(record.done for record in records.values()), len(records))


def _path(step: Step, base: Path | None) -> Path:
    return answers.folder(step, base) / FILE


def _record(saved: object, name: str) -> Record:
    entry = saved.get(name) if isinstance(saved, dict) else None
    if not isinstance(entry, dict):
        return Record()
    hints = entry.get("hints")
    return Record(entry.get("done") is True, hints if type(hints) is int and hints > 0 else 0)
