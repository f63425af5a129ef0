"""Where a response ends, and what is wrong with one that ends elsewhere (RFC 9112, section 6.3)."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from course.endings import FRAMING_RFC, Ending, half_a_body, length_exceeded, length_not_reached
from course.grammar import FieldLine, Fields, Malformed
from course.xray import Flaw, Mark


class Frame(Enum):
    """What tells the client where the body ends."""

    NO_BODY = "the head"
    LENGTH = "Content-Length"
    CHUNKED = "the last chunk"
    CONNECTION = "the end of the connection"


@dataclass(frozen=True)
class Framing:
    """How a response is framed; `length` and `line` belong to Content-Length."""

    frame: Frame
    length: int = 0
    line: FieldLine | None = None

    def too_short(self, came: int, ending: Ending, seconds: float, at: int) -> Flaw:
        """The connection ended at offset `at`, after `came` bytes of a body that is not whole."""
        if self.line:
            mark = self.line.value_mark("")
            return length_not_reached(ending, seconds, self.length, came, mark)
        return half_a_body(ending, seconds, at, self.frame.value)

    def too_long(self, came: int, at: int) -> Flaw:
        """`came` bytes follow a head although fewer, or none, belong to it; extra ones at `at`."""
        if self.line:
            return length_exceeded(self.length, came, self.line.value_mark(""))
        mark = Mark(at, 1, f"expected nothing after {self.frame.value}")
        return Flaw("bytes after the end", f"bytes after {self.frame.value}", mark, rfc=FRAMING_RFC)


def framing(
    status: int, fields: Fields, head_end: int, method: str, *, close_delimited: bool
) -> Framing:
    """How the response to `method` with this head is framed; raises Malformed.

    `head_end` is the offset of its first body byte. A response that only the end of the
    connection frames is refused, unless `close_delimited`: nobody can tell whether it is whole.
    """
    length = _content_length(fields)
    chunked = _chunked(fields)
    if length and chunked:
        says = "Content-Length beside Transfer-Encoding: expected one of them"
        _fail("conflicting framing", "framed twice", length.name_mark(says))
    if status < 200 or status == 204:
        _refuse_framing(status, length or chunked)
        return Framing(Frame.NO_BODY)
    if method == "HEAD" or status == 304:
        return Framing(Frame.NO_BODY)
    if chunked:
        return Framing(Frame.CHUNKED)
    if length:
        return Framing(Frame.LENGTH, int(length.value), length)
    if close_delimited:
        return Framing(Frame.CONNECTION)
    _no_framing(fields, head_end)


def _content_length(fields: Fields) -> FieldLine | None:
    """The one valid Content-Length, if there is any."""
    lines = fields.lines_of("Content-Length")
    for line in lines:
        if not re.fullmatch(r"[0-9]{1,18}", line.value):
            mark = line.value_mark("expected a number of bytes, digits only")
            _fail("wrong Content-Length", f"Content-Length is no number: {line.value!r}", mark)
    if len(lines) > 1:
        values = " and ".join(line.value for line in lines)
        mark = lines[1].name_mark("a second Content-Length: expected one")
        _fail("conflicting framing", f"Content-Length comes {len(lines)} times: {values}", mark)
    return lines[0] if lines else None


def _chunked(fields: Fields) -> FieldLine | None:
    """The Transfer-Encoding line, which must say `chunked` and nothing else."""
    lines = fields.lines_of("Transfer-Encoding")
    if len(lines) > 1:
        mark = lines[1].name_mark("a second Transfer-Encoding: expected one")
        _fail("conflicting framing", "Transfer-Encoding comes twice", mark)
    if lines and lines[0].value.lower() != "chunked":
        mark = lines[0].value_mark("expected chunked here")
        _fail("conflicting framing", f"unknown Transfer-Encoding: {lines[0].value}", mark)
    return lines[0] if lines else None


def _refuse_framing(status: int, line: FieldLine | None) -> None:
    """A status that never has a body must not announce one."""
    if line:
        mark = line.name_mark(f"not allowed in a {status}: it never has a body")
        summary = f"a {status} with {line.name}"
        _fail("framing without a body", summary, mark, "RFC 9110, section 8.6")


def _no_framing(fields: Fields, head_end: int) -> NoReturn:
    """Nothing says where the body ends; perhaps because Content-Length is misspelt."""
    misspelt = fields.nearest("Content-Length")
    summary = "no framing: nothing says where the body ends"
    mark = Mark(head_end - 2, 2, "the head ends without Content-Length")
    if misspelt:
        summary = f"no framing: {misspelt.name} is not Content-Length"
        mark = misspelt.name_mark("misspelt: expected Content-Length here")
    flaw = Flaw(
        "no framing",
        summary,
        mark,
        ("Content-Length: and the number of bytes of the body (0 where it has none)",),
        advice="Without it the client cannot know whether it has read the whole body; a browser "
        "may wait, or show a reset.",
        rfc=FRAMING_RFC,
    )
    raise Malformed(flaw)


def _fail(kind: str, summary: str, mark: Mark, rfc: str = FRAMING_RFC) -> NoReturn:
    raise Malformed(Flaw(kind, summary, mark, rfc=rfc))
