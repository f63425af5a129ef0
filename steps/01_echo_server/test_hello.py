"""`hello.py`, and exercise 01.1: the smallest response that a browser accepts."""

import re

import pytest
from hello import greeting

FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[!-~](?:[ -~]*[!-~])?")
"""A name, a colon right behind it, a value (RFC 9112, section 5)."""

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def field_lines() -> dict[bytes, bytes]:
    """The field lines of the greeting, names in lower case."""
    lines = greeting().partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    pairs = (line.partition(b":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}


@pytest.mark.exercise("01.1")
class TestGreeting:
    def test_lines_end_with_cr_lf(self):
        r"""Each line of the head ends with CR and LF, "\r\n", and an empty line ends the head."""
        head, empty_line, _ = greeting().partition(b"\r\n\r\n")
        assert b"\n" not in head.replace(b"\r\n", b""), "a line ends with LF alone"
        assert empty_line == b"\r\n\r\n"
        assert b"\r" not in head.replace(b"\r\n", b""), "a line ends with CR alone"

    def test_status_line(self):
        """The first line says that all went well: version, a space, 200, a space, a reason."""
        line = greeting().partition(b"\r\n")[0]
        assert re.fullmatch(rb"HTTP/1\.1 200 [ -~]*", line), f"the first line is {line!r}"

    def test_field_lines(self):
        """Each other line of the head is a field line, such as `Content-Length: 13`."""
        for line in greeting().partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
            assert FIELD_LINE.fullmatch(line), f"this is no field line: {line!r}"

    def test_content_length_counts_bytes(self):
        """Content-Length is the number of bytes behind the empty line."""
        content = greeting().partition(b"\r\n\r\n")[2]
        length = field_lines().get(b"content-length")
        assert length is not None, "there is no Content-Length: the client can't know the end"
        assert length == b"%d" % len(content), (
            f"Content-Length: {length.decode()}, but the content has {len(content)} bytes"
        )

    def test_content(self):
        """Behind the empty line stands "Hello, World!", and nothing before or after it."""
        content = greeting().partition(b"\r\n\r\n")[2]
        assert content == b"Hello, World!"

    def test_media_type_and_close(self):
        """The head says that the content is plain text, and that the connection closes."""
        fields = field_lines()
        assert fields.get(b"content-type", b"").startswith(b"text/plain"), "Content-Type is wrong"
        assert fields.get(b"connection", b"").lower() == b"close", "Connection: close is missing"

    def test_browser_gets_it(self, serve):
        """A client gets one response, and it is framed so that the client knows its end."""
        answer = serve(script="hello").ask(GET)
        answer.expect(status=200, body=b"Hello, World!", fields={"Connection": "close"})


def test_any_request_gets_the_greeting(serve, rng):
    """Whatever a request asks for, and whatever it brings along, the answer is the greeting."""
    hello, path = serve(script="hello"), b"/%x?a=%%20" % rng.randrange(2**64)
    for request in (
        b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n" + rng.randbytes(6),
        b"GET /favicon.ico HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    ):
        hello.ask(request).expect(status=200, body=b"Hello, World!")


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
        wire.read_response()
        wire.expect_closed()


def test_endless_head_is_given_up(serve):
    """A head of more than 16 KiB is not read to its end: the server closes the connection."""
    with serve(script="hello").connect() as wire:
        wire.send(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3000)
        wire.expect_closed()
    serve(script="hello").ask(GET).expect(status=200)


def test_answer_survives_unread_content(serve, rng):
    """The answer arrives whole although the server has not read all that the client sent."""
    with serve(script="hello").connect() as wire:
        wire.send(b"POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n" + rng.randbytes(300_000))
        wire.read_response().expect(status=200, body=b"Hello, World!")
        wire.expect_closed()
