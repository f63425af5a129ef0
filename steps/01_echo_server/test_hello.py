"""`hello.py`, and exercise 01.1: the smallest response that a browser accepts."""

import re
from typing import NamedTuple

import pytest

from hello import greeting

STATUS_LINE = re.compile(rb"HTTP/1\.1 200 [ -~]*")

FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[!-~](?:[ -~]*[!-~])?")
"""A name, a colon right behind it, a value (RFC 9112, section 5)."""

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HELLO = b"Hello, World!"


class Parts(NamedTuple):
    """A response: the lines of its head, without their ends, and what stands behind it."""

    status_line: bytes
    field_lines: list[bytes]
    content: bytes


def returned(text: str = "Hello, World!") -> bytes:
    """The greeting, if it is bytes."""
    response = greeting(text)
    if response is None:
        raise AssertionError("greeting returned None: is `return` missing?")
    if not isinstance(response, bytes):
        kind = type(response).__name__
        raise AssertionError(f"greeting returned a {kind}, bytes are wanted: encode the text")
    return response


def parts(text: str = "Hello, World!") -> Parts:
    """The greeting taken apart; while its lines do not end as they must, nobody can do that."""
    response, head = returned(text), []
    for line in response.splitlines(keepends=True):
        if not line.endswith(b"\r\n"):
            raise AssertionError(line_end_missing(line))
        head.append(line.removesuffix(b"\r\n"))
        if line == b"\r\n":
            content = response[sum(len(line) + 2 for line in head) :]
            return Parts(head[0], head[1:-1], content)
    raise AssertionError(line_end_missing(b""))


def line_end_missing(line: bytes) -> str:
    """What to say of a line of the head that does not end with CR LF."""
    for alone, name in ((b"\n", "LF"), (b"\r", "CR")):
        if line.endswith(alone):
            return rf"a line ends with {name} alone, \r\n is wanted: {line!r}"
    return "the empty line is missing, which ends the head: no line of the response is empty"


def value(lines: list[bytes], name: str) -> bytes:
    """The value of the one field line with this name."""
    pairs = [line.partition(b":") for line in lines]
    values = [value for key, _, value in pairs if key.lower() == name.lower().encode()]
    if len(values) != 1:
        raise AssertionError(f"one field {name} is wanted, the head has {len(values)}")
    return values[0].strip()


@pytest.mark.exercise("01.1")
class TestGreeting:
    def test_browser_gets_it(self, serve):
        """A client gets one response, and it is framed so that the client knows its end."""
        returned()
        answer = serve(script="hello").ask(GET)
        answer.expect(status=200, body=HELLO, fields={"Connection": "close"})

    def test_lines_end_with_cr_lf(self):
        r"""Each line of the head ends with CR and LF, "\r\n", and an empty line ends the head."""
        for text in ("Hello, World!", "two\nlines", ""):
            parts(text)

    def test_status_line(self):
        """The first line says that all went well: version, a space, 200, a space, a reason."""
        line = parts().status_line
        if not STATUS_LINE.fullmatch(line):
            raise AssertionError(f"the status line is not HTTP/1.1 200 and a reason: {line!r}")

    def test_field_lines(self):
        """Each other line of the head is a field line, such as `Connection: close`."""
        for line in parts().field_lines:
            if not FIELD_LINE.fullmatch(line):
                raise AssertionError(f"this is no field line, which is `Name: value`: {line!r}")

    def test_content_length_counts_bytes(self, rng):
        """Content-Length, once, is the number of bytes behind the empty line."""
        for text in ("Hello, World!", "Grüß Gott, 世界!" * rng.randrange(1, 30), ""):
            _, lines, content = parts(text)
            length, count = value(lines, "Content-Length"), len(content)
            if length != b"%d" % count:
                raise AssertionError(f"Content-Length: {length.decode()}, but {count} bytes follow")

    def test_content(self, rng):
        """Behind the empty line stands the text, in UTF-8, with nothing before it or after it."""
        for text in ("Hello, World!", f"Grüß Gott, {rng.randrange(10**9)}\r\n\r\n", ""):
            content = parts(text).content
            assert content == text.encode()

    def test_media_type_and_close(self):
        """The head says that the content is plain text, and that the connection will close."""
        lines = parts().field_lines
        media_type = value(lines, "Content-Type").lower().replace(b" ", b"")
        connection = value(lines, "Connection").lower()
        assert media_type == b"text/plain;charset=utf-8"
        assert connection == b"close"


def test_any_request_gets_the_greeting(serve, rng):
    """Whatever a request asks for, and whatever it brings along, the answer is the greeting."""
    hello, path = serve(script="hello"), b"/%x?a=%%20" % rng.randrange(2**64)
    for request in (
        b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n" + rng.randbytes(6),
        b"GET /favicon.ico HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    ):
        hello.ask(request).expect(status=200, body=HELLO)


def test_no_answer_before_the_head_is_whole(serve, rng):
    """As long as the empty line is missing there is no answer, not even at the client's end."""
    for cut in (1, rng.randrange(2, len(GET) - 4), len(GET) - 2, len(GET) - 1):
        with serve(script="hello").connect() as wire:
            wire.send(GET[:cut])
            wire.close_sending()
            wire.expect_closed()


def test_connection_closes(serve):
    """After the response the server closes the connection, as it said."""
    with serve(script="hello").connect() as wire:
        wire.send(GET)
        answer = wire.read_all()
    assert answer[-len(HELLO) :] == HELLO


def test_endless_head_is_given_up(serve):
    """A head of more than 16 KiB is not read to its end: the server closes the connection."""
    with serve(script="hello").connect() as wire:
        wire.send(b"GET / HTTP/1.1\r\nX: " + b"y" * 18_000 + b"\r\n")
        wire.expect_closed()
    with serve(script="hello").connect() as wire:
        wire.send(GET)
        answer = wire.read_all()
    assert answer[-len(HELLO) :] == HELLO


def test_answer_survives_unread_content(serve):
    """The answer arrives whole although the server has not read all that the client sent."""
    with serve(script="hello").connect() as wire:
        wire.send(b"POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000)
        answer = wire.read_all()
    assert answer[-len(HELLO) :] == HELLO
