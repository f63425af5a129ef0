"""The head of a response, line by line, exactly as RFC 9112 writes it.

This is the oracle of the checks, so it is written for itself: nothing here is shared with the
steps, and nothing is forgiven. What is wrong is raised as `Malformed`, with the place.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from course.xray import Flaw, Mark, quoted

STATUS_LINE = re.compile(rb"HTTP/(\d\.\d) (\d\d\d) ([\t\x20-\x7e\x80-\xff]*)")
"""status-line = HTTP-version SP status-code SP [ reason-phrase ]   (RFC 9112, section 4)"""

TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""token = 1*tchar   (RFC 9110, section 5.6.2); a field name is a token"""

STATUS_LINE_FORM = ("HTTP/1.1, a space, three digits, a space and a reason: HTTP/1.1 200 OK",)

NOT_IN_VALUES = re.compile(rb"[^\t\x20-\x7e\x80-\xff]")
"""field-value is made of VCHAR, obs-text, SP and HTAB   (RFC 9110, section 5.5)"""

LINE_ENDS = (
    "HTTP ends a line with the two bytes \\r\\n. print() and text in triple quotes write \\n."
)


@dataclass(frozen=True)
class FieldLine:
    """One field line, with the offsets of its name and of its value."""

    name: str
    value: str
    at: int
    value_at: int

    def name_mark(self, says: str) -> Mark:
        """A caret under the name."""
        return Mark(self.at, len(self.name), says)

    def value_mark(self, says: str) -> Mark:
        """A caret under the value."""
        return Mark(self.value_at, max(len(self.value), 1), says)


class Fields:
    """The field lines of a message in their order; names are compared without their case."""

    def __init__(self, lines: Iterable[FieldLine]) -> None:
        self.lines = tuple(lines)

    def lines_of(self, name: str) -> list[FieldLine]:
        """All the lines with this name."""
        return [line for line in self.lines if line.name.lower() == name.lower()]

    def get_all(self, name: str) -> list[str]:
        """The values of all the lines with this name."""
        return [line.value for line in self.lines_of(name)]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value, several lines joined by a comma (RFC 9110, section 5.3), or the default."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def nearest(self, name: str) -> FieldLine | None:
        """The line whose name looks like a misspelling of this one."""
        names = [line.name.lower() for line in self.lines]
        found = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.8)
        return self.lines_of(found[0])[0] if found else None

    def __contains__(self, name: str) -> bool:
        return bool(self.lines_of(name))

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (line.name for line in self.lines)

    def __len__(self) -> int:
        return len(self.lines)


class Malformed(Exception):
    """The bytes break the grammar; `flaw` says what and where."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.summary)
        self.flaw = flaw


def check_beginning(beginning: bytes | bytearray, at: int) -> bool:
    """Raise Malformed where these bytes, from offset `at`, cannot become a status line.

    True while they are too few to know.
    """
    start = bytes(beginning[:5])
    if not b"HTTP/".startswith(start.upper()):
        right = next(n for n, byte in enumerate(start) if byte != b"HTTP/"[n])
        wrong = right if right > 1 else 0  # one letter in common is no misspelling
        _not_http(Mark(at + wrong, 1, "expected HTTP/1.1 here"))
    if start == b"HTTP/":
        return False
    if len(start) == 5:
        _not_http(Mark(at, 4, "expected HTTP in capitals"))
    return True


def status_line(line: bytes, at: int) -> tuple[str, int, str]:
    """(version, status, reason) of a status line that begins at offset `at`."""
    match = STATUS_LINE.fullmatch(line)
    if match is None:
        _fail_status_line(line, at)
    version, status, reason = (part.decode("latin-1") for part in match.groups())
    if version not in ("1.0", "1.1"):
        _fail_at("wrong HTTP version", Mark(at, 8, "expected HTTP/1.1 here"))
    if not 100 <= int(status) <= 599:
        _fail_at("wrong status code", Mark(at + 9, 3, "expected 100 to 599 here"))
    return version, int(status), reason


def field_line(line: bytes, at: int) -> FieldLine:
    """The field line that begins at offset `at`: name ":" OWS value OWS."""
    name, colon, rest = line.partition(b":")
    if line[:1] in (b" ", b"\t"):
        _fail_field(line, Mark(at, 1, "expected a field name, not white space"), FOLDED)
    if not colon:
        _fail_field(line, Mark(at, len(line), "expected Name: value, or an empty line"), NO_COLON)
    if not TOKEN.fullmatch(name):
        valid = TOKEN.match(name)
        wrong = valid.end() if valid else 0
        says = "expected the colon here" if name[wrong:].isspace() else "not allowed in a name"
        _fail_field(line, Mark(at + wrong, 1, says))
    value = rest.strip(b" \t")
    value_at = at + len(name) + 1 + (len(rest) - len(rest.lstrip(b" \t")) if value else len(rest))
    if wrong_byte := NOT_IN_VALUES.search(value):
        _fail_field(line, Mark(value_at + wrong_byte.start(), 1, "not allowed in a value"))
    return FieldLine(name.decode("ascii"), value.decode("latin-1"), at, value_at)


FOLDED = "White space at the start continues the line before it; HTTP/1.1 gave that up."
NO_COLON = "An empty line ends the head. Without it, the body is taken for field lines."


def bare_line_feed(at: int) -> NoReturn:
    """Raise Malformed for a LF at offset `at` that no CR comes before."""
    _fail(
        "bare LF",
        "a line ends with LF alone",
        Mark(at, 1, "expected \\r\\n here, not \\n alone"),
        advice=LINE_ENDS,
        rfc="RFC 9112, section 2.2",
    )


def _fail_status_line(line: bytes, at: int) -> NoReturn:
    """Find out what is wrong with a status line that does not match."""
    version, _, rest = line.partition(b" ")
    if not re.fullmatch(rb"HTTP/1\.[01]", version):
        _fail_at("wrong HTTP version", Mark(at, len(version), "expected HTTP/1.1 here"))
    code_at = at + len(version) + 1
    code = rest.partition(b" ")[0]
    if not re.fullmatch(rb"\d\d\d", code):
        says = "expected one space and three digits here"
        _fail_at("wrong status code", Mark(code_at, max(len(code), 1), says))
    if len(rest) == 3:
        says = "expected a space here, even where no reason follows"
        _fail_at("no space after the status code", Mark(code_at + 3, 1, says))
    wrong = NOT_IN_VALUES.search(rest)
    _fail_at("wrong reason", Mark(code_at + (wrong.start() if wrong else 3), 1, "not allowed here"))


def _not_http(mark: Mark) -> NoReturn:
    summary = "that is not HTTP: a response begins with HTTP/1.1"
    _fail("not HTTP", summary, mark, STATUS_LINE_FORM, rfc="RFC 9112, section 4")


def _fail_at(what: str, mark: Mark) -> NoReturn:
    summary = f"malformed status line: {what}"
    _fail("malformed status line", summary, mark, STATUS_LINE_FORM, rfc="RFC 9112, section 4")


def _fail_field(line: bytes, mark: Mark, advice: str = "") -> NoReturn:
    summary = f"malformed field line: {quoted(line)}"
    form = ("a name, a colon without white space before it, and a value",)
    _fail("malformed field line", summary, mark, form, advice, "RFC 9112, section 5")


def _fail(
    kind: str,
    summary: str,
    mark: Mark,
    expected: Sequence[str] = (),
    advice: str = "",
    rfc: str = "",
) -> NoReturn:
    flaw = Flaw(kind, summary, mark, tuple(expected), advice=advice, rfc=rfc)
    raise Malformed(flaw)
