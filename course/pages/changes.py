"""What a step changed: the table at a chapter's end, and the diff of a module or a definition."""

import difflib
from pathlib import Path

from course.commands.diff import STATES, Module, compare
from course.pages.code import NoSuchCode, lines_of, located, shown, span
from course.pages.text import before, fenced, folded
from course.steps import find_step


def difference(label: str, name: str, definition: str = "") -> str:
    """The unified diff of a module, or of one definition in it, from the step before."""
    path, earlier = located(f"{label}/{name}")
    if earlier is None:
        raise NoSuchCode(f"{shown(path)} is new in its step: there is nothing to compare with")
    old, new = (_part(one, definition) for one in (earlier, path))
    lines = list(difflib.unified_diff(old, new, shown(earlier), shown(path), lineterm=""))
    if not lines:
        raise NoSuchCode(f"{definition or name} is the same in the step before")
    return fenced("\n".join(lines), "diff")


def table(label: str) -> str:
    """New, changed, gone and same modules; what changed is folded below."""
    step = find_step(label)
    previous = before(step)
    if previous is None:
        modules = [Module(path.name, None, path) for path in step.modules.values()]
    else:
        modules = compare(previous, step)
    rows = [_row(state, modules) for state in STATES]
    head = [f"| what | modules of step {step.label} |", "|---|---|"]
    return "\n".join([*head, *filter(None, rows), "", *map(_folded, modules)])


def _row(state: str, modules: list[Module]) -> str:
    names = [f"`{one.name}`" for one in modules if one.state == state]
    return f"| **{state}** | {', '.join(names)} |" if names else ""


def _folded(module: Module) -> str:
    if module.state != "Changed":
        return ""
    return folded(f"The diff of {module.name}", fenced("\n".join(module.diff()), "diff"))


def _part(path: Path, definition: str) -> list[str]:
    if not definition:
        return lines_of(path)
    first, last = span(path, definition)
    return lines_of(path)[first - 1 : last]
