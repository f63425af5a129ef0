"""The state diagram of a step's connection, drawn from the table that its code goes by."""

import importlib
from enum import Enum

from course.pages.text import indented
from course.stage import Stage
from course.steps import CourseError, find_step

MODULE = "connection"

Table = dict[tuple[Enum, Enum], Enum]


class NoTable(CourseError):
    """A page wants the states of a step that has no table of them."""


def drawing(label: str) -> str:
    """The step's `connection.TABLE` as a Mermaid diagram, and the same rows as a table below it.

    Nothing of it is written down twice: names and words are those of the step. Raises NoTable.
    """
    step = find_step(label)
    if MODULE not in step.modules:
        raise NoTable(f"step {step.label} has no {MODULE}.py, and so no states to draw")
    with Stage(step).on():
        table: Table = importlib.import_module(MODULE).TABLE
    return (
        f"```mermaid\n{diagram(table)}\n```\n\n"
        f'??? note "The same as a table"\n\n{indented(rows(table), "    ")}\n'
    )


def diagram(table: Table) -> str:
    """An arrow for each pair of states, with all events that lead from one to the other."""
    first, last = ends(table)
    arrows: dict[tuple[Enum, Enum], list[str]] = {}
    for (state, event), after in table.items():
        arrows.setdefault((state, after), []).append(event.value)
    drawn = [
        f"{state.name} --> {after.name} : {label(events)}"
        for (state, after), events in arrows.items()
    ]
    lines = [
        "accTitle: The states of a connection",
        "accDescr: The table below it has the same rows.",
        f"[*] --> {first.name}",
        *drawn,
        f"{last.name} --> [*]",
    ]
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)])


def label(events: list[str]) -> str:
    """What an arrow says: an event, or a list of several."""
    return events[0] if len(events) == 1 else "<br>".join(f"• {event}" for event in events)


def ends(table: Table) -> tuple[Enum, Enum]:
    """Where a connection begins, and the one state that nothing leads out of."""
    left = {state for state, _ in table}
    [last] = {after for after in table.values() if after not in left}
    return next(iter(table))[0], last


def rows(table: Table) -> str:
    """The table in Markdown: a row for each row."""
    lines = [
        f"| `{state.name}`, {state.value} | {event.value} | `{after.name}` |"
        for (state, event), after in table.items()
    ]
    return "\n".join(["| in the state | what happens | leads to |", "|---|---|---|", *lines])
