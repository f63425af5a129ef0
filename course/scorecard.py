"""What was found out about a server, row by row: of the attacks and of the conformance cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.table import Table

from course.console import Out

Verdict = Literal["passed", "failed", "not applicable"]

SIGNS: dict[Verdict, tuple[str, str, str]] = {
    "passed": ("✓", "ok", "green"),
    "failed": ("✗", "FAILED", "red"),
    "not applicable": ("·", "-", "dim"),
}
"""For each verdict its sign, what stands for it where the terminal lacks that, and its colour."""


@dataclass(frozen=True)
class Finding:
    """One thing that was tried on a server, and what came of it."""

    name: str
    title: str
    section: str
    """Where it is written, such as "RFC 9112, 9.3"; "" where it is nobody's rule but ours."""
    verdict: Verdict
    seen: str = ""
    """What was seen, in a few words: always where it failed."""


def counted(findings: Sequence[Finding]) -> tuple[int, int]:
    """How many passed, and of how many that apply."""
    applicable = [one for one in findings if one.verdict != "not applicable"]
    return sum(one.verdict == "passed" for one in applicable), len(applicable)


def print_table(out: Out, table: Table) -> None:
    """Print a table; in a pipe no line ends with the white space that fills a column."""
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as printed:
        out.print(table)
    for line in printed.get().splitlines():
        out.say(line.rstrip())


def print_card(out: Out, findings: Sequence[Finding]) -> None:
    """A line for each finding: sign, name, section, what was seen."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for one in findings:
        fancy, plain, style = SIGNS[one.verdict]
        table.add_row(out.sign(fancy, plain), one.name, one.section, one.seen, style=style)
    print_table(out, table)
    if any(one.verdict == "not applicable" for one in findings):
        fancy, plain, style = SIGNS["not applicable"]
        out.say((f"{out.sign(fancy, plain)}  does not apply, and is not counted", style))
