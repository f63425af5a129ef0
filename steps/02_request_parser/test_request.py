"""The request parser: strict, and the same for every split."""

from contextlib import suppress

import pytest

from errors import HTTPError
from framing import MAX_BODY_BYTES
from request import (
    MAX_FIELD_LINES,
    MAX_HEAD_BYTES,
    MAX_REQUEST_LINE_BYTES,
    Request,
    RequestParser,
)

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /notes?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\0\r\n\xff\n"

BEHIND = b"\0\r\n\r\nGET /behind HTTP/1.1\r\n"
"""Bytes that may follow a request: they are not part of it, and nobody has to like them."""


def refused(function, *arguments, **named) -> int:
    """The status with which the function refuses these arguments."""
    try:
        answer = function(*arguments, **named)
    except HTTPError as error:
        return error.status
    given = ", ".join(map(repr, arguments))
    raise AssertionError(f"{given} is to be refused, not to give {answer!r}")


def shown(request: Request) -> tuple[object, ...]:
    """All parts of a request, so that two can be compared."""
    lines = tuple(request.fields)
    return request.method, request.target, request.version, lines, request.body


def outcome(*pieces: bytes) -> tuple[object, ...] | int | None:
    """What comes of these pieces: a request, the status of an error, or None for "need more"."""
    parser = RequestParser()
    request = None
    try:
        for piece in pieces:
            assert request is None, "the request was whole before all of it had come"
            request = parser.feed(piece)
    except HTTPError as error:
        return error.status
    return request and shown(request)


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


def parsed(data: bytes) -> Request:
    """The request that these bytes are: the same whole, byte by byte, and with more behind."""
    parser = RequestParser()
    request = parser.feed(data + BEHIND)
    assert request is not None, "need more"
    assert parser.rest == BEHIND
    assert outcome(data) == outcome(*one_by_one(data)) == shown(request)
    return request


def status(data: bytes) -> int:
    """The status of the error that these bytes are, however they are cut."""
    found = outcome(data)
    if not isinstance(found, int):
        raise AssertionError(f"these bytes are to be refused, not {found or 'waited for'}")
    assert outcome(*one_by_one(data)) == found, "byte by byte it is another outcome"
    assert outcome(data + BEHIND) == found, "with more bytes behind it is another outcome"
    return found


def with_lines(*lines: bytes) -> bytes:
    """A GET with these field lines."""
    return b"".join(line + b"\r\n" for line in (b"GET / HTTP/1.1", *lines, b""))


class TestParser:
    def test_all_parts(self):
        """A request has a method, a target, a version, field lines and a body (RFC 9112, 2.1)."""
        request = parsed(POST)
        assert (request.method, request.version) == ("POST", "HTTP/1.1")
        assert (request.path, request.query) == ("/notes", [("a", "b")])
        assert list(request.fields) == [("Host", "a"), ("Content-Length", "5")]
        assert request.body == b"\0\r\n\xff\n"

    def test_split_at_every_place(self):
        """It makes no difference where the stream is cut."""
        for cut in range(1, len(POST)):
            assert outcome(POST[:cut]) is None
            assert outcome(POST[:cut], POST[cut:]) == outcome(POST)

    def test_several_requests_in_one_piece(self, rng):
        """What came after a request waits in `rest`, and is the beginning of the next one."""
        requests = rng.choices([GET, POST], k=5)
        rest = b"".join(requests)
        for request in requests:
            parser = RequestParser()
            found = parser.feed(rest)
            assert found is not None, "a request that came behind another one is lost"
            assert shown(found) == outcome(request)
            rest = parser.rest
        assert rest == b""

    def test_what_comes_later_waits_too(self):
        """Once the request is whole, it stays the same request; more bytes wait in `rest`."""
        parser = RequestParser()
        request = parser.feed(GET)
        assert parser.feed(b"mo") is request
        assert parser.feed(b"re") is request
        assert parser.rest == b"more"

    def test_an_error_stays_an_error(self):
        """After an error nothing can be trusted: a good request behind it is not looked at."""
        parser = RequestParser()
        for data in (b"nonsense\r\n", GET, b""):
            with pytest.raises(HTTPError) as error:
                parser.feed(data)
            assert error.value.status == 400

    def test_started(self):
        """`started` tells whether anything has come: a silent client is no bad client."""
        parser = RequestParser()
        parser.feed(b"")
        assert not parser.started
        parser.feed(b"G")
        assert parser.started

    def test_head_is_known_early(self):
        """HEAD is known as soon as its bytes are here, so that its errors have no content."""
        for sent, is_head in (
            (b"HEAD ", True),
            (b"\r\nHEAD /", True),
            (b"HEAD / HTTP/2.0\r\n", True),
            (b"HEAD", False),
            (b"HEADS /", False),
            (b"GET /HEAD ", False),
            (b"\r\nGET HEAD ", False),
        ):
            parser = RequestParser()
            for byte in one_by_one(sent):
                with suppress(HTTPError):
                    parser.feed(byte)
            assert parser.is_head == is_head, sent

    def test_one_empty_line_before(self):
        """One empty line before the request line is passed over (RFC 9112, section 2.2)."""
        assert outcome(b"\r\n" + GET) == outcome(GET)
        parsed(b"\r\n" + GET)
        assert status(b"\r\n\r\n" + GET) == 400

    def test_repeated_fields(self):
        """Field lines keep their order, their case and their repeats (RFC 9110, section 5.3)."""
        request = parsed(with_lines(b"b: 1", b"Host: a", b"A: 2", b"B: 3"))
        assert list(request.fields) == [("b", "1"), ("Host", "a"), ("A", "2"), ("B", "3")]
        assert request.fields["B"] == "1, 3"

    def test_absolute_form_names_the_host(self):
        """The host of an absolute target goes before the Host field (RFC 9112, 3.2.2)."""
        request = parsed(b"GET http://real/a?b HTTP/1.1\r\nHost: other\r\n\r\n")
        assert (request.host, request.path, request.query) == ("real", "/a", [("b", "")])
        assert parsed(GET).host == "a"

    def test_other_forms(self):
        """The asterisk-form, the authority-form and unknown methods are well formed requests."""
        for line in (b"OPTIONS * HTTP/1.1", b"CONNECT a:443 HTTP/1.1", b"BREW /pot HTTP/1.0"):
            assert parsed(line + b"\r\nHost: a\r\n\r\n").method == line.split()[0].decode()

    def test_host(self):
        """HTTP/1.1 has one valid Host; none, two or nonsense is a 400 (RFC 9112, section 3.2)."""
        for lines in (
            [],
            [b"Host: a", b"Host: a"],
            [b"Host: a", b"host: b"],
            [b"Host: a b"],
            [b"Host: a@b"],
            [b"Host: a/b"],
            [b"Host: a:x"],
            [b"Host: a, b"],
            [b"Host: \xe9"],
            [b"Hos: a"],
        ):
            assert status(with_lines(*lines)) == 400

    def test_host_in_http_1_0(self):
        """HTTP/1.0 may come without Host, but not with two (RFC 9112, section 3.2)."""
        assert parsed(b"GET / HTTP/1.0\r\n\r\n").host == ""
        assert status(b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400
        assert parsed(with_lines(b"Host:")).host == ""

    def test_bare_cr_bare_lf_and_nul(self):
        """A bare CR, a bare LF or a NUL anywhere in the head is a 400 (RFC 9112, section 2.2)."""
        for data in (
            b"GET / HTTP/1.1\nHost: a\n\n",
            b"GET / HTTP/1.1\r\nHost: a\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\n",
            b"GET / HTTP/1.1\rHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\rX",
            b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\r\rGET / HTTP/1.1\r\n",
            b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\0\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\n",
        ):
            assert status(data) == 400

    def test_bare_cr_at_once(self):
        """What can no longer become a good line is refused before its end has come."""
        assert outcome(b"GET / HTTP/1.1\r") is None
        assert outcome(b"GET / HTTP/1.1\r", b"X") == 400
        assert outcome(GET[:-2] + b"\rX") == 400

    def test_refused(self):
        """Each part refuses what it must, and the parser passes its status on."""
        for data, answer in (
            (with_lines(b"Host: a", b" folded: b"), 400),
            (with_lines(b" Host: a"), 400),
            (with_lines(b"Host : a"), 400),
            (with_lines(b"Host: a", b"no colon"), 400),
            (with_lines(b"Host: a", b"Content-Length: 5", b"Content-Length: 5"), 400),
            (with_lines(b"Host: a", b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
            (with_lines(b"Host: a", b"Transfer-Encoding: chunked"), 501),
            (with_lines(b"Host: a", b"Content-Length: 99999999999"), 413),
            (b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            (b"GET /\r\n", 400),
            (b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ):
            assert status(data) == answer

    def test_refused_before_the_body(self):
        """A body that is too long is refused with the head: none of it need come."""
        head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1)
        assert outcome(head) == 413

    def test_long_request_line(self):
        """A request line as long as the limit is read; one byte more is a 414 (section 3)."""
        path = b"/" + b"a" * (MAX_REQUEST_LINE_BYTES - len(b"GET / HTTP/1.1"))
        line = b"GET " + path + b" HTTP/1.1"
        assert outcome(line + b"\r\nHost: a\r\n\r\n") == outcome(line + b"\r\n", GET[16:])
        assert outcome(line + b"x\r\n") == 414
        assert outcome(line + b"x", b"x") == 414
        assert outcome(b"\r\n", b"x" * (MAX_REQUEST_LINE_BYTES + 2)) == 414

    def test_large_head(self):
        """A head as large as the limit is read; a byte more is a 431 (RFC 6585, section 5)."""
        room = MAX_HEAD_BYTES - len(b"Host: a\r\nX: \r\n")
        fits = with_lines(b"Host: a", b"X: " + b"x" * room)
        assert isinstance(outcome(fits), tuple)
        assert outcome(with_lines(b"Host: a", b"X: " + b"x" * (room + 1))) == 431
        assert outcome(with_lines(b"Host: a", *[b"X: " + b"x" * 250] * 70)) == 431
        assert outcome(b"GET / HTTP/1.1\r\n", *[b"x" * 1000] * 17) == 431

    def test_many_field_lines(self):
        """A head has MAX_FIELD_LINES lines at most: one more is a 431 (RFC 6585, section 5)."""
        lines = [b"X:"] * (MAX_FIELD_LINES - 1)
        assert isinstance(outcome(with_lines(b"Host: a", *lines)), tuple)
        assert outcome(with_lines(b"Host: a", *lines, b"X:")) == 431

    def test_too_long_and_malformed(self):
        """A line that is too long as well as malformed gets one answer, however it is cut."""
        for size in (MAX_REQUEST_LINE_BYTES + 1, MAX_REQUEST_LINE_BYTES + 3):
            line = b"x" * size + b"\rx\n"
            whole = outcome(line)
            for cut in range(size - 2, len(line)):
                assert outcome(line[:cut], line[cut:]) == whole
