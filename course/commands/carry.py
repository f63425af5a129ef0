"""`carry`: a change made in one step, merged into the later steps that have the same file.

From step to step: what changed in the earlier one since the last commit is the change that the
next one gets, and what the next one makes of it is the change for the one after.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from course.console import Out
from course.environment import PROGRAM, ROOT
from course.steps import CourseError, Step, all_steps, find_step

OWN = ("README.md", "exercises.toml")
"""Files that each step writes for itself, beside its checks and the learner's answers."""

MARKER = b"<<<<<<< "

ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
"""What git sets for its hooks, and what would lead it to another repository than this."""

Outcome = Literal["carried", "merged", "the same already", "conflict"]


@dataclass(frozen=True)
class Merge:
    """What came out of carrying one file one step further."""

    content: bytes
    outcome: Outcome


def carry_forward(text: str) -> int:
    """Carry each changed file as far as it goes; returns the exit code, 1 for a conflict.

    CourseError for an unknown step, a missing git, and a file with conflict markers in it.
    """
    step = find_step(text)
    git("rev-parse", "--verify", "--quiet", "HEAD", wanted="commit the course once, then change it")
    names = changed(step)
    out = Out()
    if not names:
        out.say(f"Nothing to carry: step {step.label} is as in the last commit.")
    later = [one for one in all_steps() if one.number > step.number]
    return 0 if all(carry_file(name, step, later, out) for name in names) else 1


def changed(step: Step) -> list[str]:
    """The step's carried files that differ from the last commit, by their names in the step."""
    listing = git("diff", "--name-only", "-z", "--diff-filter=M", "--relative", "HEAD", at=step)
    return [name for name in listing.decode().split("\0") if name and is_carried(name)]


def is_carried(name: str) -> bool:
    """Whether a file is carried: not what each step has of its own."""
    path = PurePosixPath(name)
    return not (
        path.parts[0] == "answers"
        or name in OWN
        or (path.name.startswith("test_") and path.suffix == ".py")
    )


def carry_file(name: str, step: Step, later: list[Step], out: Out) -> bool:
    """Carry one file through the later steps; False where it stops at a conflict."""
    earlier = step
    base, theirs = committed(step, name), read_clean(step, name)
    homes = [one for one in later if (one.path / name).is_file()]
    if not homes:
        out.say(f"{name}: no later step has it")
    for home in homes:
        ours = read_clean(home, name)
        merge = merge_into(base, theirs, ours, labels=(home, earlier, name))
        if merge.content != ours:
            (home.path / name).write_bytes(merge.content)
        place = f"steps/{home.name}/{name}"
        if merge.outcome == "conflict":
            report_conflict(place, home, merge.content == ours, out)
            return False
        out.say(f"{place}: {merge.outcome}")
        base = committed(home, name, otherwise=ours)
        theirs, earlier = merge.content, home
    return True


def report_conflict(place: str, home: Step, untouched: bool, out: Out) -> None:
    """Say where the way ends, and how it goes on."""
    what = "it is binary and differs" if untouched else "the markers are in it"
    out.say((f"{place}: conflict, {what}", "bold red"))
    out.say(f"Mend it, then go on from there: {PROGRAM} carry {home.label}")


def merge_into(base: bytes, theirs: bytes, ours: bytes, labels: tuple[Step, Step, str]) -> Merge:
    """Three-way merge of one file; a binary one is only ever replaced whole."""
    if ours == theirs:
        return Merge(ours, "the same already")
    if ours == base:
        return Merge(theirs, "carried")
    if theirs == base:
        return Merge(ours, "the same already")
    if any(b"\0" in content for content in (base, theirs, ours)):
        return Merge(ours, "conflict")
    return merge_text(base, theirs, ours, labels)


def merge_text(base: bytes, theirs: bytes, ours: bytes, labels: tuple[Step, Step, str]) -> Merge:
    """What `git merge-file` makes of three versions; its exit code counts the conflicts."""
    home, earlier, name = labels
    titles = (f"step {home.label}", "last commit", f"step {earlier.label}")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, part) for part in ("ours", "base", "theirs")]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        options = [word for title in titles for word in ("-L", f"{title} {name}")]
        command = ["git", "merge-file", "-p", "--diff3", *options, *map(str, paths)]
        run = subprocess.run(command, capture_output=True, timeout=60)
    if run.returncode < 0 or run.returncode > 127:
        raise CourseError(f"git merge-file failed on {name}: {run.stderr.decode().strip()}")
    if run.returncode:
        return Merge(run.stdout, "conflict")
    return Merge(run.stdout, "the same already" if run.stdout == ours else "merged")


def read_clean(step: Step, name: str) -> bytes:
    """A file of the working tree; CourseError while it has conflict markers in it."""
    content = (step.path / name).read_bytes()
    if any(line.startswith(MARKER) for line in content.splitlines()):
        raise CourseError(f"steps/{step.name}/{name} has conflict markers in it: mend it first")
    return content


def committed(step: Step, name: str, otherwise: bytes | None = None) -> bytes:
    """A file as the last commit has it, or `otherwise` where it has none."""
    try:
        return git("cat-file", "blob", f"HEAD:./{name}", at=step)
    except CourseError:
        if otherwise is None:
            raise
        return otherwise


def git(*words: str, at: Step | None = None, wanted: str = "") -> bytes:
    """What a git command prints; CourseError where there is no git, or it fails."""
    program = shutil.which("git")
    if program is None:
        raise CourseError("carry needs git, and there is none on the PATH: install it")
    command = [program, "-C", str(at.path if at else ROOT), *words]
    here = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    run = subprocess.run(command, capture_output=True, timeout=60, env=here)
    if run.returncode:
        reason = " ".join(run.stderr.decode(errors="replace").split()) or "there is no commit yet"
        raise CourseError(f"git {words[0]}: {reason}{f'; {wanted}' if wanted else ''}")
    return run.stdout
