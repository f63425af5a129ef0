"""Exercise 01.6: a line is a line, whatever pieces it comes in."""

import socket

import pytest

from line_echo import MAX_LINE_BYTES, echo_lines

pytestmark = pytest.mark.exercise("01.6")


@pytest.fixture
def wire(serve):
    """A connection to the line echo."""
    with serve(script="line_echo").connect() as connection:
        yield connection


def test_line_comes_back_in_upper_case(wire, rng):
    """A line comes back in upper case, and the next one, too."""
    for _ in range(3):
        line = b"hello %x\n" % rng.randrange(2**64)
        wire.send(line)
        wire.expect_bytes(line.upper())


def test_half_a_line_is_no_line(wire):
    """A line that no LF ends is not answered, not even when the client closes its side."""
    wire.send(b"half a line", drip=True)
    wire.close_sending()
    wire.expect_closed()


def test_line_in_pieces(wire, rng):
    """A line may come in pieces, and the end of one with the beginning of the next."""
    first, second = b"one %x\n" % rng.getrandbits(64), b"two %x\n" % rng.getrandbits(64)
    wire.send(first[:4])
    wire.send(first[4:] + second[:4], drip=True)
    wire.expect_bytes(first.upper())
    wire.send(second[4:], drip=True)
    wire.expect_bytes(second.upper())


def test_several_lines_in_one_packet(wire):
    """Lines that come together are all answered at once, and an empty one is a line."""
    wire.send(b"one\ntwo\n\nthree\n")
    wire.expect_bytes(b"ONE\nTWO\n\nTHREE\n")


def test_bytes_after_the_last_line(wire):
    """Bytes that no LF follows are no line: the client closes its side, and gets no more."""
    wire.send(b"whole\nnot whole")
    wire.close_sending()
    wire.expect_bytes(b"WHOLE\n")
    wire.expect_closed()


def test_other_bytes_stay_as_they_are(wire, rng):
    """Only the letters a to z change: CR, NUL, 0xFF and UTF-8 come back as they were sent."""
    noise = rng.randbytes(200).replace(b"\n", b"")
    for line in (b"telnet\r\n", b"nul \0 \xff\n", "déjà vu ß\n".encode(), noise + b"\n"):
        wire.send(line)
        wire.expect_bytes(line.upper())


def test_line_that_is_too_long(wire):
    """A line of more than MAX_LINE_BYTES ends the conversation."""
    wire.send(b"short\n")
    wire.expect_bytes(b"SHORT\n")
    wire.send(b"x" * MAX_LINE_BYTES + b"\n")
    wire.expect_closed()


def converse(sent: bytes) -> None:
    """Hold the whole conversation with a client that sends this, and leaves."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        echo_lines(ours)


def test_client_that_leaves_is_no_error():
    """A client may leave, even in the middle of a line: `echo_lines` returns, without an error."""
    for sent in (b"", b"whole\n", b"whole\nnot whole"):
        converse(sent)


def test_line_that_is_too_long_is_no_error():
    """A line of more than MAX_LINE_BYTES is no fault of ours: `echo_lines` returns."""
    converse(b"short\n" + b"x" * MAX_LINE_BYTES + b"\n")


def test_long_line(wire, rng):
    """A line of MAX_LINE_BYTES, its LF counted, is not too long, even byte by byte."""
    line = b"%x" % rng.randrange(2**64) + b"y" * MAX_LINE_BYTES
    line = line[: MAX_LINE_BYTES - 1] + b"\n"
    wire.send(line, drip=True)
    wire.expect_bytes(line.upper())
