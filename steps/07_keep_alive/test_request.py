"""What is new in the parser of requests: bodies in chunks, trailers, and what it tells on its way.

All else that it does is checked in step 02.
"""

import pytest

from errors import HTTPError
from request import MAX_FIELD_LINES, MAX_HEAD_BYTES, Request, RequestParser

HEAD = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = HEAD + b"3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\n\r\n"
TRAILERS = HEAD + b"5\r\nhello\r\n0\r\nX-Sum: 5\r\nHost: evil.example\r\n\r\n"

BEHIND = b"GET /behind HTTP/1.1\r\n"


def with_lines(*lines: str, method: str = "POST", version: str = "HTTP/1.1") -> bytes:
    """A head with these field lines."""
    return "\r\n".join([f"{method} / {version}", "Host: a", *lines, "", ""]).encode()


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


def outcome(*pieces: bytes, max_body: int = 1000):
    """What these pieces come to: a request, None for "need more", or the status of an error."""
    parser, request = RequestParser(max_body), None
    try:
        for piece in pieces:
            assert request is None, "the request was whole before all of it had come"
            request = parser.feed(piece)
    except HTTPError as error:
        return error.status
    return request


def every_way(data: bytes, **named):
    """The outcome, which is the same whole and byte by byte."""
    found, dripped = outcome(data, **named), outcome(*one_by_one(data), **named)
    assert repr(dripped) == repr(found), "byte by byte it is another outcome"
    return found


class TestChunked:
    """A body in chunks."""

    def test_body(self):
        """The body is the data of all chunks; nothing of it is left over (RFC 9112, 7.1)."""
        assert every_way(CHUNKED).body == b"hello"
        parser = RequestParser()
        assert parser.feed(CHUNKED + BEHIND).body == b"hello"
        assert parser.rest == BEHIND

    def test_cut_anywhere(self):
        """Before its last byte the request is not whole, wherever it is cut."""
        for cut in range(1, len(TRAILERS)):
            assert outcome(TRAILERS[:cut]) is None
            assert outcome(TRAILERS[:cut], TRAILERS[cut:]).body == b"hello"

    def test_trailers_are_apart(self):
        """Trailers are no fields: nobody has guarded against them (RFC 9110, section 6.5.1)."""
        request = every_way(TRAILERS)
        assert list(request.trailers) == [("X-Sum", "5"), ("Host", "evil.example")]
        assert request.fields.get_all("Host") == ["localhost"]
        assert "X-Sum" not in request.fields
        assert request.host == "localhost"

    def test_trailers_are_field_lines(self):
        """A malformed trailer is 400, as it would be in the head."""
        for line in (b"no colon", b"Bad : space", b" folded: line", b"X: a\0b"):
            assert every_way(HEAD + b"0\r\n" + line + b"\r\n\r\n") == 400

    def test_trailers_are_bounded(self):
        """No more of them, nor longer ones, than in a head: 431 (RFC 6585, section 5)."""
        lines = b"a: b\r\n" * (MAX_FIELD_LINES + 1)
        assert outcome(HEAD + b"0\r\n" + lines) == 431
        assert outcome(HEAD + b"0\r\nX: " + b"x" * MAX_HEAD_BYTES) == 431

    def test_any_method(self):
        """A body in chunks needs no method that asks for one; it is read in any case."""
        data = with_lines("Transfer-Encoding: chunked", method="GET") + b"2\r\nhi\r\n0\r\n\r\n"
        assert every_way(data).body == b"hi"

    def test_limit(self):
        """A body may have `max_body` bytes, in chunks or not; one more is 413."""
        three = HEAD + b"2\r\nhe\r\n1\r\nl\r\n0\r\n\r\n"
        assert every_way(three, max_body=3).body == b"hel"
        assert every_way(three, max_body=2) == 413
        assert every_way(with_lines("Content-Length: 3") + b"hel", max_body=3).body == b"hel"
        assert outcome(with_lines("Content-Length: 3"), max_body=2) == 413


class TestFraming:
    """Where the body ends there may be no second opinion (RFC 9112, section 6.3)."""

    @pytest.mark.parametrize(
        "lines",
        [
            ["Transfer-Encoding: chunked", "Content-Length: 5"],
            ["Content-Length: 5", "Transfer-Encoding: chunked"],
            ["Transfer-Encoding: chunked", "Content-Length: 0"],
            ["Transfer-Encoding: chunked", "Content-Length:"],
            ["Transfer-Encoding: chunked, identity"],
            ["Transfer-Encoding: identity"],
            ["Transfer-Encoding: xchunked"],
            ["Transfer-Encoding: chunked;q=1"],
            ["Transfer-Encoding:"],
            ["Content-Length: 5", "Content-Length: 5"],
            ["Content-Length: +5"],
            ["Content-Length: 5, 5"],
        ],
        ids=", ".join,
    )
    def test_doubtful(self, lines):
        """Whatever another server could read in another way is 400."""
        assert every_way(with_lines(*lines) + b"0\r\n\r\n") == 400

    @pytest.mark.parametrize(
        "lines",
        [
            ["Transfer-Encoding: gzip, chunked"],
            ["Transfer-Encoding: chunked, chunked"],
            ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ],
        ids=", ".join,
    )
    def test_other_codings(self, lines):
        """A coding that we do not know is 501 (RFC 9112, section 6.1)."""
        assert every_way(with_lines(*lines) + b"0\r\n\r\n") in (400, 501)

    def test_chunks_in_1_0(self):
        """HTTP/1.0 has no chunks: such a message came through something broken (9112, 6.1)."""
        data = with_lines("Transfer-Encoding: chunked", version="HTTP/1.0") + b"0\r\n\r\n"
        assert every_way(data) == 400

    def test_chunked_in_any_case(self):
        """Names of codings match whatever their case (RFC 9112, section 7)."""
        data = with_lines("transfer-encoding: CHUNKED ") + b"2\r\nhi\r\n0\r\n\r\n"
        assert every_way(data).body == b"hi"


class TestOnItsWay:
    """What the parser tells before the request is whole."""

    def test_started(self):
        """It has started with the first byte; an empty line before it is none (9112, 2.2)."""
        parser = RequestParser()
        for data, started in ((b"", False), (b"\r", False), (b"\n", False), (b"G", True)):
            parser.feed(data)
            assert parser.started is started

    def test_head(self):
        """The head is known as soon as it is whole, and not before."""
        parser = RequestParser()
        for byte in one_by_one(HEAD):
            assert parser.head is None
            parser.feed(byte)
        assert isinstance(parser.head, Request)
        assert parser.head.path == "/echo"

    def test_head_that_is_refused(self):
        """A head that is refused is none: nobody waits for its body."""
        parser = RequestParser()
        with pytest.raises(HTTPError):
            parser.feed(with_lines("Transfer-Encoding: chunked", "Content-Length: 5"))
        assert parser.head is None

    @pytest.mark.parametrize("framing", ["Content-Length: 5", "Transfer-Encoding: chunked"])
    def test_wants_continue(self, framing):
        """The client waits for 100 (Continue) when the head is whole, if nothing follows it."""
        head = with_lines(framing, "Expect: 100-continue")
        parser = RequestParser()
        parser.feed(head[:-1])
        assert not parser.wants_continue
        parser.feed(head[-1:])
        assert parser.wants_continue

    def test_does_not_wait(self):
        """Who sends the body at once does not wait; nor who has expected nothing (9110, 10.1.1)."""
        for data in (with_lines("Content-Length: 5", "Expect: 100-continue") + b"h", CHUNKED, HEAD):
            parser = RequestParser()
            parser.feed(data)
            assert not parser.wants_continue

    def test_expectations_that_nobody_can_meet(self):
        """417, as soon as the head is whole (RFC 9110, section 15.5.18)."""
        assert every_way(with_lines("Content-Length: 5", "Expect: cookies")) == 417
        assert every_way(with_lines("Expect: cookies", method="GET")) == 417
