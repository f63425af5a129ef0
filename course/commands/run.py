"""`run`: a step's server in the foreground, the reference or the learner's."""

import os
import sys
from pathlib import Path

from course.environment import ROOT, replace_process
from course.steps import CourseError, Step, find_step

MAIN = 'if __name__ == "__main__":'


def run_step(text: str, script: str, options: list[str], *, mine: bool) -> None:
    """Become the step's server. CourseError for a step or a script that is not there."""
    replace_process(command_for(find_step(text), script, options, mine=mine))


def command_for(step: Step, script: str, options: list[str], *, mine: bool) -> list[str]:
    """The command that runs a script of the step; CourseError where the step has no such one.

    Scripts in `extras/` import the step's modules, so they need the stage even without `mine`.
    """
    name = script.removesuffix(".py")
    known = scripts(step)
    if name not in known:
        names = ", ".join(known) or "none"
        raise CourseError(f"step {step.label} has no script {name!r}; it has: {names}")
    if not mine and name in step.modules:
        return [sys.executable, str(known[name]), *options]
    os.environ["PYTHONPATH"] = str(ROOT)
    stage = [sys.executable, "-m", "course.stage", *(["--mine"] if mine else [])]
    return [*stage, "--script", name, step.label, "--", *options]


def scripts(step: Step) -> dict[str, Path]:
    """The modules of the step that can be run, by name; `server` first."""
    modules = {**step.modules, **step.extras}
    runnable = [name for name, path in modules.items() if MAIN in path.read_text(encoding="utf-8")]
    return {name: modules[name] for name in sorted(runnable, key=lambda name: name != "server")}
