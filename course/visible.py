"""Bytes that a person can read: CR and LF as signs, a caret under the byte that matters.

Text stays text. Whatever has no sign of its own is shown as `\\xNN`, a backslash is doubled, and
what is too long loses its middle, never the place that the caret points at.
"""

import codecs
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

COLUMNS = 96
"""Longer lines lose their middle: they would wrap, and the caret would point at nothing."""

LINES = 20
"""Longer blocks lose lines from their middle: a report should fit on a screen."""

BYTES = 6000
"""More bytes than this are not even looked at: a page has room for fewer."""

NOISE_BYTES = 400
"""The same for bytes that are no text: nobody reads them."""

PLAIN_SIGNS = {"␍": "\\r", "␊": "\\n", "…": "...", "—": "--"}
"""The signs for CR, LF, a gap and a dash, and what stands for them where they cannot be shown."""


class Mark(NamedTuple):
    """Where to look: `length` bytes from offset `at`, and what there is to say about them."""

    at: int
    length: int
    says: str

    def moved(self, by: int) -> "Mark":
        """The same mark, in bytes that begin elsewhere."""
        return self._replace(at=self.at + by)


class Line(NamedTuple):
    """A line of a report and what it is, for whoever gives it a colour."""

    text: str
    kind: str  # "title", "label", "bytes", "caret", "words" or "note"


class Alphabet:
    """The signs that an output encoding can show."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding or output_encoding()
        fancy = self.shows("".join(PLAIN_SIGNS))
        signs = PLAIN_SIGNS.keys() if fancy else PLAIN_SIGNS.values()
        self.cr, self.lf, self.gap, self.dash = signs

    def shows(self, text: str) -> bool:
        """Can the encoding write this text down?"""
        try:
            text.encode(self.encoding)
        except (UnicodeError, LookupError):
            return False
        return True

    def sign(self, byte: int) -> str:
        """How one byte is written that is not part of a longer character."""
        signs = {0x0D: self.cr, 0x0A: self.lf, 0x09: "\\t", 0x5C: "\\\\"}
        if byte in signs:
            return signs[byte]
        return chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"

    def character(self, data: bytes, at: int) -> str | None:
        """The character beyond ASCII that begins here in UTF-8, if it can be shown in a column."""
        size = utf8_size(data[at])
        if size == 1:
            return None
        try:
            text = data[at : at + size].decode()
        except UnicodeDecodeError:
            return None
        plain = len(text) == 1 and text.isprintable() and not unicodedata.combining(text)
        return text if plain and self.shows(text) else None

    def plain(self, text: str) -> str:
        """The same words in characters that the encoding has."""
        if not self.shows(text):
            text = text.translate({ord(sign): plain for sign, plain in PLAIN_SIGNS.items()})
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


@dataclass(frozen=True)
class Cell:
    """What stands for `size` bytes from offset `at`: a sign, or a gap where bytes are left out."""

    at: int
    size: int
    text: str
    is_lf: bool = False

    @property
    def width(self) -> int:
        """The columns it takes; East Asian characters take two."""
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in self.text)


COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")
"""What switches a terminal's colours: pytest puts it into the words that say what differs."""


def cut(line: str, columns: int) -> str:
    """The line, its end left out where it is too long. What switches colours takes no column."""
    pieces = COLOUR.split(line)
    left = columns
    for number in range(0, len(pieces), 2):
        if len(pieces[number]) > left:
            off = "\x1b[0m" if number else ""
            return "".join([*pieces[:number], pieces[number][:left], off, " ..."])
        left -= len(pieces[number])
    return line


def output_encoding() -> str:
    """The encoding of the terminal (or pipe) that the reports end up in."""
    return getattr(sys.__stdout__, "encoding", None) or "ascii"


def utf8_size(first: int) -> int:
    """How many bytes the UTF-8 character takes that begins with this byte."""
    if first >= 0xF0:
        return 4
    return 3 if first >= 0xE0 else 2 if first >= 0xC2 else 1


def is_text(data: bytes) -> bool:
    """Whether the bytes are UTF-8; the first and the last character may be cut."""
    cut = next((at for at, byte in enumerate(data[:3]) if not 0x80 <= byte < 0xC0), 0)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[cut:])
    except UnicodeDecodeError:
        return False
    return True


def visible(data: bytes, encoding: str | None = None) -> list[str]:
    """The lines of `data`, each with its line end shown; nothing is left out."""
    alphabet = Alphabet(encoding)
    lines = split_lines(to_cells(data, [(0, len(data))], alphabet))
    return ["".join(cell.text for cell in line) for line in lines]


def picture(data: bytes, mark: Mark | None, alphabet: Alphabet) -> list[Line]:
    """The lines of `data`, shortened where they must be, a caret line under the marked place."""
    focus = mark.at if mark else None
    limit = BYTES if is_text(data) else NOISE_BYTES
    cells = to_cells(data, windows(len(data), limit, focus), alphabet)
    lines = split_lines(cells) or [[]]
    if focus == len(data) and lines[-1] and lines[-1][-1].is_lf:
        lines.append([])
    marked = marked_line(lines, focus)
    result: list[Line] = []
    for start, end, gap in spans(len(lines), windows(len(lines), LINES, marked)):
        if gap:
            result.append(left_out(data, lines[start:end], alphabet))
            continue
        for number in range(start, end):
            line = shorten(lines[number], focus if number == marked else None, alphabet)
            result.append(Line("".join(cell.text for cell in line), "bytes"))
            if mark and number == marked:
                result.append(caret(line, mark))
    return result


def to_cells(data: bytes, shown: Sequence[tuple[int, int]], alphabet: Alphabet) -> list[Cell]:
    """The signs for the shown ranges of `data`, with a gap between them."""
    cells: list[Cell] = []
    text_like = is_text(data)
    for start, end, gap in spans(len(data), shown):
        if gap:
            cells.append(gap_cell(start, end - start, alphabet))
            continue
        at = start
        while at < end:
            character = alphabet.character(data, at) if text_like else None
            size = len(character.encode()) if character else 1
            text = character or alphabet.sign(data[at])
            cells.append(Cell(at, size, text, is_lf=data[at] == 0x0A))
            at += size
    return cells


def gap_cell(at: int, size: int, alphabet: Alphabet) -> Cell:
    """The sign for bytes that are left out, with their count."""
    return Cell(at, size, f" {alphabet.gap} {size:,} bytes {alphabet.gap} ")


def split_lines(cells: Iterable[Cell]) -> list[list[Cell]]:
    """The cells line by line; a line ends after its LF."""
    lines: list[list[Cell]] = []
    complete = True
    for cell in cells:
        if complete:
            lines.append([])
        lines[-1].append(cell)
        complete = cell.is_lf
    return lines


def marked_line(lines: Sequence[Sequence[Cell]], focus: int | None) -> int | None:
    """The number of the line that holds the marked byte; the last line for one past the end."""
    if focus is None:
        return None
    for number, line in enumerate(lines):
        if line and focus < line[-1].at + line[-1].size:
            return number
    return len(lines) - 1


def windows(total: int, limit: int, focus: int | None) -> list[tuple[int, int]]:
    """The ranges of 0..total to keep: all, or the start, the end and around the focus."""
    if total <= limit:
        return [(0, total)]
    around = limit // 4
    keep = [(0, limit // 2 if focus is None else around), (total - around, total)]
    if focus is not None:
        keep.append((max(0, focus - around), min(total, focus + around)))
    return merged(sorted(keep))


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges, those that touch made one."""
    result: list[tuple[int, int]] = []
    for start, end in ranges:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def spans(total: int, shown: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """The whole of 0..total in order: (start, end, is it a gap?)."""
    at = 0
    for start, end in shown:
        if at < start:
            yield at, start, True
        yield start, end, False
        at = end
    if at < total:
        yield at, total, True


def shorten(line: Sequence[Cell], focus: int | None, alphabet: Alphabet) -> list[Cell]:
    """A line of at most about COLUMNS columns, with the focus still in it."""
    if sum(cell.width for cell in line) <= COLUMNS:
        return list(line)
    inside = [number for number, cell in enumerate(line) if focus is not None and cell.at <= focus]
    keep = windows(len(line), COLUMNS - 40, inside[-1] if inside else None)
    result: list[Cell] = []
    for start, end, gap in spans(len(line), keep):
        cut = line[start:end]
        size = cut[-1].at + cut[-1].size - cut[0].at
        result.extend([gap_cell(cut[0].at, size, alphabet)] if gap else cut)
    return result


def left_out(data: bytes, lines: Sequence[Sequence[Cell]], alphabet: Alphabet) -> Line:
    """The line that stands for lines left out, with their count."""
    start, end = lines[0][0].at, lines[-1][-1].at + lines[-1][-1].size
    count = data.count(b"\n", start, end)
    return Line(f"{alphabet.gap} {count:,} lines, {end - start:,} bytes {alphabet.gap}", "note")


def caret(line: Sequence[Cell], mark: Mark) -> Line:
    """Carets under the marked cells and the statement beside them."""
    indent = sum(cell.width for cell in line if cell.at + cell.size <= mark.at)
    end = mark.at + max(mark.length, 1)
    inside = [cell for cell in line if cell.at < end and cell.at + cell.size > mark.at]
    arrows = "^" * max(sum(cell.width for cell in inside), 1)
    if indent + len(arrows) + len(mark.says) > COLUMNS and len(mark.says) < indent:
        return Line(f"{mark.says} ".rjust(indent) + arrows, "caret")
    return Line(f"{' ' * indent}{arrows} {mark.says}".rstrip(), "caret")
