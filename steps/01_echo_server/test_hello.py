"""`hello.py`, and exercise 01.1: the smallest response that a browser accepts."""

import re

import pytest

from hello import greeting

FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[!-~](?:[ -~]*[!-~])?")
"""A name, a colon right behind it, a value (RFC 9112, section 5)."""

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def parts(text: str = "Hello, World!") -> tuple[bytes, bytes]:
    """The head of a greeting, with all of its line ends, and the content."""
    response = greeting(text)
    assert isinstance(response, bytes), "greeting returns bytes: a str must be encoded"
    head, empty_line, content = response.partition(b"\r\n\r\n")
    return head + empty_line, content


def field_lines(head: bytes) -> list[bytes]:
    """The lines of the head between the status line and the empty line."""
    return head.removesuffix(b"\r\n\r\n").split(b"\r\n")[1:]


def field(head: bytes, name: bytes) -> bytes:
    """The value of the one field line with this name; b"" where there is none, or several."""
    pairs = [line.partition(b":") for line in field_lines(head)]
    values = [value.strip() for key, _, value in pairs if key.lower() == name]
    return values[0] if len(values) == 1 else b""


@pytest.mark.exercise("01.1")
class TestGreeting:
    def test_lines_end_with_cr_lf(self):
        r"""Each line of the head ends with CR and LF, "\r\n", and an empty line ends the head."""
        head, _ = parts()
        rest = head.replace(b"\r\n", b"")
        assert b"\n" not in rest, "a line ends with LF alone"
        assert b"\r" not in rest, "a line ends with CR alone"
        assert head.endswith(b"\r\n\r\n"), "the empty line is missing"

    def test_status_line(self):
        """The first line says that all went well: version, a space, 200, a space, a reason."""
        line = parts()[0].partition(b"\r\n")[0]
        assert re.fullmatch(rb"HTTP/1\.1 200 [ -~]*", line), f"the first line is {line!r}"

    def test_field_lines(self):
        """Each other line of the head is a field line, such as `Connection: close`."""
        for line in field_lines(parts()[0]):
            assert FIELD_LINE.fullmatch(line), f"this is no field line: {line!r}"

    def test_content_length_counts_bytes(self, rng):
        """Content-Length, once, is the number of bytes behind the empty line."""
        for text in ("Hello, World!", "Grüß Gott, 世界!" * rng.randrange(1, 30), ""):
            head, content = parts(text)
            length = field(head, b"content-length")
            assert length, "one Content-Length is wanted: without, where does the content end?"
            said = f"Content-Length: {length.decode()}"
            assert length == b"%d" % len(content), f"{said}, but {len(content)} bytes follow"

    def test_content(self, rng):
        """Behind the empty line stands the text, in UTF-8, with nothing before it or after it."""
        for text in ("Hello, World!", f"Grüß Gott, {rng.randrange(10**9)}\r\n\r\n", ""):
            assert parts(text)[1] == text.encode()

    def test_media_type_and_close(self):
        """The head says that the content is plain text, and that the connection will close."""
        head, _ = parts()
        media_type = field(head, b"content-type").lower().replace(b" ", b"")
        assert media_type == b"text/plain;charset=utf-8", f"Content-Type: {media_type.decode()}"
        assert field(head, b"connection").lower() == b"close", "Connection: close is missing"

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
        assert wire.read_all() == b""
