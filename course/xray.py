"""The X-ray of a failing check: what went over the wire, and a caret under the first wrong byte.

A failure is data (`XRay`), made by `course.wire` and `course.servers`; here it becomes a report.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.visible import COLUMNS, Alphabet, Line, Mark, is_text, picture, visible

__all__ = [
    "CheckFailure",
    "Flaw",
    "Mark",
    "Noted",
    "Received",
    "Sent",
    "XRay",
    "compare",
    "difference",
    "first_difference",
    "quoted",
    "visible",
]

OUTPUT_LINES = 30
"""The most of a server's own output that a report shows: its end, where the error stands."""

COLOURS = {"title": "1;31", "label": "1", "caret": "1;31", "note": "2", "bytes": ""}
LINE_END_SIGNS = re.compile(r"[␍␊]+|(?<!\\)(\\r\\n|\\r|\\n)")


@dataclass(frozen=True)
class Sent:
    """Bytes that the check sent: byte by byte, or `behind` others in the same piece."""

    data: bytes
    dripped: bool = False
    behind: bool = False

    @property
    def how(self) -> str:
        """The words for it."""
        return " right behind it" if self.behind else " byte by byte" if self.dripped else ""


@dataclass(frozen=True)
class Noted:
    """Something that happened in between, in words."""

    text: str


@dataclass(frozen=True)
class Received:
    """Bytes that the server sent."""

    data: bytes


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong. `mark` counts from the first byte received on the connection."""

    kind: str
    summary: str
    mark: Mark | None = None
    expected: bytes | tuple[str, ...] = ()
    expected_mark: Mark | None = None
    advice: str = ""
    rfc: str = ""


@dataclass(frozen=True)
class XRay:
    """All that a report of a failing check shows."""

    flaw: Flaw
    talk: tuple[Sent | Noted | Received, ...] = ()
    ending: str = ""
    context: str = ""
    output: str = ""
    replay: tuple[str, ...] = ()

    @property
    def points_at_a_byte(self) -> bool:
        """Whether there is a wrong byte to point at, rather than none, or a server that failed."""
        came = sum(len(said.data) for said in self.talk if isinstance(said, Received))
        mark = self.flaw.mark
        return mark is not None and mark.at < came and not self.output

    def lines(self, encoding: str | None = None) -> list[Line]:
        """The report, line by line, in characters that the encoding has."""
        alphabet = Alphabet(encoding)
        lines = [Line(self.flaw.summary, "title"), *_conversation(self, alphabet)]
        advice = [*_wrapped(self.flaw.advice), *_wrapped(self.context)]
        lines += _section("what that means", advice) if advice else []
        lines += _section("read", [self.flaw.rfc]) if self.flaw.rfc else []
        lines += _section("the server's output", _tail(self.output)) if self.output else []
        lines += _section("replay", self.replay) if self.replay else []
        return [Line(alphabet.plain(line.text), line.kind) for line in lines]


class CheckFailure(AssertionError):
    """A check's promise is broken. `xray` holds the failure as data, `str()` gives the report."""

    def __init__(self, xray: XRay) -> None:
        super().__init__(xray)
        self.xray = xray

    def __str__(self) -> str:
        return self.report()

    def report(self, *, colour: bool = False, encoding: str | None = None) -> str:
        """The whole report as text; with `colour` in the escape sequences of a terminal.

        `encoding` is the terminal's: the standard output's, if it is not given.
        """
        lines = self.xray.lines(encoding)
        return "\n".join(_painted(line) if colour else line.text for line in lines)


def compare(expected: bytes | str, received: bytes | str) -> list[str]:
    """The lines that show where two values part, or [] where they are equal.

    For the plain `assert`s of the checks: both lines, and a caret under the first difference.
    """
    if expected == received:
        return []
    alphabet = Alphabet()
    left, right = _as_bytes(expected), _as_bytes(received)
    if left == right:
        kinds = [type(value).__name__ for value in (expected, received)]
        return [f"expected {kinds[0]}, received {kinds[1]}: the same characters"]
    at = first_difference(left, right)
    mine = Mark(at, 1, "")
    theirs = Mark(at, 1, difference(left, right))
    return [
        "expected",
        *(f"    {line.text}" for line in _shown(left, mine, alphabet)),
        "received",
        *(f"    {line.text}" for line in _shown(right, theirs, alphabet)),
    ]


def first_difference(expected: bytes, received: bytes) -> int:
    """Where the first byte differs; the shorter one's length where it begins the other."""
    low, high = 0, min(len(expected), len(received))
    if expected[:high] == received[:high]:
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if expected[low:middle] == received[low:middle]:
            low = middle
        else:
            high = middle
    return low


def difference(expected: bytes, received: bytes) -> str:
    """What to say at the first difference."""
    at = first_difference(expected, received)
    if at == len(expected):
        count = len(received) - at
        return f"expected to end here, {count:,} byte{'s' * (count > 1)} too many"
    want = "a space" if expected[at] == 0x20 else _sign(expected, at)
    return f"ends here, expected {want}" if at == len(received) else f"expected {want} here"


def _sign(data: bytes, at: int) -> str:
    """The character that the byte at this offset begins, or belongs to; else the byte's sign."""
    alphabet = Alphabet("utf-8")
    for start in range(at, max(at - 4, -1), -1) if is_text(data) else ():
        character = alphabet.character(data, start)
        if character and start + len(character.encode()) > at:
            return character
    return alphabet.sign(data[at])


def quoted(data: bytes) -> str:
    """A few bytes in a sentence: in quotes, with signs for what cannot be seen."""
    shown = data if len(data) <= 40 else data[:37]
    dots = "…" if len(shown) < len(data) else ""
    return f'"{"".join(visible(shown, "utf-8"))}{dots}"'


def _as_bytes(value: bytes | str) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _conversation(xray: XRay, alphabet: Alphabet) -> Iterator[Line]:
    """Sent and received in their order; the expectation stands above what is wrong."""
    wrong = _wrong_block(xray)
    at = 0
    for number, said in enumerate(xray.talk):
        if isinstance(said, Noted):
            yield Line(f"      {alphabet.dash} {said.text}", "note")
        elif isinstance(said, Sent):
            yield from _block(f"sent{said.how}", _shown(said.data, None, alphabet))
        else:
            mark = None
            if number == wrong:
                yield from _expected(xray.flaw, alphabet)
                mark = xray.flaw.mark and xray.flaw.mark.moved(-at)
            yield from _block("received", picture(said.data, mark, alphabet) if said.data else [])
            at += len(said.data)
    if wrong is None:
        yield from _expected(xray.flaw, alphabet)
    if xray.ending:
        yield Line(f"      {alphabet.dash} {xray.ending}", "note")


def _wrong_block(xray: XRay) -> int | None:
    """Which part of the talk the mark points into: the last thing received, if no other."""
    at, last = 0, None
    for number, said in enumerate(xray.talk):
        if isinstance(said, Received):
            at, last = at + len(said.data), number
            if xray.flaw.mark and xray.flaw.mark.at < at:
                break
    return last


def _expected(flaw: Flaw, alphabet: Alphabet) -> Iterator[Line]:
    if isinstance(flaw.expected, bytes):
        yield from _block("expected", _shown(flaw.expected, flaw.expected_mark, alphabet))
    elif flaw.expected:
        yield from _section("expected", flaw.expected)


def _shown(data: bytes, mark: Mark | None, alphabet: Alphabet) -> list[Line]:
    return picture(data, mark, alphabet) if data or mark else []


def _block(label: str, lines: Iterable[Line]) -> Iterator[Line]:
    """A labelled block of bytes; an empty one says so."""
    yield Line("", "note")
    yield Line(f"  {label}", "label")
    yield from [Line(f"      {text}", kind) for text, kind in lines] or [
        Line("      (nothing)", "note")
    ]


def _section(label: str, texts: Iterable[str]) -> list[Line]:
    """A labelled block of words."""
    words = [Line(f"      {text}".rstrip(), "words") for text in texts]
    return [Line("", "note"), Line(f"  {label}", "label"), *words]


def _wrapped(text: str) -> list[str]:
    """A sentence in lines that fit."""
    return textwrap.wrap(text, COLUMNS - 6, break_long_words=False, break_on_hyphens=False)


def _tail(text: str) -> Sequence[str]:
    """The last lines of an output that may be long."""
    lines = text.rstrip().splitlines()
    return lines if len(lines) <= OUTPUT_LINES else ["…", *lines[-OUTPUT_LINES:]]


def _painted(line: Line) -> str:
    """The line with its colour; the signs for line ends are dimmed."""
    if line.kind == "bytes":
        return LINE_END_SIGNS.sub(lambda sign: f"\033[2m{sign[0]}\033[22m", line.text)
    code = COLOURS.get(line.kind)
    return f"\033[{code}m{line.text}\033[0m" if code and line.text.strip() else line.text
