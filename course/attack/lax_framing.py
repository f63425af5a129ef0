"""How programs that are not strict read where a request ends: each has its habits.

Two that stand one behind the other, and differ in one habit, can be made to disagree. This is the
one thing in the course that is lax, and it is so on purpose: nobody should frame like this.
"""

import re
from dataclasses import dataclass
from typing import Literal

LEADING_HEX = re.compile(rb"[0-9A-Fa-f]*")

LINE_ENDS = {"crlf": rb"\r\n", "lf": rb"\r?\n", "cr": rb"\r\n?|\n"}


class Garbled(Exception):
    """Not even a lax program can read this."""


@dataclass(frozen=True)
class Habits:
    """What a program takes for what."""

    both: Literal["coding", "length"] = "coding"
    """Which of them it goes by, where there are both."""
    chunked: Literal["plain", "anywhere", "never"] = "plain"
    """Whether a coding must be `chunked` and nothing else, or may hide it; or none is known."""
    which: Literal["first", "last"] = "first"
    """Which Content-Length it takes of several."""
    number: Literal["digits", "python"] = "digits"
    """Whether a length must be digits; any other counts for nothing. Or what int() takes."""
    names: Literal["exact", "stripped"] = "exact"
    """Whether white space around a name is taken off."""
    folds: bool = False
    """Whether a line that begins with white space belongs to the line before it."""
    lines: Literal["crlf", "lf", "cr"] = "crlf"
    """What ends a line: CR LF alone, or an LF by itself too, or any of both."""
    size: Literal["digits", "python"] = "digits"
    """What it takes of a chunk's size: the digits that stand in front, or what int() takes."""
    without_body: tuple[bytes, ...] = ()
    """Methods that have no body, whatever their fields say."""


def request_end(data: bytes, habits: Habits) -> int | None:
    """Where the first request in the data ends, as one with these habits sees it.

    None where that is still to come; Garbled where even such a one can make nothing of it.
    """
    end = re.compile(rb"(?:%b){2}" % (rb"(?:%b)" % LINE_ENDS[habits.lines]))
    found = end.search(data)
    if not found:
        return None
    method = data.partition(b" ")[0].strip()
    fields = fields_of(data[: found.start()], habits)
    if method in habits.without_body:
        return found.end()
    coded, length = is_chunked(fields, habits), length_of(fields, habits)
    if coded and (habits.both == "coding" or length is None):
        return chunks_end(data, found.end(), habits)
    whole = found.end() + (length or 0)
    return whole if len(data) >= whole else None


def fields_of(head: bytes, habits: Habits) -> list[tuple[bytes, bytes]]:
    """Names in lower case, and values."""
    fields: list[tuple[bytes, bytes]] = []
    for line in re.split(LINE_ENDS[habits.lines], head)[1:]:
        if habits.folds and line[:1] in (b" ", b"\t") and fields:
            name, value = fields.pop()
            fields.append((name, (value + b" " + line.strip()).strip()))
            continue
        name, _, value = line.partition(b":")
        name = name.strip() if habits.names == "stripped" else name
        fields.append((name.lower(), value.strip(b" \t")))
    return fields


def is_chunked(fields: list[tuple[bytes, bytes]], habits: Habits) -> bool:
    """Whether it takes the body to be in chunks."""
    coding = b", ".join(value for name, value in fields if name == b"transfer-encoding").lower()
    if habits.chunked == "anywhere":
        return b"chunked" in coding
    return habits.chunked == "plain" and coding == b"chunked"


def length_of(fields: list[tuple[bytes, bytes]], habits: Habits) -> int | None:
    """The length that it takes; None where there is none, or none that it can read."""
    values = [value for name, value in fields if name == b"content-length"]
    if not values:
        return None
    text = values[0 if habits.which == "first" else -1]
    if habits.number == "digits":
        return int(text) if text.isdigit() else None
    try:
        return int(text)
    except ValueError:
        return None


def chunks_end(data: bytes, at: int, habits: Habits) -> int | None:
    """Where the chunks end that begin at the offset, with their trailer."""
    while (line := line_at(data, at, habits)) is not None:
        text, at = line
        size = size_of(text, habits)
        if not size:
            while (line := line_at(data, at, habits)) is not None:
                text, at = line
                if not text:
                    return at
            return None
        at += size
        if (line := line_at(data, at, habits)) is None:
            return None
        if line[0]:
            raise Garbled(f"no end of a chunk at offset {at}")
        at = line[1]
    return None


def line_at(data: bytes, at: int, habits: Habits) -> tuple[bytes, int] | None:
    """The line that begins at the offset, and where the next one does; None while it has no end."""
    found = re.compile(LINE_ENDS[habits.lines]).search(data, at)
    return (data[at : found.start()], found.end()) if found else None


def size_of(line: bytes, habits: Habits) -> int:
    """The size that the line before a chunk tells; what stands behind a semicolon does not count.

    Where there is no digit in front, those who look for digits find 0.
    """
    text = line.partition(b";")[0]
    if habits.size == "python":
        try:
            return max(0, int(text, 16))
        except ValueError:
            raise Garbled(f"no chunk size: {line!r}") from None
    digits = LEADING_HEX.match(text)
    return int(digits[0] or b"0", 16) if digits else 0
