"""The cases, as they stand in `cases/*.toml`: what is sent, and what may come back."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from course.conformance.wants import Want, parse_want
from course.steps import CourseError

FOLDER = Path(__file__).parent / "cases"

ORDER = (
    "request_line",
    "target",
    "field_lines",
    "host",
    "content_length",
    "chunked",
    "expectation",
    "persistence",
    "pipelining",
    "methods",
    "response",
    "conditions",
    "errors",
    "smuggling",
)
"""The topics in the order in which they are told: a file each."""

Level = Literal["MUST", "SHOULD", "MAY", "ours"]
Wait = Literal["answer", "word", "answer, word", "silence"]
End = Literal["", "closed", "as said"]

RFC = re.compile(r"\d{4} \d+(\.\d+)*")
ROLE = re.compile(r"\{([a-z_0-9]+)\}")


class BadCase(CourseError):
    """A case that is not written as it should be; the message says where and why."""


@dataclass(frozen=True)
class Case:
    """One demand, and how it is tried."""

    id: str
    title: str
    rfc: str
    """The number and the section, such as "9112 6.3"."""
    level: Level
    send: tuple[str, ...]
    r"""What is sent, piece by piece, with \r \n \xNN as in `send`, `{role}` and `{70000*a}`."""
    want: tuple[Want, ...]
    """What may come back: one for each answer."""
    topic: str
    wait: Wait = "answer"
    """What the client waits for before it sends the second piece; before further ones, silence
    is enough unless that is "answer"."""
    end: End = ""
    """What is to become of the connection, where that matters."""
    first: str = ""
    """A request that is sent before, on a connection of its own, to ask for its answer."""
    methods: tuple[str, ...] = ()
    """The methods that the answers belong to, where they cannot be read off the pieces."""
    drip: bool = False
    """Whether it is tried byte by byte, too."""
    finish: bool = False
    """Whether the client ends its side after it has sent all."""
    own: bool = False
    """Whether it needs a server that was started with our short time limits."""

    @property
    def roles(self) -> set[str]:
        """The roles of the addresses that it asks for."""
        return set(ROLE.findall("".join((self.first, *self.send)))) - LATER

    @property
    def section(self) -> str:
        """Where it is written: "RFC 9112, 6.3"."""
        number, _, section = self.rfc.partition(" ")
        return f"RFC {number}, {section}"


LATER = {"etag", "strong", "modified", "modified_850", "modified_c", "location"}
"""What is taken from the answer to `first`."""


@dataclass(frozen=True)
class Topic:
    """The cases of one file."""

    name: str
    title: str
    about: str
    cases: tuple[Case, ...]


@lru_cache
def topics() -> tuple[Topic, ...]:
    """All topics, in their order. BadCase where one is not as it should be."""
    return tuple(_topic(FOLDER / f"{name}.toml") for name in ORDER)


def all_cases() -> list[Case]:
    """The cases of all topics."""
    return [case for topic in topics() for case in topic.cases]


def chosen(only: str) -> list[Case]:
    """The cases that a word names: an id, or the beginning of a topic, by its file or its title.

    "" names all of them.

    CourseError for a word that names none.
    """
    found = [case for case in all_cases() if case.id == only]
    if not found:
        files = (one for one in topics() if one.name.startswith(only))
        titles = (one for one in topics() if one.title.lower().startswith(only.lower()))
        found = [case for topic in dict.fromkeys([*files, *titles]) for case in topic.cases]
    if not found:
        raise CourseError(f"no case or topic {only!r}; the topics are: {', '.join(ORDER)}")
    return found


def _topic(path: Path) -> Topic:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    cases = tuple(case_from(table, path.stem) for table in content["case"])
    return Topic(path.stem, content["topic"], content["about"], cases)


def case_from(table: Mapping[str, Any], topic: str) -> Case:
    """The case that a table describes; BadCase."""
    where = f"{topic}: case {table.get('id', '?')}"
    known = set(Case.__dataclass_fields__) - {"topic"} | {"times", "answers"}
    if odd := sorted(table.keys() - known):
        raise BadCase(f"{where}: the field {odd[0]!r} is not known")
    if missing := [
        one for one in ("id", "title", "rfc", "level", "send", "want") if one not in table
    ]:
        raise BadCase(f"{where}: the field {missing[0]!r} is missing")
    values = dict(table)
    times, answers = values.pop("times", 1), values.pop("answers", 1)
    send, want = _several(values.pop("send")), _several(values.pop("want"))
    try:
        wants = tuple(parse_want(one) for one in want) * times * answers
    except ValueError as error:
        raise BadCase(f"{where}: {error}") from None
    methods = tuple(values.pop("methods", ()))
    case = Case(
        **values,
        topic=topic,
        send=send * times,
        want=wants,
        methods=methods,
    )
    for name, kind in (("level", Level), ("wait", Wait), ("end", End)):
        if getattr(case, name) not in get_args(kind):
            raise BadCase(f"{where}: {name} is one of {', '.join(get_args(kind))}")
    if not RFC.fullmatch(case.rfc):
        raise BadCase(f"{where}: rfc is a number and a section, such as 9112 6.3")
    return case


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
