"""Lines such as `::: code 02/framing.py body_length`, each replaced by what it stands for.

A directive stands on a line of its own, may be indented, and takes words, some of them
`name=value`. Whatever it asks for has to be there: a name that is missing fails the build.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from course.pages import (
    bench,
    changes,
    code,
    exercises,
    figures,
    onion,
    playgrounds,
    scorecard,
    states,
    transcripts,
)
from course.pages.fences import outside_code
from course.pages.text import indented
from course.steps import CourseError

LINE = re.compile(r"^( *)::: (.+)$")


class BadDirective(CourseError):
    """A directive that asks for what is not there; the message names the page and its line."""


@dataclass(frozen=True)
class Page:
    """The page that a directive stands in."""

    name: str
    """Its file, from `docs/` on: "chapters/01_echo_server.md"."""
    to_root: str
    """The way from the page's address to the site's root: "../../"."""


Directive = Callable[..., str]

DIRECTIVES: dict[str, Directive] = {
    "bench": bench.part,
    "changes": changes.table,
    "code": code.included,
    "diff": changes.difference,
    "exercise": exercises.card,
    "figure": figures.figure,
    "mutant": code.mutant,
    "onion": onion.drawing,
    "playground": playgrounds.playground,
    "schedule": exercises.schedule,
    "scorecard": scorecard.part,
    "states": states.drawing,
    "transcript": transcripts.render,
    "try": playgrounds.attempt,
}
NEED_ROOT = ("bench", "playground", "scorecard")
"""Directives that have to know how the site's root is reached."""


def expanded(markdown: str, page: Page) -> str:
    """The page with every directive replaced. Raises BadDirective."""
    return "\n".join(_lines(markdown, page))


def found(markdown: str) -> Iterator[tuple[int, str, str]]:
    """Each directive of a page: its line's number, its indent and its words."""
    for number, line, is_code in outside_code(markdown):
        if not is_code and (match := LINE.match(line)):
            yield number, match[1], match[2]


def _lines(markdown: str, page: Page) -> Iterator[str]:
    directives = {number: (indent, words) for number, indent, words in found(markdown)}
    for number, line in enumerate(markdown.split("\n"), start=1):
        if number in directives:
            indent, words = directives[number]
            yield indented(_one(words, f"docs/{page.name}:{number}", page), indent)
        else:
            yield line


def _one(words: str, place: str, page: Page) -> str:
    """What one directive stands for."""
    name, *rest = words.split()
    if name not in DIRECTIVES:
        raise BadDirective(f"{place}: no directive {name!r}; there are: {', '.join(DIRECTIVES)}")
    plain = [word for word in rest if not _is_option(word)]
    options = dict(word.split("=", 1) for word in rest if _is_option(word))
    if name in NEED_ROOT:
        options["to_root"] = page.to_root
    try:
        return DIRECTIVES[name](*plain, **options)
    except CourseError as error:
        raise BadDirective(f"{place}: {error}") from None
    except TypeError as error:
        if error.__traceback__ and error.__traceback__.tb_next:
            raise
        raise BadDirective(f"{place}: {error}") from None


def _is_option(word: str) -> bool:
    return re.match(r"[a-z_]+=", word) is not None
