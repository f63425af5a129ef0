"""What may come back for a request: "400 or closed", "200; says hello; 3xx: has Location".

At first the statuses that are allowed, and `closed` for the end without an answer; then what else
has to hold, for all of them or for those with a certain status.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime

from course.commands.send import unescaped
from course.framing import Frame
from course.responses import Response

CLOSED = "closed"
STATUS = re.compile(r"[1-5](\d\d|xx)")
CLAUSE = re.compile(r"(?:([1-5](?:\d\d|xx)): )?([a-z]+)(?: (.+))?")

CLOCK_SECONDS = 300
"""How far the server's clock may be off ours."""

Look = Callable[[Response, str, Response | None], str]
"""Looks at an answer, with an argument and the answer to `first`; what is wrong, "" if nothing."""


@dataclass(frozen=True)
class Clause:
    """Something that has to hold for answers of one status, or for all."""

    status: str
    name: str
    argument: str

    def complaint(self, response: Response, first: Response | None) -> str:
        """What is wrong with the answer, "" if nothing."""
        if self.status and not fits(response.status, self.status):
            return ""
        return LOOKS[self.name](response, self.argument, first)


@dataclass(frozen=True)
class Want:
    """What one answer may be."""

    statuses: tuple[str, ...]
    clauses: tuple[Clause, ...]
    text: str

    @property
    def may_close(self) -> bool:
        """Whether the connection may end without this answer."""
        return CLOSED in self.statuses

    @property
    def allowed(self) -> str:
        """The statuses in words: "400 or closed"."""
        return self.text.partition(";")[0]

    def complaint(self, response: Response, first: Response | None = None) -> str:
        """What is wrong with an answer, "" if nothing."""
        if not any(fits(response.status, one) for one in self.statuses):
            return f"{response.status} instead of {self.allowed}"
        complaints = (one.complaint(response, first) for one in self.clauses)
        wrong = next(filter(None, complaints), "")
        return f"{response.status} {wrong}" if wrong else ""


def fits(status: int, pattern: str) -> bool:
    """Whether a status is the one that is meant, or one of its class."""
    return pattern != CLOSED and re.fullmatch(pattern.replace("x", r"\d"), str(status)) is not None


def parse_want(text: str) -> Want:
    """Read what is allowed; ValueError for what cannot be read."""
    head, *rest = text.split("; ")
    statuses = tuple(head.split(" or "))
    for one in statuses:
        if one != CLOSED and not STATUS.fullmatch(one):
            raise ValueError(f"{one!r} is no status")
    clauses = []
    for part in rest:
        match = CLAUSE.fullmatch(part)
        if match is None or match[2] not in LOOKS:
            raise ValueError(f"{part!r} cannot be read; there are: {', '.join(LOOKS)}")
        clauses.append(Clause(match[1] or "", match[2], match[3] or ""))
    return Want(statuses, tuple(clauses), text)


def _has(response: Response, name: str, first: Response | None) -> str:
    return "" if name in response.fields else f"without {name}"


def _lacks(response: Response, name: str, first: Response | None) -> str:
    return f"with {name}" if name in response.fields else ""


def _field(response: Response, argument: str, first: Response | None) -> str:
    """The value of a field matches."""
    name, _, pattern = argument.partition(" ")
    value = response.fields.get(name)
    if value is None:
        return f"without {name}"
    return "" if re.fullmatch(pattern, value, re.IGNORECASE) else f"with a wrong {name}"


def _lists(response: Response, argument: str, first: Response | None) -> str:
    """A field that is a list has an item."""
    name, _, item = argument.partition(" ")
    items = [one.strip() for one in response.fields.get(name, "").split(",")]  # type: ignore[union-attr]
    return "" if item in items else f"without {item} in {name}"


def _says(response: Response, text: str, first: Response | None) -> str:
    return "" if unescaped(text) in response.body else f"whose content lacks {text!r}"


def _hides(response: Response, text: str, first: Response | None) -> str:
    return f"whose content has {text!r}" if unescaped(text) in response.body else ""


def _matches(response: Response, pattern: str, first: Response | None) -> str:
    found = re.search(pattern, response.body.decode("latin-1"))
    return "" if found else f"whose content does not match {pattern!r}"


def _empty(response: Response, argument: str, first: Response | None) -> str:
    """No content; what follows where there must be none is found by who reads on."""
    return "with content" if response.body else ""


def _closes(response: Response, argument: str, first: Response | None) -> str:
    return "" if response.closes else "without Connection: close"


def _framed(response: Response, argument: str, first: Response | None) -> str:
    """The head says how long the content is."""
    named = "Content-Length" in response.fields or "Transfer-Encoding" in response.fields
    return "" if named else "without a length"


def _chunked(response: Response, argument: str, first: Response | None) -> str:
    return "" if response.framing.frame is Frame.CHUNKED else "that is not chunked"


def _version(response: Response, version: str, first: Response | None) -> str:
    return "" if response.version == version else f"of HTTP/{response.version}"


def _interim(response: Response, count: str, first: Response | None) -> str:
    came = sum(one.status == 100 for one in response.interim)
    return "" if came == int(count) else f"after {came} times 100, not {count}"


def _date(response: Response, name: str, first: Response | None) -> str:
    """A date in the form that is written today: Sun, 06 Nov 1994 08:49:37 GMT."""
    value = response.fields.get(name)
    if value is None:
        return f"without {name}"
    return "" if time_of(value) is not None else f"with a wrong {name}"


def _now(response: Response, name: str, first: Response | None) -> str:
    moment = time_of(response.fields.get(name) or "")
    if moment is None:
        return f"without {name}"
    off = abs(moment - datetime.now(UTC).timestamp())
    return "" if off <= CLOCK_SECONDS else f"whose {name} is not now"


def _past(response: Response, name: str, first: Response | None) -> str:
    moment, now = (time_of(response.fields.get(one) or "") for one in (name, "Date"))
    if moment is None or now is None:
        return f"without {name} and Date"
    return "" if moment <= now else f"whose {name} is after its Date"


def _same(response: Response, name: str, first: Response | None) -> str:
    """A field that both answers have is the same; one that the first has is not left out."""
    before = first.fields.get(name) if first else None
    now = response.fields.get(name)
    if before is None or now == before:
        return ""
    if now is None:
        # An answer to HEAD may leave the length out; a 304 may not leave out what caches need.
        return "" if name == "Content-Length" else f"without {name}"
    return f"with another {name}"


def _like(response: Response, argument: str, first: Response | None) -> str:
    """All fields of the first answer are there, but for those that only belong to content."""
    names = {name.lower() for name in first.fields} if first else set()
    missing = names - {name.lower() for name in response.fields} - {"transfer-encoding"}
    return f"without {min(missing)}" if missing else ""


LOOKS: dict[str, Look] = {
    "has": _has,
    "lacks": _lacks,
    "field": _field,
    "lists": _lists,
    "says": _says,
    "hides": _hides,
    "matches": _matches,
    "empty": _empty,
    "closes": _closes,
    "framed": _framed,
    "chunked": _chunked,
    "version": _version,
    "interim": _interim,
    "date": _date,
    "now": _now,
    "past": _past,
    "same": _same,
    "like": _like,
}


def time_of(text: str) -> float | None:
    """Seconds since 1970 of a date, if it is written exactly as dates are today."""
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError):
        return None
    return moment if formatdate(moment, usegmt=True) == text else None
