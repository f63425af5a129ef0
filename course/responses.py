"""Read one response from a stream of bytes, strictly; no socket is touched here.

Three outcomes, as for every parser of this course: a whole response, "need more", or `Malformed`.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass, field, replace

from course.endings import Ending, half_a_head, no_answer
from course.framing import Frame, Framing, framing
from course.grammar import (
    FieldLine,
    Fields,
    Malformed,
    bare_line_feed,
    check_beginning,
    field_line,
    status_line,
)
from course.xray import Flaw, Mark

MAX_HEAD_BYTES = 256 * 1024
"""No server of this course sends such a head; one that runs wild must not fill our memory."""

CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")
"""chunk-size [ chunk-ext ]   (RFC 9112, section 7.1)"""

NO_BODY = Framing(Frame.NO_BODY)

NO_FIELDS = Fields(())

Progress = Generator[None, None, None]

CHUNKS = "RFC 9112, section 7.1"


@dataclass(frozen=True)
class Response:
    """One final response. `raw` holds its bytes, `at` is where they begin in the stream.

    `interim` holds the 1xx responses that came before it, `pieces` the (offset, size) of the
    parts of the stream that make up the body.
    """

    version: str
    status: int
    reason: str
    fields: Fields
    at: int
    head_end: int
    framing: Framing = NO_BODY
    body: bytes = b""
    raw: bytes = b""
    interim: tuple["Response", ...] = ()
    trailers: Fields = NO_FIELDS
    pieces: tuple[tuple[int, int], ...] = ()

    @property
    def closes(self) -> bool:
        """Does the response announce that the server closes the connection after it?"""
        options = (self.fields.get("Connection") or "").lower().split(",")
        return "close" in (option.strip() for option in options)

    def status_mark(self, says: str) -> Mark:
        """A caret under the status code."""
        return Mark(self.at + 9, 3, says)

    def head_mark(self, says: str) -> Mark:
        """A caret under the empty line that ends the head."""
        return Mark(self.head_end - 2, 2, says)

    def body_mark(self, index: int, says: str, length: int = 1) -> Mark:
        """A caret under byte `index` of the body, wherever it stands in the stream."""
        at = self.head_end
        for start, size in self.pieces:
            at = start + min(index, size)
            if index < size:
                break
            index -= size
        return Mark(at, length, says)


@dataclass
class ResponseReader:
    """Feed it bytes; it gives the response once it is whole.

    `method` is the request's: HEAD brings no content. `close_delimited` accepts a response that
    ends with the connection. `base` is the offset of the first byte in the whole stream.
    """

    method: str = "GET"
    close_delimited: bool = False
    base: int = 0
    response: Response | None = None
    _data: bytearray = field(default_factory=bytearray)
    _at: int = 0
    _head_at: int = 0
    _head: Response | None = None
    _body: bytearray = field(default_factory=bytearray)
    _pieces: list[tuple[int, int]] = field(default_factory=list)
    _interim: list[Response] = field(default_factory=list)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._progress = self._read()

    @property
    def fed(self) -> int:
        """The offset in the stream up to which bytes have come."""
        return self.base + len(self._data)

    @property
    def at(self) -> int:
        """The offset in the stream up to which bytes have been read."""
        return self.base + self._at

    def feed(self, data: bytes | bytearray) -> Response | None:
        """Take more bytes: the response if it is whole, else None; raises Malformed."""
        self._data += data
        if self.response is None:
            next(self._progress, None)
        return self.response

    def end(self, ending: Ending, seconds: float = 0.0) -> Response:
        """No more bytes will come: the response if that makes it whole; else Malformed."""
        self._closed = ending is Ending.CLOSED
        response = self.feed(b"")
        if response is None:
            raise Malformed(self._interrupted(ending, seconds))
        return response

    def _read(self) -> Progress:
        """The response from its first byte to its last; each `yield` waits for more bytes."""
        start = self._at
        head = yield from self._read_head()
        while head.status < 200 and head.status != 101:
            self._interim.append(head)
            head = yield from self._read_head()
        self._head = head
        trailers = NO_FIELDS
        if head.framing.frame is Frame.CHUNKED:
            trailers = yield from self._read_chunks()
        elif head.framing.frame is Frame.CONNECTION:
            yield from self._read_to_the_end()
        else:
            yield from self._read_piece(head.framing.length)
        self.response = replace(
            head,
            body=bytes(self._body),
            raw=bytes(self._data[start : self._at]),
            interim=tuple(self._interim),
            trailers=trailers,
            pieces=tuple(self._pieces),
        )

    def _read_head(self) -> Generator[None, None, Response]:
        """Status line, field lines, empty line, and how what follows is framed."""
        start = self._head_at = self._at
        while check_beginning(self._data[start : start + 20], self.base + start):
            yield
        version, status, reason = status_line(*(yield from self._read_line()))
        fields = yield from self._read_fields()
        end = self.base + self._at
        head = Response(version, status, reason, fields, self.base + start, end)
        closes = self.close_delimited
        framed = framing(status, fields, end, self.method, close_delimited=closes)
        return replace(head, framing=framed)

    def _read_fields(self) -> Generator[None, None, Fields]:
        """The field lines up to and with the empty line."""
        lines: list[FieldLine] = []
        while True:
            line, at = yield from self._read_line()
            if not line:
                return Fields(lines)
            lines.append(field_line(line, at))

    def _read_line(self) -> Generator[None, None, tuple[bytes, int]]:
        """(the line without its CRLF, its offset)."""
        start = self._at
        while (end := self._data.find(b"\n", start)) < 0:
            if len(self._data) - start > MAX_HEAD_BYTES:
                mark = Mark(self.base + start, 1, "this line does not end")
                summary = f"a line of more than {MAX_HEAD_BYTES:,} bytes"
                raise Malformed(Flaw("endless line", summary, mark))
            yield
        if end == start or self._data[end - 1] != 0x0D:
            bare_line_feed(self.base + end)
        self._at = end + 1
        return bytes(self._data[start : end - 1]), self.base + start

    def _read_piece(self, size: int) -> Progress:
        """`size` bytes of the body."""
        start = self._at
        while len(self._data) - start < size:
            yield
        self._take(size)

    def _read_to_the_end(self) -> Progress:
        """All that comes until the server closes."""
        while not self._closed:
            yield
        self._take(len(self._data) - self._at)

    def _take(self, size: int) -> None:
        self._pieces.append((self.base + self._at, size))
        self._body += self._data[self._at : self._at + size]
        self._at += size

    def _read_chunks(self) -> Generator[None, None, Fields]:
        """Chunks up to and with the last one; returns the trailer fields."""
        while True:
            line, at = yield from self._read_line()
            match = CHUNK_LINE.fullmatch(line)
            if match is None:
                says = "expected the size of a chunk in hexadecimal digits"
                mark = Mark(at, max(len(line), 1), says)
                raise Malformed(Flaw("malformed chunk", "malformed chunk size", mark, rfc=CHUNKS))
            size = int(match[1], 16)
            if size == 0:
                return (yield from self._read_fields())
            yield from self._read_piece(size)
            yield from self._read_chunk_end(size)

    def _read_chunk_end(self, size: int) -> Progress:
        """The CRLF after the data of a chunk."""
        while len(self._data) - self._at < 2:
            yield
        if self._data[self._at : self._at + 2] != b"\r\n":
            mark = Mark(self.base + self._at, 1, f"expected \\r\\n after {size:,} bytes of data")
            raise Malformed(Flaw("malformed chunk", "wrong chunk size", mark, rfc=CHUNKS))
        self._at += 2

    def _interrupted(self, ending: Ending, seconds: float) -> Flaw:
        """What is missing where the connection ended."""
        here = self.base + len(self._data)
        if self._head:
            came = len(self._data) - self._at
            return self._head.framing.too_short(came, ending, seconds, here)
        if len(self._data) == self._head_at:
            what = "a final response" if self._interim else "a response"
            return no_answer(ending, seconds, here, what)
        return half_a_head(ending, seconds, here)
