"""What `bench` measured, in a page: a chart, its table, or the machine it was measured on."""

import json
import re
from collections.abc import Iterable
from typing import Any

from course.bench import words
from course.pages.text import DOCS, escaped
from course.steps import CourseError

POINTS_PER_INCH, PIXELS_PER_INCH = 72, 96


class NotMeasured(CourseError):
    """A page wants figures that are not there."""


def part(label: str, name: str, of: str = "", *, to_root: str = "./") -> str:
    """A scenario's chart by its name; or `table`, all of them or that `of` one; or `machine`.

    Raises NotMeasured.
    """
    document = measured(label)
    if name == "machine":
        return words.machine(document) + "\n"
    if name == "table":
        wanted = [scenario(document, of)] if of else document["scenarios"]
        return "\n".join(table(one) for one in wanted)
    return chart(label, scenario(document, name), to_root)


def measured(label: str) -> dict[str, Any]:
    """The figures of a step. NotMeasured where there are none."""
    path = DOCS / "bench" / f"{label}.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise NotMeasured(
            f"there is no docs/bench/{label}.json: run python -m course bench {label} --publish"
        ) from None
    return found


def scenario(document: dict[str, Any], name: str) -> words.Figures:
    """One of the scenarios. NotMeasured where it is not there."""
    found = words.scenario_of(document, name)
    if found is None:
        names = ", ".join(one["name"] for one in document["scenarios"])
        raise NotMeasured(f"no chart {name!r}; there are: {names}, table, machine")
    return found


def chart(label: str, one: words.Figures, to_root: str) -> str:
    """The chart with its caption; all that it shows is in its words too."""
    place = f"assets/bench/{label}/{one['name']}.svg"
    try:
        picture = (DOCS / place).read_text(encoding="utf-8")
    except OSError:
        raise NotMeasured(f"there is no docs/{place}: publish the measurement again") from None
    size = "".join(
        f' {side}="{round(float(points) * PIXELS_PER_INCH / POINTS_PER_INCH)}"'
        for side, points in sides(picture)
    )
    says = escaped(words.description(one))
    return (
        f'<figure class="bench">\n'
        f'<img src="{to_root}{place}" alt="{says}"{size} loading="lazy">\n'
        f"<figcaption>{escaped(words.caption(one))}</figcaption>\n</figure>\n"
    )


def sides(picture: str) -> list[tuple[str, str]]:
    """The width and the height of an SVG, in points."""
    tag = picture.partition(">")[0]
    return re.findall(r'\b(width|height)="([\d.]+)pt"', tag)


def table(one: words.Figures) -> str:
    """A scenario's figures, and what is not among them, as Markdown."""
    head = words.headings(one)
    lines = [
        f"**{one['title']}.** {one['about']}",
        "",
        row(head),
        row([":--", *["--:"] * (len(head) - 1)]),
        *(row(cell.replace(" ", "&nbsp;") for cell in cells) for cells in words.rows(one)),
        "",
    ]
    if notes := list(words.notes(one)):
        lines += [f"{'; '.join(notes)}.", ""]
    return "\n".join(lines)


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"
