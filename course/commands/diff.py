"""`diff`: what a step changed since the step before, module by module."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.text import Text

from course.console import Out
from course.environment import PROGRAM, ROOT
from course.steps import CourseError, Step, all_steps, find_step

State = Literal["New", "Changed", "Gone", "Same"]
STATES: tuple[State, ...] = ("New", "Changed", "Gone", "Same")
COLOURS = {"+": "green", "-": "red", "@": "cyan"}
LABEL_WIDTH = 9


@dataclass(frozen=True)
class Module:
    """One module in two steps; None where a step does not have it."""

    name: str
    before: Path | None
    after: Path | None

    @property
    def state(self) -> State:
        """What happened to it."""
        if self.before is None:
            return "New"
        if self.after is None:
            return "Gone"
        return "Same" if self.before.read_bytes() == self.after.read_bytes() else "Changed"

    def diff(self) -> list[str]:
        """The lines of a unified diff."""
        old, new = lines_of(self.before), lines_of(self.after)
        names = (shown(self.before), shown(self.after))
        return list(difflib.unified_diff(old, new, *names, lineterm=""))


def show_diff(text: str, module: str = "") -> None:
    """Print the summary and the diffs; CourseError for an unknown step or module."""
    step = find_step(text)
    earlier = [one for one in all_steps() if one.number < step.number]
    out = Out()
    if not earlier:
        out.say(f"Step {step.label} is the first: there is nothing before it to compare with.")
        return
    modules = compare(earlier[-1], step)
    if module:
        show_module(pick(modules, module, step), out)
        return
    show_summary(modules, out)
    for one in modules:
        if one.state == "Changed":
            out.print()
            show_module(one, out)
    if new := [one.name for one in modules if one.state == "New"]:
        out.print()
        out.say("A new module, whole: ", (f"{PROGRAM} diff {step.label} {new[0]}", "cyan"))


def compare(before: Step, after: Step) -> list[Module]:
    """Every module of the two steps."""
    names = sorted({*before.modules, *after.modules})
    return [
        Module(f"{name}.py", before.modules.get(name), after.modules.get(name)) for name in names
    ]


def pick(modules: list[Module], text: str, step: Step) -> Module:
    """The module that the text names; CourseError that lists them where none has that name."""
    wanted = Path(text).name.removesuffix(".py") + ".py"
    for module in modules:
        if module.name == wanted:
            return module
    names = ", ".join(one.name for one in modules)
    raise CourseError(f"step {step.label} has no module {text!r}; it has: {names}")


def show_summary(modules: list[Module], out: Out) -> None:
    """New, Changed, Gone and Same, with the modules of each."""
    for state in STATES:
        names = [one.name for one in modules if one.state == state]
        if names:
            label = state.ljust(LABEL_WIDTH)
            out.say((label, "dim" if state == "Same" else "bold"), ", ".join(names))


def show_module(module: Module, out: Out) -> None:
    """The diff of one module, coloured."""
    if module.state == "Same":
        out.say(f"{module.name} is the same as in the step before.")
    for line in module.diff():
        style = "bold" if line.startswith(("+++", "---")) else COLOURS.get(line[:1], "")
        out.print(Text(line, style), soft_wrap=True)


def lines_of(path: Path | None) -> list[str]:
    """The lines of a module; none where there is none."""
    return path.read_text(encoding="utf-8").splitlines() if path else []


def shown(path: Path | None) -> str:
    """The path from the repository's root, as a diff has it."""
    return path.relative_to(ROOT).as_posix() if path else "/dev/null"
