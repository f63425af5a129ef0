"""What a failing check says: its promise, what went wrong, where, and how to go on."""

import inspect
import linecache
import re
import reprlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Protocol

from course.answers import Broken, Place
from course.limits import TimeLimit
from course.visible import Alphabet, cut
from course.xray import CheckFailure, compare

FRAMES = 12
"""The most steps of a traceback that are shown; an endless recursion has a thousand."""

CAPTURED_LINES = 30
"""The most lines of the learner's own output that are shown."""

LINES, LONG_LINE = 60, 300
"""The most lines that an error is told in, and the most characters of a line."""

SHORT_VALUE = 60
"""The most characters of a value in the line that says which two differ."""

NOTHING_CAME = ("b'' ==", "'' ==")
"""How a comparison begins that has no byte to point at."""

NOT_RAISED = re.compile(r"DID NOT RAISE (?:\w+\.)*(\w+)")
"""What pytest says where an error was expected."""


class Terminal(Protocol):
    """What is used of pytest's terminal writer."""

    hasmarkup: bool

    def line(self, s: str = "", **markup: bool) -> None:
        """Write one line."""


class Text(NamedTuple):
    """A line of a report and how it is shown."""

    text: str
    markup: dict[str, bool]


BOLD = {"bold": True}
FAINT = {"light": True}
RED = {"red": True, "bold": True}


class Frame(NamedTuple):
    """One line that an error passed through."""

    path: Path
    line: int
    function: str


@dataclass(frozen=True)
class Verdict:
    """The report of one failing check; pytest prints it where its own traceback would stand."""

    promise: str
    error: BaseException
    comparison: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    again: str = ""
    look: tuple[Place, ...] = ()
    hint: str = ""

    @property
    def remoteness(self) -> int:
        """How far from the mistake this report is; 0 where it points at the first wrong byte.

        A server that ends, or says nothing, may have any reason; so may a value that is empty.
        """
        if isinstance(self.error, CheckFailure):
            return 0 if self.error.xray.points_at_a_byte else 2
        bytes_came = self.comparison and not self.comparison[0].startswith(NOTHING_CAME)
        return 0 if bytes_came and isinstance(self.error, AssertionError) else 1

    def toterminal(self, tw: Terminal) -> None:
        """Write the report; pytest calls this."""
        alphabet = Alphabet()
        for text, markup in self.lines(colour=tw.hasmarkup):
            tw.line(alphabet.plain(text), **markup)

    def __str__(self) -> str:
        return "\n".join(text for text, _ in self.lines())

    def lines(self, *, colour: bool = False) -> Iterator[Text]:
        """The report line by line; only the X-ray brings colours of its own."""
        yield Text(self.promise, BOLD)
        yield Text("", {})
        if isinstance(self.error, CheckFailure):
            yield from (Text(line, {}) for line in self.error.report(colour=colour).split("\n"))
        else:
            yield from (Text(line, RED) for line in _short(self._explained()))
        yield Text("", {})
        yield from _traced(self.frames)
        labels = [("again", self.again), ("hint", self.hint)]
        labels[1:1] = [("look", str(place)) for place in self.look]
        for label, text in labels:
            if text:
                yield Text(f"{label:<6}{text}", FAINT if label == "again" else {})

    def _explained(self) -> list[str]:
        """The error in words; the comparison of two texts in all its lines."""
        head, found, _ = str(self.error).partition(self.comparison[0] if self.comparison else "\0")
        if found and isinstance(self.error, AssertionError):
            return [*(head + found).split("\n"), *(f"  {line}" for line in self.comparison[1:])]
        return _explained(self.error)


@dataclass(frozen=True)
class Calm:
    """The verdict on a check that did not run, or met a blank: one line, no traceback."""

    text: str
    outcome: Literal["waits", "closed"]

    def toterminal(self, tw: Terminal) -> None:
        """Write the line; pytest calls this."""
        tw.line(Alphabet().plain(self.text))

    def __str__(self) -> str:
        return self.text


def promise(function: object, name: str) -> str:
    """What the check promises: the first paragraph of its docstring, else its name in words."""
    words = inspect.getdoc(function) or ""
    first = " ".join(words.partition("\n\n")[0].split())
    return first or name.removeprefix("test_").replace("_", " ")


def frames_of(error: BaseException, roots: Sequence[Path]) -> tuple[Frame, ...]:
    """The lines in files under the `roots` that the error passed through."""
    return tuple(frame for frame in _walk(error.__traceback__) if _is_under(frame.path, roots))


def broken_lines(broken: Broken) -> Iterator[Text]:
    """The calm report on an answer that cannot be used."""
    yield Text(f"{broken.place} cannot be used yet, the reference stands in for it", BOLD)
    yield from (Text(f"      {line}", {}) for line in broken.quote)
    yield Text(f"  {broken.error}", RED)


def trimmed(text: str) -> str:
    """Captured output of a length that a person reads: its start and its end."""
    lines = text.splitlines()
    if len(lines) <= CAPTURED_LINES:
        return text
    half = CAPTURED_LINES // 2
    gap = f"... {len(lines) - 2 * half:,} lines left out ..."
    return "\n".join([*lines[:half], gap, *lines[-half:]])


def compared(operator: str, left: object, right: object) -> list[str] | None:
    """The explanation of a failed `left == right` between texts or bytes; else None."""
    if operator != "==" or type(left) is not type(right):
        return None
    if isinstance(left, bytes | bytearray) and isinstance(right, bytes | bytearray):
        lines = compare(bytes(right), bytes(left))
    elif isinstance(left, str) and isinstance(right, str):
        lines = compare(right, left)
    else:
        return None
    short = reprlib.Repr()
    short.maxstring = short.maxother = SHORT_VALUE
    return [f"{short.repr(left)} == {short.repr(right)}", *lines]


def _explained(error: BaseException) -> list[str]:
    """The error in words."""
    if isinstance(error, TimeLimit):
        return [f"{str(error).capitalize()}: the last line below is where."]
    if isinstance(error, SystemExit):
        return [f"It ended the program: sys.exit({error.code!r})"]
    words = str(error)
    if found := NOT_RAISED.fullmatch(words):
        return [f"{found[1]} was expected, and nothing was raised"]
    if isinstance(error, AssertionError):
        return words.split("\n") if words else ["the assertion below does not hold"]
    lines = _named(error).split("\n")
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [*lines, f"which came of {_named(cause)}"] if cause is not None else lines


def _short(lines: Sequence[str]) -> list[str]:
    """The lines without the end of what is too long to be read."""
    short = [cut(line, LONG_LINE) for line in lines[:LINES]]
    more = len(lines) - LINES
    return [*short, f"... {more:,} more lines ..."] if more > 0 else short


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _traced(frames: Sequence[Frame]) -> Iterator[Text]:
    """Each frame's place and its source line; the middle of a long way is left out."""
    half = FRAMES // 2
    for number, frame in enumerate(frames):
        if len(frames) > FRAMES and half <= number < len(frames) - half:
            if number == half:
                yield Text(f"  ... {len(frames) - 2 * half:,} more ...", FAINT)
            continue
        place = Place(frame.path, frame.line, f"in {frame.function}")
        yield Text(str(place), FAINT)
        source = linecache.getline(str(frame.path), frame.line).strip()
        yield Text(f"    {source}", {})
    if frames:
        yield Text("", {})


def _walk(step: TracebackType | None) -> Iterator[Frame]:
    while step:
        code = step.tb_frame.f_code
        yield Frame(Path(code.co_filename), step.tb_lineno, code.co_name)
        step = step.tb_next


def _is_under(path: Path, roots: Sequence[Path]) -> bool:
    return any(path.is_relative_to(root) for root in roots)
