"""What has come and is not yet read: taken off by lines, or by number."""

import pytest

from errors import HTTPError
from received import Received

TOO_LONG = HTTPError(431, "too long")


def outcome(reading, *pieces: bytes):
    """What a reading comes to, when these pieces come one after the other: None for "need more".

    `reading` makes the generator. An error is given as its status.
    """
    received = Received()
    generator = reading(received)
    try:
        next(generator)
        for piece in pieces:
            received += piece
            next(generator)
    except StopIteration as finished:
        return finished.value, bytes(received)
    except HTTPError as error:
        return error.status
    return None


def every_way(reading, data: bytes):
    """The outcome, which is the same in one piece and byte by byte."""
    whole = outcome(reading, data)
    dripped = outcome(reading, *(bytes([byte]) for byte in data))
    if isinstance(whole, tuple) and isinstance(dripped, tuple):
        assert whole[0] == dripped[0], "byte by byte it is something else"
    else:
        assert whole == dripped, "byte by byte it is something else"
    return whole


def line(limit: int = 10):
    """A reading of one line."""
    return lambda received: received.line(limit, TOO_LONG)


def exactly(count: int):
    """A reading of so many bytes."""
    return lambda received: received.exactly(count)


@pytest.mark.parametrize(
    ("data", "result"),
    [
        (b"", None),
        (b"hello", None),
        (b"hello\r", None),
        (b"hello\r\n", (b"hello", b"")),
        (b"\r\n", (b"", b"")),
        (b"hello\r\nand the rest\r\n", (b"hello", b"and the rest\r\n")),
        (b"0123456789\r\n", (b"0123456789", b"")),
        (b"0123456789\r", None),
    ],
)
def test_line(data, result):
    """A line ends with CR LF, which is taken, too; what follows waits (RFC 9112, section 2.2)."""
    assert every_way(line(), data) == result


@pytest.mark.parametrize("data", [b"hello\n", b"\n", b"a\rb\r\n", b"a\r\r\n", b"a\rb"])
def test_line_that_does_not_end_well(data):
    """LF alone and CR alone are refused: others may see another line there."""
    assert every_way(line(), data) == 400


@pytest.mark.parametrize(
    "data", [b"0123456789a\r\n", b"0123456789ab", b"0123456789" + 100 * b"x" + b"\ra\n"]
)
def test_line_that_is_too_long(data):
    """More bytes than the limit are refused, also before the line's end has come."""
    assert every_way(line(), data) == 431


def test_exactly():
    """So many bytes, whatever they are; what follows waits."""
    assert every_way(exactly(5), b"a\r\nb\0c") == (b"a\r\nb\0", b"c")
    assert every_way(exactly(5), b"four") is None
    assert outcome(exactly(0)) == (b"", b"")


def test_take():
    """What is there, but no more than was asked for."""
    received = Received(b"hello")
    assert received.take(2) == b"he"
    assert received.take(100) == b"llo"
    assert received.take(1) == b""
