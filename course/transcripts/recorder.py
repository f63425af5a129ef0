"""Record transcripts, and compare them with those that were recorded before."""

import difflib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from course.transcripts.programs import Unanswered
from course.transcripts.scripts import FOLDER, Script
from course.transcripts.session import Session
from course.transcripts.workspace import workspace

AT_ONCE = 4
"""Recordings made at the same time: they mostly wait."""


def recorded(script: Script) -> str:
    """What the script's terminals show; raises CourseError where something goes wrong."""
    with workspace(script) as place, Session(script, place) as session:
        try:
            session.play()
        except Unanswered as error:
            raise script.problem(str(error)) from None
        return session.text()


@contextmanager
def being_recorded(scripts: Iterable[Script]) -> Iterator[dict[Script, Future[str]]]:
    """The recordings of many scripts, side by side; to ask for one may raise CourseError."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            yield {script: pool.submit(recorded, script) for script in scripts}
        finally:
            pool.shutdown(cancel_futures=True)


def kept(script: Script) -> str:
    """What was recorded before; "" for nothing."""
    try:
        return script.recording.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def keep(script: Script, text: str) -> None:
    """Write a recording to its file."""
    script.recording.parent.mkdir(parents=True, exist_ok=True)
    script.recording.write_text(text, encoding="utf-8", newline="\n")


def difference(script: Script, text: str) -> str:
    """How a recording differs from the one that was kept, as a unified diff; "" if it does not."""
    name = script.recording.relative_to(FOLDER.parent).as_posix()
    before, after = kept(script).splitlines(), text.splitlines()
    diff = difflib.unified_diff(
        before, after, f"{name} as kept", f"{name} as it is now", lineterm=""
    )
    return "\n".join(diff)
