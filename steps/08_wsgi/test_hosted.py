"""What an application gives, and exercises 08.2 and 08.3: start_response, and the first block."""

import itertools
import sys

import pytest

from environ import Host
from fields import Fields
from generated import GeneratedResponse
from hosted import Answer, Blocks
from request import Request
from response import head, pieces
from target import Target
from wsgi import HostedApplication

TEXT = [("Content-Type", "text/plain")]
HOP_BY_HOP = ("Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade")


def failure(text: str):
    """What sys.exc_info gives where this has gone wrong."""
    try:
        raise RuntimeError(text)
    except RuntimeError:
        return sys.exc_info()


@pytest.mark.exercise("08.2")
class TestStart:
    """The start_response of an application."""

    def test_taken(self):
        """Status, phrase and headers are as the application gave them."""
        answer = Answer()
        headers = [("X-A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]
        write = answer.start("404 Nothing Here", headers)
        assert callable(write), f"start_response returns `write`, and not {write!r}"
        assert (answer.status, answer.phrase) == (404, "Nothing Here")
        assert list(answer.fields) == [("X-A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]

    @pytest.mark.parametrize(
        ("status", "phrase"),
        [("200", ""), ("200 ", ""), ("299 Z\xfc", "Z\xfc"), ("500  x", " x"), ("599 a b", "a b")],
    )
    def test_status(self, status, phrase):
        """Three digits, and perhaps a space and a phrase (RFC 9112, section 4)."""
        answer = Answer()
        answer.start(status, [])
        assert (answer.status, answer.phrase) == (int(status[:3]), phrase)

    @pytest.mark.parametrize(
        "status",
        [
            "",
            "OK",
            "20 OK",
            "2000",
            "200OK",
            " 200 OK",
            "099 Low",
            "100 Continue",
            "101 Switching Protocols",
            "600 High",
            "+20 OK",
            "200 OK\r\nX: y",
            "200 OK\n",
            "200 \0",
            "200 \u20ac",
            "\u0662\u0660\u0660 OK",
        ],
    )
    def test_what_is_no_status(self, status):
        """All else is refused, 1xx too: those are not final, and not an application's to give."""
        answer = Answer()
        with pytest.raises(ValueError):
            answer.start(status, TEXT)
        assert answer.status is None, "what was refused was taken all the same"

    @pytest.mark.parametrize("status", [200, b"200 OK", None])
    def test_status_is_text(self, status):
        """A status that is no text is a TypeError."""
        with pytest.raises(TypeError):
            Answer().start(status, [])

    @pytest.mark.parametrize(
        "line",
        [
            ("", "a"),
            ("A B", "a"),
            ("A:", "a"),
            ("X-\xe9", "a"),
            ("X\r\nY", "a"),
            ("X", "a\r\nSet-Cookie: b"),
            ("X", "a\nb"),
            ("X", "a\rb"),
            ("X", "a\0b"),
            ("X", "\u20ac"),
        ],
    )
    def test_what_is_no_header(self, line):
        """No name, or a value that could end its line: refused, and nothing of it is taken."""
        answer = Answer()
        with pytest.raises(ValueError):
            answer.start("200 OK", [("X-Good", "1"), line])
        assert answer.status is None, "a refused call of start_response has set the status"

    @pytest.mark.parametrize("line", [("X", 5), ("X", b"a"), (b"X", "a"), ("X", None)])
    def test_header_is_text(self, line):
        """What is no text is a TypeError: bytes have no place in headers (PEP 3333)."""
        with pytest.raises(TypeError):
            Answer().start("200 OK", [line])

    def test_twice(self):
        """A second call is a mistake, unless it has exc_info; the first one stays."""
        answer = Answer()
        answer.start("200 OK", TEXT)
        with pytest.raises(ValueError):
            answer.start("404 Not Found", [])
        assert answer.status == 200
        with pytest.raises(ValueError):
            answer.start("404 Not Found", [], None)

    def test_error_before_the_head_is_sent(self):
        """With exc_info the new head takes the place of the old one, all of it."""
        answer = Answer()
        answer.start("200 OK", [("X-Old", "1")])
        answer.start("500 Oh", [("X-New", "1")], failure("late"))
        assert (answer.status, answer.phrase) == (500, "Oh")
        assert list(answer.fields) == [("X-New", "1")]

    def test_error_without_a_call_before(self):
        """The first call may have exc_info, too."""
        answer = Answer()
        answer.start("500 Oh", [], failure("at once"))
        assert answer.status == 500

    def test_error_after_the_head_is_sent(self):
        """Then exc_info's own exception goes on, from where it came: the answer breaks off."""
        answer = Answer()
        answer.start("200 OK", TEXT)
        answer.is_sent = True
        exc_info = failure("too late")
        with pytest.raises(RuntimeError) as raised:
            answer.start("500 Oh", [], exc_info)
        assert raised.value is exc_info[1], "what is raised again is exc_info[1], and no other"
        assert raised.traceback[-1].name == "failure", "the traceback is lost"
        assert answer.status == 200

    def test_error_after_write(self):
        """What `write` was given counts as sent, and with it the head; no bytes are nothing."""
        answer = Answer()
        write = answer.start("200 OK", TEXT)
        assert callable(write), f"start_response returns `write`, and not {write!r}"
        write(b"")
        write = answer.start("404 Not Found", TEXT, failure("not yet"))
        write(b"half")
        with pytest.raises(RuntimeError, match="too late"):
            answer.start("500 Oh", [], failure("too late"))

    @pytest.mark.parametrize("data", ["text", None, 5, bytearray(b"a")])
    def test_write_takes_bytes(self, data):
        """Nothing but bytes (PEP 3333)."""
        write = Answer().start("200 OK", [])
        assert callable(write), f"start_response returns `write`, and not {write!r}"
        with pytest.raises(TypeError):
            write(data)


class Application:
    """An application that can be asked how often its content was asked for, and closed."""

    def __init__(self, *blocks, headers=TEXT, status="200 OK", late=False) -> None:
        """`late`: it calls start_response just before the first block."""
        self.blocks, self.headers, self.status, self.late = blocks, headers, status, late
        self.given = self.closed = 0

    def __call__(self, environ, start_response):
        """The application itself is the iterable that it returns."""
        self.start = start_response
        if not self.late:
            self.start(self.status, list(self.headers))
        return self

    def __iter__(self):
        """Block after block; an exception among them is raised."""
        if self.late:
            self.start(self.status, list(self.headers))
        for block in self.blocks:
            self.given += 1
            if isinstance(block, BaseException):
                raise block
            yield block

    def close(self) -> None:
        """Count it."""
        self.closed += 1


def ask(application, method: str = "GET", path: str = "/"):
    """The response to this request."""
    request = Request(method, Target(path), "HTTP/1.1", Fields())
    return HostedApplication(application, Host())(request)


def lines_of(response) -> dict[str, str]:
    """The field lines of its head, but for Date."""
    lines = head(response).decode("latin-1").split("\r\n")[1:-2]
    return {name: value for name, _, value in (line.partition(": ") for line in lines)} | {
        "Date": ""
    }


def content_of(response) -> bytes:
    """The content as it is without chunks."""
    assert isinstance(response, GeneratedResponse)
    response.chunked = False
    return b"".join(response.blocks())


def given(*blocks, headers=(), status="200 OK", written=(), kind=list):
    """An application that returns a list, or another kind of collection."""

    def application(environ, start_response):
        write = start_response(status, list(headers))
        for data in written:
            write(data)
        return kind(blocks)

    return application


@pytest.mark.exercise("08.3")
class TestFirstBlock:
    """Until the first block is there, the head can change."""

    def test_generator_that_starts_late(self):
        """A generator calls start_response when it is asked for its first block: so ask for it."""
        response = ask(Application(b"a", b"b", late=True, status="201 Made"))
        assert (response.status, response.reason) == (201, "Made")
        assert content_of(response) == b"ab"

    def test_empty_blocks_first(self):
        """Empty blocks are nothing to send: the head waits for one that is not empty."""

        def application(environ, start_response):
            start_response("200 OK", [])
            yield b""
            yield b""
            start_response("500 Oh", [], failure("after two empty blocks"))
            yield b"sorry"

        response = ask(application)
        assert response.status == 500
        assert content_of(response) == b"sorry"

    def test_no_more_than_the_first(self):
        """The second block is asked for when it is sent, and not before: it may take a day."""
        application = Application(b"", b"a", b"b", b"c")
        response = ask(application)
        assert application.given == 2
        blocks = response.blocks()
        next(blocks)
        assert application.given == 2
        next(blocks)
        assert application.given == 3

    def test_head_is_sent_then(self):
        """After the first block it is too late for another head."""

        def application(environ, start_response):
            start_response("200 OK", [])
            yield b"half"
            start_response("500 Oh", [], failure("too late"))
            yield b"sorry"

        response = ask(application)
        blocks = response.blocks()
        next(blocks)
        with pytest.raises(RuntimeError, match="too late"):
            next(blocks)
        assert response.status == 200

    @pytest.mark.parametrize("blocks", [[], [b"a"]])
    def test_never_started(self, blocks):
        """Content without a head is a mistake, of which the client learns by a 500."""

        def application(environ, start_response):
            return blocks

        with pytest.raises(ValueError):
            ask(application)

    def test_write(self):
        """What `write` was given stands before the blocks, and no block is waited for."""
        application = Application(b"c")
        answer = Answer()
        write = answer.start("200 OK", [])
        write(b"a")
        write(b"b")
        response = answer.response(Blocks(application))
        assert application.given == 0, "a block was asked for, though `write` has given some"
        application.late, application.start = False, None
        assert content_of(response) == b"abc"
        assert answer.is_sent

    def test_all_of_it(self, rng):
        """Whatever the blocks: all of them are sent, in their order."""
        for _ in range(50):
            blocks = [rng.randbytes(rng.randint(0, 3)) for _ in range(rng.randint(0, 5))]
            assert content_of(ask(given(*blocks))) == b"".join(blocks)


@pytest.mark.exercise("08.3")
class TestSize:
    """Where the length is known, and where it is not."""

    @pytest.mark.parametrize("kind", [list, tuple])
    @pytest.mark.parametrize("block", [b"hello", b"", b"\r\n" * 1000])
    def test_one_block(self, kind, block):
        """One block is all there is: its length is the length (PEP 3333)."""
        lines = lines_of(ask(given(block, kind=kind)))
        assert lines.get("Content-Length") == str(len(block))
        assert "Transfer-Encoding" not in lines

    def test_none(self):
        """Nothing at all is a length of 0."""
        assert lines_of(ask(given())).get("Content-Length") == "0"

    @pytest.mark.parametrize(
        "application",
        [
            pytest.param(given(b"a", b"b"), id="a list of two blocks"),
            pytest.param(given(b"", b"a"), id="a list of two, the first is empty"),
            pytest.param(given(b"a", kind=iter), id="an iterator over a list of one"),
            pytest.param(given(written=[b"a"]), id="write, and an empty list"),
            pytest.param(given(b"b", written=[b"a"]), id="write, and a list of one"),
            pytest.param(Application(b"a"), id="an object that is no list"),
        ],
    )
    def test_not_known(self, application):
        """Only a list of one block, or of none, is counted, and only without `write` (PEP 3333):

        all else is sent in chunks, and no length is made up.
        """
        lines = lines_of(ask(application))
        assert "Content-Length" not in lines, "this is not to be counted, but sent chunked"
        assert lines.get("Transfer-Encoding") == "chunked"

    @pytest.mark.parametrize("application", [given(), given(b""), given(kind=tuple)])
    def test_nothing_to_head(self, application):
        """That an application gives nothing to HEAD does not tell what it gives to GET: to say

        0 would be a lie, and forbidden (RFC 9110, section 8.6).
        """
        assert "Content-Length" not in lines_of(ask(application, "HEAD"))

    def test_something_to_head(self):
        """What it gives to HEAD it gives to GET as well: the length is known, and not sent."""
        response = ask(given(b"hello"), "HEAD")
        assert lines_of(response).get("Content-Length") == "5"
        assert len(list(pieces(response, is_head=True))) == 1

    @pytest.mark.parametrize("told", ["5", "005", " 5 "])
    def test_told(self, told):
        """The length that the application tells counts, however it gives its blocks."""
        headers = [("content-length", told)]
        lines = lines_of(ask(given(b"he", b"llo", headers=headers, kind=iter)))
        assert int(lines["Content-Length"]) == 5
        assert "Transfer-Encoding" not in lines
        told_to_head = ask(given(headers=headers), "HEAD")
        assert lines_of(told_to_head).get("Content-Length") == "5"

    @pytest.mark.parametrize("told", ["-5", "+5", "5.0", "five", "0x5", "5, 5", "\xb2"])
    def test_what_is_no_length(self, told):
        """What is no number is refused: two readers could take it for two lengths."""
        with pytest.raises(ValueError):
            ask(given(b"hello", headers=[("Content-Length", told)]))

    def test_two_lengths(self):
        """Two of them are refused, too."""
        with pytest.raises(ValueError):
            ask(given(b"hello", headers=[("Content-Length", "5"), ("Content-Length", "6")]))


LENGTH_5 = [*TEXT, ("Content-Length", "5")]


class TestBlocks:
    """The content on its way."""

    @pytest.mark.parametrize(("told", "asked"), [("0", 1), ("3", 1), ("5", 2), ("6", 2)])
    def test_enough(self, told, asked):
        """When there is enough for the length, nobody asks for more: there may be no end to it."""
        blocks = itertools.count(1)
        source = (b"abc" for _ in blocks)
        application = given(*[], headers=[*TEXT, ("Content-Length", told)], kind=lambda _: source)
        assert content_of(ask(application)) == b"abcabc"[: int(told)]
        assert next(blocks) == asked + 1

    @pytest.mark.parametrize(
        "blocks", [[b"hello world"], [b"he", b"llo wor", b"ld"], [b"hello", b"!"]]
    )
    def test_too_long(self, blocks):
        """What goes beyond the length is not sent: the client would take it for an answer."""
        assert content_of(ask(given(*blocks, headers=LENGTH_5))) == b"hello"

    @pytest.mark.parametrize("blocks", [[], [b"hell"], [b"he", b"l"]])
    def test_too_short(self, blocks):
        """Where there is less, the answer breaks off: it must not look whole."""
        response = ask(given(*blocks, headers=LENGTH_5))
        with pytest.raises(OSError, match="less than"):
            list(response.blocks())

    @pytest.mark.parametrize("block", ["text", None, 5, bytearray(b"a")])
    def test_what_is_no_block(self, block):
        """A block is bytes. The first one is looked at before the head is sent, others then."""
        with pytest.raises(TypeError):
            ask(given(block))
        response = ask(given(b"a", block))
        with pytest.raises(TypeError):
            list(response.blocks())

    @pytest.mark.parametrize("content", [None, 5, "text"])
    def test_what_is_no_content(self, content):
        """What an application returns is an iterable of bytes, and a text is none of them."""

        def application(environ, start_response):
            start_response("200 OK", [])
            return content

        with pytest.raises(TypeError):
            ask(application)

    @pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
    def test_no_content(self, status):
        """204 and 304 have none, whatever the application gives, and are not framed."""
        response = ask(Application(b"a", status=status))
        assert not {"Content-Length", "Transfer-Encoding"} & lines_of(response).keys()
        assert len(list(pieces(response, is_head=False))) == 1


class TestOwnFields:
    """What is for the application to say, and what for the server."""

    @pytest.mark.parametrize("name", HOP_BY_HOP)
    @pytest.mark.parametrize("kind", [str, str.lower])
    def test_hop_by_hop(self, name, kind):
        """Fields about one connection are the server's (PEP 3333), and are taken out."""
        response = ask(given(b"a", headers=[(kind(name), "x"), ("X-Kept", "1")]))
        assert list(response.fields) == [("X-Kept", "1")]
        assert lines_of(response)["Content-Length"] == "1"

    def test_close(self):
        """That the connection is to end, an application may wish."""
        for value in "Close", "close, X-A", "X-A , close":
            response = ask(given(b"a", headers=[("Connection", value)]))
            assert list(response.fields) == [("Connection", "close")]
        response = ask(given(b"a", headers=[("Connection", "X-Close, closed")]))
        assert list(response.fields) == []

    def test_phrase(self):
        """The reason phrase of the application is sent as it is."""
        assert head(ask(given(status="418 I Am"))).startswith(b"HTTP/1.1 418 I Am\r\n")
        assert head(ask(given(status="200"))).startswith(b"HTTP/1.1 200 \r\n")


class TestClose:
    """Whatever happens, `close` is called, and once (PEP 3333)."""

    def test_whole(self):
        """After all of it was sent, and not before."""
        application = Application(b"a", b"b")
        response = ask(application)
        list(response.blocks())
        assert application.closed == 0
        response.close()
        assert application.closed == 1

    def test_half(self):
        """When the client has gone in the middle."""
        application = Application(b"a", b"b")
        response = ask(application)
        next(response.blocks())
        response.close()
        assert application.closed == 1

    @pytest.mark.parametrize(
        "application",
        [
            Application(ValueError("at once")),
            Application("text"),
            Application(b"a", headers=[("Content-Length", "x")]),
            Application(b"a", status="bad", late=True),
            Application(KeyboardInterrupt()),
        ],
    )
    def test_error_before_the_head(self, application):
        """When there is no response at all, because of a mistake."""
        with pytest.raises((ValueError, TypeError, KeyboardInterrupt)):
            ask(application)
        assert application.closed == 1

    def test_never_started(self):
        """When start_response was never called."""
        application = Application()
        with pytest.raises(ValueError):
            ask(lambda environ, start_response: application)
        assert application.closed == 1

    def test_what_cannot_be_begun(self):
        """When it fails as soon as somebody wants to go through it."""

        class Broken(Application):
            """It has no content."""

            def __iter__(self):
                """Not even the first."""
                raise OSError("the database")

        application = Broken()
        with pytest.raises(OSError, match="the database"):
            ask(application)
        assert application.closed == 1

    def test_list(self):
        """A list has no `close`, and needs none."""
        response = ask(given(b"a"))
        response.close()
