"""Path patterns with parameters: `/user/{name}`, `/notes/{id:int}`, `/static/{rest:path}`."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import quote

from target import percent_decode

PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::(int|path))?\}")
NUMBER = re.compile("[0-9]{1,18}")


class Kind(IntEnum):
    """The kinds of segment, from the most specific to the most general."""

    LITERAL = 0
    INT = 1
    WORD = 2
    PATH = 3


@dataclass(frozen=True)
class Segment:
    """What a pattern says between two slashes: a literal text, or the name of a parameter."""

    kind: Kind
    text: str

    @classmethod
    def parse(cls, text: str) -> "Segment":
        """`about`, `{name}`, `{id:int}` or `{rest:path}`; ValueError for braces elsewhere."""
        if parameter := PARAMETER.fullmatch(text):
            name, converter = parameter.groups()
            return cls({"int": Kind.INT, "path": Kind.PATH}.get(converter, Kind.WORD), name)
        if "{" in text or "}" in text:
            raise ValueError(f"a parameter fills its segment, as in /{{name}}/; not so {text!r}")
        return cls(Kind.LITERAL, text)

    def read(self, part: str) -> str | int | None:
        """The value that a part of a path has here, or None where it does not fit.

        A literal fits itself; an int is one to eighteen of the digits 0 to 9, and comes back as
        a number; a word is anything but nothing; a path is anything.
        """
        match self.kind:
            case Kind.LITERAL:
                return part if part == self.text else None
            case Kind.INT:
                return int(part) if NUMBER.fullmatch(part) else None
            case Kind.WORD:
                return part or None
            case Kind.PATH:
                return part


class Pattern:
    """A path in which some segments are parameters."""

    def __init__(self, text: str) -> None:
        """ValueError where the text is no pattern."""
        self.text = text
        self.segments = [Segment.parse(part) for part in text.split("/")[1:]]
        self.names = [segment.text for segment in self.segments if segment.kind != Kind.LITERAL]
        if not text.startswith("/") or len(set(self.names)) < len(self.names):
            raise ValueError(f'{text!r} must begin with "/" and name each parameter once')
        if any(segment.kind == Kind.PATH for segment in self.segments[:-1]):
            raise ValueError(f"{text!r}: only the last segment can be a path")

    @property
    def rank(self) -> list[Kind]:
        """Sorts specific patterns before general ones, whatever the order of registration.

        The first segment in which two patterns differ decides: a literal goes before an int,
        an int before a word, a word before the rest of the path.
        """
        return [segment.kind for segment in self.segments]

    def match(self, path: str) -> dict[str, str | int] | None:
        """The values of the parameters by their names, or None where this path has not this form.

        The path is still percent-encoded: it is first cut at its slashes, then decoded, so that
        an encoded slash (%2F) stays inside its segment (RFC 3986, section 2.2). A `path` at the
        end takes all the segments that are left, with their slashes; it may be empty.
        """
        parts = path.split("/")[1:]
        last = len(self.segments) - 1
        if self.segments[last].kind == Kind.PATH and len(parts) > last:
            parts[last:] = ["/".join(parts[last:])]
        if len(parts) != len(self.segments):
            return None
        decoded = map(percent_decode, parts)
        values = [segment.read(part) for segment, part in zip(self.segments, decoded, strict=True)]
        named = {
            segment.text: value
            for segment, value in zip(self.segments, values, strict=True)
            if segment.kind != Kind.LITERAL and value is not None
        }
        return None if None in values else named

    def fill(self, values: dict[str, Any]) -> str:
        """The path, percent-encoded, that gives these values back when it is matched.

        ValueError where there is none: a name too many or too few, or a value of the wrong kind.
        ValueError also for a path that a browser would take for another one: with a segment "."
        or "..", which steps up (RFC 3986, section 5.2.4), or two slashes at its start, which
        name a host (section 4.2).
        """
        parts = []
        for segment in self.segments:
            text = segment.text if segment.kind == Kind.LITERAL else str(values.get(segment.text))
            parts.append(quote(text, safe="/" if segment.kind == Kind.PATH else ""))
        path = "/" + "/".join(parts)
        misread = path.startswith("//") or {".", ".."} & set(path.split("/"))
        if misread or self.match(path) != values:
            raise ValueError(f"{self.text} cannot be filled with {values}")
        return path
