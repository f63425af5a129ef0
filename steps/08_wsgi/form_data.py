"""multipart/form-data: how a browser sends files (RFC 7578, RFC 2046 section 5.1).

The parts stand between lines that begin with "--" and the boundary, a word that the client
chose because it occurs in none of them. They are read block by block, so that a large
upload need never be in memory whole; what a block cuts in two is put together again.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from errors import HTTPError
from fields import Fields
from head_lines import parse_field_line
from media_types import parse_parameters

MAX_PARTS = 100
"""More form controls than any page has."""

MAX_PART_HEAD_BYTES = 8 * 1024
"""A part has two or three field lines, one of which holds a file name."""

MAX_PART_BYTES = 10 * 1024 * 1024
"""`parse_multipart` holds each part in memory."""

BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
"""RFC 2046, section 5.1.1: 1 to 70 characters, the last of them no space."""


@dataclass
class Part:
    """One part: a form control and its value, or a file.

    The file name is what the client says: a label to show, never a path to write to.
    """

    name: str
    filename: str | None
    media_type: str
    content: bytes = b""


def parse_multipart(blocks: Iterable[bytes], boundary: str) -> list[Part]:
    """All parts of a body that comes in blocks; HTTPError 400 (malformed) or 413 (too large)."""
    parts: list[Part] = []
    contents: list[bytearray] = []
    for event in read_parts(blocks, boundary):
        if isinstance(event, Part):
            parts.append(event)
            contents.append(bytearray())
        else:
            contents[-1] += event
            if len(contents[-1]) > MAX_PART_BYTES:
                raise HTTPError(413, f"A part is longer than {MAX_PART_BYTES} bytes.")
    for part, content in zip(parts, contents, strict=True):
        part.content = bytes(content)
    return parts


def read_parts(blocks: Iterable[bytes], boundary: str) -> Iterator[Part | bytes]:
    """Each part as it begins, then its content in pieces, then the next part.

    What stands before the first boundary and after the last is passed over, as RFC 2046 asks.
    """
    if not BOUNDARY.fullmatch(boundary):
        raise HTTPError(400, "The Content-Type of a multipart body names its boundary.")
    delimiter = f"\r\n--{boundary}".encode()
    body = BlockReader(blocks)
    for _ in body.until(delimiter):
        pass
    for count in itertools.count():
        if body.starts_with(b"--"):
            return
        if count == MAX_PARTS:
            raise HTTPError(413, f"A form may have {MAX_PARTS} parts, and no more.")
        if body.line(MAX_PART_HEAD_BYTES).strip(b" \t"):
            raise HTTPError(400, "A boundary line goes on after the boundary.")
        yield part_head(body)
        if body.starts_with(delimiter.lstrip()):
            body.take(len(delimiter.lstrip()))  # No content, and so no line end after it.
        else:
            yield from body.until(delimiter)


def part_head(body: "BlockReader") -> Part:
    """Read the field lines of a part. Names are raw UTF-8 there (RFC 7578, section 5.1)."""
    fields = Fields()
    room = MAX_PART_HEAD_BYTES
    while line := body.line(room):
        room -= len(line) + len(b"\r\n")
        fields.add(*parse_field_line(line))
    disposition = fields.get("Content-Disposition").encode("latin-1").decode("utf-8", "replace")
    kind, parameters = parse_parameters(disposition)
    if kind != "form-data" or "name" not in parameters:
        raise HTTPError(400, "Each part has Content-Disposition: form-data; name=...")
    name, filename = (unquote_name(parameters.get(key)) for key in ("name", "filename"))
    return Part(name or "", filename, fields.get("Content-Type", "text/plain"))


def unquote_name(name: str | None) -> str | None:
    """Browsers write the three characters that would end the name as %22, %0D and %0A."""
    for escape, character in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
        name = name and name.replace(escape, character)
    return name


class BlockReader:
    """Reads lines and pieces from a body that comes in blocks, cut anywhere."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        # As if a line had just ended, so that the first boundary may come first of all.
        self._buffer = bytearray(b"\r\n")

    def until(self, delimiter: bytes) -> Iterator[bytes]:
        """What stands before the delimiter, in pieces, without waiting for the delimiter.

        The last few bytes that are here may be the beginning of it, so they are held back.
        """
        while (at := self._buffer.find(delimiter)) < 0:
            if (safe := len(self._buffer) - len(delimiter) + 1) > 0:
                yield self.take(safe)
            self._more()
        if at:
            yield self.take(at)
        self.take(len(delimiter))

    def line(self, limit: int) -> bytes:
        """The next line without its CRLF; HTTPError 413 where it is longer than the limit."""
        enough = limit + len(b"\r\n")
        while (at := self._buffer.find(b"\r\n")) < 0 and len(self._buffer) < enough:
            self._more()
        if not 0 <= at <= limit:
            raise HTTPError(413, f"The head of a part is longer than {MAX_PART_HEAD_BYTES} bytes.")
        line = self.take(at)
        self.take(len(b"\r\n"))
        return line

    def starts_with(self, prefix: bytes) -> bool:
        """Whether these bytes come next. They are not taken."""
        while len(self._buffer) < len(prefix):
            self._more()
        return self._buffer.startswith(prefix)

    def take(self, count: int) -> bytes:
        """Take this many bytes, which are here already."""
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _more(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            raise HTTPError(400, "The multipart body ends before its last boundary.")
        self._buffer += block
