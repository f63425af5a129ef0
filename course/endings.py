"""What it means when a connection ends, or falls silent, before a response is whole."""

from enum import Enum

from course.xray import Flaw, Mark

COUNT_BYTES = "Content-Length counts bytes after encoding: in UTF-8, é takes two of them."

FRAMING_RFC = "RFC 9112, section 6.3"

UNREAD = (
    "A server that closes a socket with unread bytes in it resets the connection, and its answer "
    "may be lost: end the sending side first, and read what the client still sends."
)


class Ending(Enum):
    """What became of the connection."""

    CLOSED = "the server closed the connection"
    RESET = "the server reset the connection"
    SILENT = "nothing more"

    def after(self, seconds: float) -> str:
        """What happened, in words."""
        return f"{self.value} for {seconds:.1f} s" if self is Ending.SILENT else self.value

    @property
    def kind(self) -> str:
        """The kind of flaw in a response that is not whole."""
        return {
            Ending.CLOSED: "closed too early",
            Ending.RESET: "reset before the whole response",
            Ending.SILENT: "hangs",
        }[self]

    @property
    def advice(self) -> str:
        """What a beginner may not know about it."""
        return UNREAD if self is Ending.RESET else ""


def no_answer(ending: Ending, seconds: float, at: int, what: str = "a response") -> Flaw:
    """Not one byte of the response came."""
    mark = Mark(at, 1, f"expected {what} here")
    if ending is Ending.SILENT:
        summary = f"nothing for {seconds:.1f} s; the connection is still open"
        advice = "Is the server waiting for bytes that are not coming?"
    elif ending is Ending.RESET:
        summary, advice = f"{ending.kind}: not a byte of it came", ending.advice
    else:
        summary = "closed before answering"
        advice = "Every request gets a response, even one that the server refuses."
        return Flaw(summary, summary, mark, (what,), advice=advice)
    return Flaw(ending.kind, summary, mark, (what,), advice=advice)


def half_a_head(ending: Ending, seconds: float, at: int) -> Flaw:
    """The head began, but its empty line never came."""
    mark = Mark(at, 1, "the head ends here; expected more, and an empty line")
    expected = ("status line, field lines, and an empty line: \\r\\n\\r\\n",)
    rfc, advice = "RFC 9112, section 2.1", ending.advice
    summary = f"{ending.kind}: half a head, then {ending.after(seconds)}"
    return Flaw(ending.kind, summary, mark, expected, advice=advice, rfc=rfc)


def half_a_body(ending: Ending, seconds: float, at: int, missing: str) -> Flaw:
    """The body began, but what ends it (`missing`) never came."""
    mark = Mark(at, 1, f"expected {missing}, but {ending.after(seconds)}")
    summary = f"{ending.kind}: half a body, then {ending.after(seconds)}"
    return Flaw(ending.kind, summary, mark, advice=ending.advice, rfc=FRAMING_RFC)


def length_not_reached(ending: Ending, seconds: float, length: int, came: int, mark: Mark) -> Flaw:
    """Content-Length, whose value is at the mark, says more than came."""
    says = f"says {length:,}, but {counted(came)} came"
    kind, advice = "wrong Content-Length", COUNT_BYTES
    if ending is Ending.RESET:
        kind, advice = ending.kind, ending.advice
    summary = f"{kind}: it {says}, then {ending.after(seconds)}"
    return Flaw(kind, summary, mark._replace(says=says), advice=advice, rfc=FRAMING_RFC)


def length_exceeded(length: int, came: int, mark: Mark) -> Flaw:
    """Content-Length, whose value is at the mark, says less than came."""
    says = f"says {length:,}, but {counted(came)} follow{'s' * (came == 1)}"
    kind = "wrong Content-Length"
    summary = f"{kind}: it {says}"
    return Flaw(kind, summary, mark._replace(says=says), advice=COUNT_BYTES, rfc=FRAMING_RFC)


def counted(count: int) -> str:
    """1 byte, 2 bytes."""
    return f"{count:,} byte{'s' * (count != 1)}"
