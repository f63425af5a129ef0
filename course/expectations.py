"""What a check expects of a response, and the first place where the response differs."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from course.body_flaws import (
    in_body,
    not_in_body,
    not_json,
    read_json,
    wrong_body,
    wrong_json,
)
from course.grammar import FieldLine, Fields
from course.responses import Response
from course.xray import CheckFailure, Flaw, Mark, first_difference, quoted

FieldValue = str | re.Pattern[str] | Sequence[str] | None
"""What a field must be: this value, a match, these values of repeated lines, or absent (None)."""

Text = bytes | str

REFUSALS = frozenset((400, 411, 413, 414, 415, 431, 501, 505))
"""The statuses for requests that break a rule, or go beyond what the server does."""

ANYTHING: Any = object()
"""For a JSON value that nothing is expected of: None is a JSON value too."""


@dataclass(frozen=True)
class Delivery:
    """One response to one way of sending the request; `fail` makes the report of a flaw in it."""

    response: Response
    fail: Callable[[Flaw], CheckFailure]


@dataclass(frozen=True)
class Answer:
    """The responses to one request; status, fields and the rest are those of the first."""

    deliveries: tuple[Delivery, ...]

    @property
    def response(self) -> Response:
        """The response to the request sent in one piece."""
        return self.deliveries[0].response

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status

    @property
    def reason(self) -> str:
        """The words after the status code."""
        return self.response.reason

    @property
    def fields(self) -> Fields:
        """The field lines; get and get_all take a name in any case."""
        return self.response.fields

    @property
    def body(self) -> bytes:
        """The content, without the framing of chunks."""
        return self.response.body

    @property
    def raw(self) -> bytes:
        """The bytes of the response as they came, interim responses before it included."""
        return self.response.raw

    @property
    def interim(self) -> tuple[Response, ...]:
        """The 1xx responses that came first."""
        return self.response.interim

    @property
    def trailers(self) -> Fields:
        """The field lines after the last chunk."""
        return self.response.trailers

    def json(self) -> Any:
        """The body as JSON; raises CheckFailure where it is none."""
        for delivery in self.deliveries:
            if flaw := not_json(delivery.response):
                raise delivery.fail(flaw)
        return read_json(self.body)

    def expect(
        self,
        *,
        status: int | Collection[int] | None = None,
        fields: Mapping[str, FieldValue] | None = None,
        body: Text | None = None,
        json: Any = ANYTHING,
        contains: Text | Sequence[Text] = (),
        lacks: Text | Sequence[Text] = (),
    ) -> Self:
        """Check every delivery; raises CheckFailure with the X-ray of the first that differs.

        A field of None must be absent. `body` is compared byte by byte, `json` by value;
        `contains` and `lacks` look into the body.
        """
        __tracebackhide__ = True
        expected = Expectation(status, fields or {}, body, json, several(contains), several(lacks))
        for delivery in self.deliveries:
            if flaw := expected.first_flaw(delivery.response):
                raise delivery.fail(flaw)
        return self


@dataclass(frozen=True)
class Expectation:
    """The arguments of `Answer.expect`."""

    status: int | Collection[int] | None
    fields: Mapping[str, FieldValue]
    body: Text | None
    json: Any
    contains: Sequence[bytes]
    lacks: Sequence[bytes]

    def first_flaw(self, response: Response) -> Flaw | None:
        """The first thing that is not as expected, in the order of the bytes."""
        return next(self.flaws(response), None)

    def flaws(self, response: Response) -> Iterator[Flaw]:
        """All that is not as expected."""
        if self.status is not None:
            yield from wrong_status(response, self.status)
        for name, value in self.fields.items():
            yield from wrong_field(response, name, value)
        if self.body is not None:
            yield from wrong_body(response, as_bytes(self.body))
        if self.json is not ANYTHING:
            yield from wrong_json(response, self.json)
        for text in self.contains:
            yield from not_in_body(response, text)
        for text in self.lacks:
            yield from in_body(response, text)


def as_bytes(text: Text) -> bytes:
    """Text as UTF-8."""
    return text.encode() if isinstance(text, str) else text


def several(texts: Text | Sequence[Text]) -> list[bytes]:
    """One text, or several, as a list of bytes."""
    if isinstance(texts, bytes | str):
        return [as_bytes(texts)]
    return [as_bytes(text) for text in texts]


def wrong_status(response: Response, expected: int | Collection[int]) -> Iterator[Flaw]:
    """A status code that is not the one expected, or not one of those."""
    allowed = [expected] if isinstance(expected, int) else sorted(expected)
    if response.status in allowed:
        return
    words = " or ".join(str(status) for status in allowed)
    summary = f"wrong status: {response.status} came, {words} was expected"
    mark = response.status_mark(f"expected {words} here")
    advice = status_advice(response.status, allowed)
    yield Flaw("wrong status", summary, mark, (f"status {words}",), advice=advice)


def status_advice(status: int, allowed: Sequence[int]) -> str:
    """What a wrong status says about the server."""
    if status == 500:
        return "500 says that the server's own code failed: its output may say where."
    if status < 400 and REFUSALS.issuperset(allowed):
        return "The server went along with a request that it has to refuse."
    if status == 400 and max(allowed) < 400:
        return "The server refused a request that follows the rules."
    return ""


def wrong_field(response: Response, name: str, expected: FieldValue) -> Iterator[Flaw]:
    """A field that is absent, misspelt, repeated, or has another value; or is there at all."""
    lines = response.fields.lines_of(name)
    if expected is None:
        if lines:
            mark = lines[0].name_mark("must not be here")
            summary = f"a field that must not be there: {lines[0].name}"
            yield Flaw("unexpected field", summary, mark, (f"no field {name}",))
    elif not lines:
        yield missing_field(response, name, expected)
    elif isinstance(expected, re.Pattern):
        if not expected.fullmatch(response.fields[name]):
            mark = lines[0].value_mark(f"expected a match of {expected.pattern}")
            yield wrong_value(name, expected, mark)
    else:
        yield from wrong_values(name, lines, expected)


def missing_field(response: Response, name: str, expected: FieldValue) -> Flaw:
    """The field is not there, or not under its right name."""
    misspelt = response.fields.nearest(name)
    if misspelt:
        mark = misspelt.name_mark(f"misspelt: expected {name} here")
        summary = f"a misspelt field: {misspelt.name} is not {name}"
        return Flaw("misspelt field", summary, mark, form(name, expected))
    mark = response.head_mark(f"the head ends without {name}")
    return Flaw("missing field", f"a field is missing: {name}", mark, form(name, expected))


def wrong_values(
    name: str, lines: Sequence[FieldLine], expected: str | Sequence[str]
) -> Iterator[Flaw]:
    """The values line by line; a single string may also be several lines, joined by commas."""
    values = [line.value for line in lines]
    if expected == ", ".join(values):
        return
    wanted = [expected] if isinstance(expected, str) else list(expected)
    for line, want in zip(lines, wanted, strict=False):
        if line.value != want:
            yield wrong_value(name, expected, value_difference(line, want))
            return
    if len(lines) > len(wanted):
        mark = lines[len(wanted)].name_mark(f"expected {len(wanted)} of these lines, not more")
        summary = f"{name} comes {len(lines)} times"
        yield Flaw("repeated field", summary, mark, form(name, expected))
    elif len(lines) < len(wanted):
        mark = lines[-1].name_mark(f"expected {len(wanted)} of these lines")
        summary = f"{name} comes {len(lines)} times, {len(wanted)} were expected"
        yield Flaw("missing field", summary, mark, form(name, expected))


def value_difference(line: FieldLine, expected: str) -> Mark:
    """A caret from the first wrong character of the value on."""
    got = line.value
    at = first_difference(got.encode("latin-1"), expected.encode("latin-1", "replace"))
    rest = quoted(expected[at:].encode())
    says = f"expected {rest} from here on" if expected[at:] else "expected the value to end here"
    return Mark(line.value_at + at, max(len(got) - at, 1), says)


def wrong_value(name: str, expected: FieldValue, mark: Mark) -> Flaw:
    """The field is there, its value is not the one expected."""
    return Flaw("wrong field value", f"wrong value of {name}", mark, form(name, expected))


def form(name: str, expected: FieldValue) -> tuple[str, ...]:
    """The field lines as they were expected."""
    if isinstance(expected, re.Pattern):
        return (f"{name}: something that matches {expected.pattern}",)
    values = [expected] if isinstance(expected, str) else expected or ()
    return tuple(f"{name}: {value}" for value in values)
