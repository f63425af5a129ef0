"""One run of the checks: whose modules are on stage, which checks there are, how they ended."""

import os
import random
import re
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pytest

from course import answers, progress
from course.answers import Place, State
from course.selection import STEPS
from course.stage import Stage
from course.steps import CourseError, Exercise, Step

LOOPING_SECONDS = 2.0
"""What a check may take once another check of its exercise has run out of time."""

UNWRITTEN = re.compile(r"exercise (\d\d\.\d+)")
"""What a starter's raise says, wherever it comes up."""

Outcome = Literal["passed", "failed", "skipped", "waits", "closed"]
"""How a check ended: "waits" met a function that is not written yet, "closed" was not run, as its
exercise is blank or broken."""


@dataclass(eq=False)
class Check:
    """One check (a pytest item) of a step and how it ended."""

    step: Step
    exercise: Exercise | None
    name: str
    over_the_wire: bool = False
    outcome: Outcome | None = None
    waits_for: str = ""
    hung: bool = False

    @property
    def belongs(self) -> tuple[int, str | None]:
        """The step's number and the exercise's id."""
        return (self.step.number, self.exercise.id if self.exercise else None)

    @property
    def replay(self) -> str:
        """What repeats this check alone: `steps/02::test_x[1]`."""
        target = f"steps/{self.step.label}::{self.name}"
        return subprocess.list2cmdline([target]) if os.name == "nt" else shlex.quote(target)


class NotWritten(Exception):
    """Raised in place of running a check whose exercise is blank or broken."""


@dataclass
class Run:
    """What the plugin knows while pytest runs.

    `learner` tells a run of the learner's answers from one of the reference or of a foreign server
    (`foreign`: its command or, if it is `attached` to, its address). `selected` are steps of which
    perhaps not every check runs, `asked_for` the exercises in them of which every check does.
    """

    learner: bool
    base: Path | None = None
    foreign: str = ""
    attached: bool = False
    seed: int = field(default_factory=lambda: random.SystemRandom().randrange(10**6))
    write: bool = True
    checks: dict[str, Check] = field(default_factory=dict)
    written: list[list[Path]] = field(default_factory=list)
    left_out: int = 0
    status: int = 0
    running: Check | None = None
    comparison: list[str] = field(default_factory=list)
    selected: set[Step] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)
    stages: dict[Step, Stage] = field(default_factory=dict)
    _states: dict[str, State] = field(default_factory=dict)
    _looping: set[str] = field(default_factory=set)

    @property
    def ran(self) -> bool:
        """Whether any check has come to an end."""
        return any(check.outcome for check in self.checks.values())

    @property
    def roots(self) -> list[Path]:
        """The folders whose files a learner wants to see in a traceback."""
        return [STEPS, *([self.base] if self.base else [])]

    @property
    def answers_option(self) -> str:
        """What a command needs to find the same answers."""
        return f" --answers={answers.shown(self.base)}" if self.base else ""

    def stage(self, step: Step) -> Stage:
        """The step's stage; the first time, the learner's missing starters are written.

        Raises CourseError where they cannot be.
        """
        if step not in self.stages:
            if self.learner and self.write and (paths := answers.write_starters(step, self.base)):
                self.written.append(paths)
            stage = Stage(step, mine=self.learner, base=self.base)
            if self.learner:
                stage.load()
            self.stages[step] = stage
        return self.stages[step]

    def state(self, step: Step, exercise: Exercise) -> State:
        """How far the learner was with the exercise when the run began."""
        if exercise.id not in self._states:
            state = answers.state(step, exercise, self.base)
            if broken := self.stage(step).broken.get(Path(exercise.answer).stem):
                state = replace(state, kind="broken", broken=broken)
            self._states[exercise.id] = state
        return self._states[exercise.id]

    def open_state(self, check: Check) -> State | None:
        """The state of the check's exercise if that is not written yet, or cannot be used."""
        if not self.learner or check.exercise is None:
            return None
        state = self.state(check.step, check.exercise)
        return state if state.kind in ("blank", "missing", "broken") else None

    def places(self, check: Check) -> tuple[Place, ...]:
        """Where to look when the check fails: the functions of its exercise."""
        return self.state(check.step, check.exercise).places if check.exercise else ()

    def random(self, check: str) -> random.Random:
        """The same numbers for the same check and seed, whatever else runs."""
        return random.Random(f"{self.seed} {check}")

    def seconds(self, check: Check, allowed: float) -> float:
        """What the check may take: less once another one of its exercise took too long."""
        looping = check.exercise is not None and check.exercise.id in self._looping
        return min(allowed, LOOPING_SECONDS) if looping else allowed

    def ran_out_of_time(self, check: Check) -> None:
        """Do not wait as long for the other checks of this exercise."""
        if check.exercise:
            self._looping.add(check.exercise.id)

    def of(self, step: Step, exercise: Exercise | None) -> list[Check]:
        """The checks of an exercise in this run; with None those that belong to no exercise."""
        wanted = (step.number, exercise.id if exercise else None)
        return [check for check in self.checks.values() if check.belongs == wanted]

    def has_wrong_exercise(self, step: Step) -> bool:
        """Whether a check of one of the step's exercises failed: others may fail because of it."""
        return any(
            check.outcome == "failed" and check.exercise and check.step == step
            for check in self.checks.values()
        )

    def steps(self) -> list[Step]:
        """The steps that have checks in this run, in order."""
        return sorted({check.step for check in self.checks.values()}, key=lambda one: one.number)

    def decides(self, step: Step, exercise: Exercise) -> bool:
        """Whether this run tells if the exercise is done: all of its checks belong to it."""
        return step not in self.selected or exercise.id in self.asked_for

    def save_progress(self) -> None:
        """Note what is done; a run of a part of an exercise's checks says nothing about it."""
        for step in self.steps():
            if any(check.outcome is None for check in self.checks.values() if check.step == step):
                continue
            decided = [one for one in step.exercises if self.decides(step, one)]
            records = progress.load(step, self.base)
            for exercise in decided:
                records[exercise.id].done = all_passed(self.of(step, exercise))
            if decided:
                progress.save(step, records, self.base)


RUN = pytest.StashKey[Run]()
"""Where pytest's config keeps the run."""

CHECK = pytest.StashKey[Check]()
"""Where an item that is a step's check keeps it."""


def all_passed(checks: Iterable[Check]) -> bool:
    """Whether there are checks, and each of them passed."""
    outcomes = {check.outcome for check in checks}
    return outcomes == {"passed"}


def unwritten_in(error: BaseException) -> str:
    """The exercise whose starter's raise is behind an error, or nothing.

    The raise may have happened in a server, whose traceback the error then quotes.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NotImplementedError) and (found := UNWRITTEN.search(str(seen))):
            return found[1]
        if found := re.search(rf"{NotImplementedError.__name__}: {UNWRITTEN.pattern}", str(seen)):
            return found[1]
        seen = seen.__cause__ or seen.__context__
    return ""


def exercise_of(step: Step, wanted: object) -> Exercise:
    """The step's exercise of that id; raises CourseError for an id that it does not have."""
    for exercise in step.exercises:
        if exercise.id == wanted:
            return exercise
    known = ", ".join(exercise.id for exercise in step.exercises) or "none"
    raise CourseError(f"step {step.label} has no exercise {wanted!r}; its exercises: {known}")
