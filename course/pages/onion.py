"""The onion: a step's chain drawn as boxes inside each other, from the links that really run."""

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from course.pages.text import escaped
from course.stage import Stage
from course.steps import CourseError, find_step

MODULES = ("application", "middleware")


class NoChain(CourseError):
    """A page wants the onion of a step that has no chain."""


def drawing(label: str) -> str:
    """The chain of the step's application, as HTML: a box in a box for each link.

    The request goes in from above, the response comes out below. Names and words are those that
    `server.py --explain` prints. Raises NoChain.
    """
    step = find_step(label)
    if missing := [name for name in MODULES if name not in step.modules]:
        raise NoChain(f"step {step.label} has no {missing[0]}.py, and so no chain to draw")
    stage = Stage(step)
    with stage.on():
        application, middleware = map(importlib.import_module, MODULES)
        boxes = _nested(list(application.application().links), middleware)
    return (
        '<figure class="onion">\n'
        f"<figcaption>The chain of step {escaped(step.label)}, from the outermost link to the "
        "innermost. A request goes in from above; its response comes out below, through the same "
        "links in reverse order.</figcaption>\n"
        '<p class="onion-end"><span aria-hidden="true">↓ </span>the request</p>\n'
        f"{boxes}\n"
        '<p class="onion-end"><span aria-hidden="true">↑ </span>the response</p>\n'
        "</figure>\n"
    )


def _nested(links: list[Any], middleware: ModuleType) -> str:
    """The first link's box, with the boxes of all that it calls inside it."""
    if not links:
        return ""
    link, *rest = links
    name = middleware.name_of(link)
    says = next(middleware.explain([link])).removeprefix(name).strip()
    branches = "".join(_branches(link, middleware))
    out = f'<p class="onion-out" aria-hidden="true">↑ {escaped(name)}</p>' if rest else ""
    return (
        f'<div class="onion-link"><p class="onion-in"><span aria-hidden="true">↓ </span>'
        f"<code>{escaped(name)}</code> <span>{escaped(says)}</span></p>"
        f"{branches}{_nested(rest, middleware)}{out}</div>"
    )


def _branches(link: Any, middleware: ModuleType) -> Iterator[str]:
    """The chains that a link has of its own, each with the place that leads into it."""
    for place, links in getattr(link, "branches", ()):
        yield (
            f'<div class="onion-branch"><p>at <code>{escaped(place)}</code></p>'
            f"{_nested(list(links), middleware)}</div>"
        )
