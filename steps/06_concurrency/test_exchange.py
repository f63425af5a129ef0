"""The conversation without its socket: fed until it is ready, then it has an answer."""

import asyncio
import re

import pytest

from errors import HTTPError
from exchange import Exchange
from fields import Fields
from request import Request
from response import Response

GET = b"GET /hello?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")
POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"


def echo(request: Request) -> Response:
    """A handler that says what it was asked."""
    return Response.text(f"{request.method} {request.path} {request.body.decode()}")


def raising(error: BaseException):
    """A handler that fails."""

    def handler(request: Request) -> Response:
        raise error

    return handler


def answer(handler, *parts: bytes) -> bytes:
    """All that is sent to a client that has sent these parts, but for the time of day."""
    exchange = Exchange(handler, "127.0.0.1")
    *early, last = parts
    assert [exchange.feed(part) for part in early] == [False] * len(early)
    assert exchange.feed(last)
    return re.sub(rb"\r\nDate: [^\r]*", b"", b"".join(exchange.answer()))


def status(answer: bytes) -> bytes:
    """The status code of an answer."""
    return answer.split(b" ")[1]


def test_request_in_one_piece():
    """A whole request is answered by the handler."""
    assert answer(echo, GET).endswith(b"\r\n\r\nGET /hello ")
    assert answer(echo, POST).endswith(b"\r\n\r\nPOST /echo hello")


def test_request_byte_by_byte():
    """It is ready with the last byte of the request, and not before."""
    parts = [POST[at : at + 1] for at in range(len(POST))]
    assert answer(echo, *parts) == answer(echo, POST)


def test_request_with_more_behind_it():
    """What comes behind a request changes nothing."""
    assert answer(echo, POST + GET) == answer(echo, POST)


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), TimeoutError(), BlockingIOError(), EOFError(), OSError()]
)
def test_answer_that_breaks_off(error):
    """What ends an answer while it is made is ours to mend, and not taken for the client's end.

    A handler that talks with a database may lose a connection of its own, for example.
    """
    closed = []

    class Breaks(Response):
        def blocks(self):
            try:
                yield b"he"
                raise error
            finally:
                closed.append(True)

    exchange = Exchange(lambda request: Breaks(200, b"hello"), "-")
    assert exchange.feed(GET)
    pieces = exchange.answer()
    assert next(pieces).startswith(b"HTTP/1.1 200 OK\r\n")
    assert next(pieces) == b"he"
    with pytest.raises(RuntimeError, match="broke off") as raised:
        next(pieces)
    assert raised.value.__cause__ is error
    assert closed == [True]


def test_answer_that_nobody_takes():
    """Who stops asking for the pieces of an answer lets go of what it has open."""
    closed = []

    class Endless(Response):
        def blocks(self):
            try:
                while True:
                    yield b"more"
            finally:
                closed.append(True)

    exchange = Exchange(lambda request: Endless(200, b"hello"), "-")
    assert exchange.feed(GET)
    pieces = exchange.answer()
    assert [next(pieces) for _ in range(2)][1] == b"more"
    pieces.close()
    assert closed == [True]


def test_every_answer_is_the_last():
    """Every answer says that the connection is closed after it (RFC 9112, section 9.6)."""
    for sent, handler in ((GET, echo), (b"nonsense\r\n", echo), (GET, raising(HTTPError(404, "")))):
        assert b"\r\nConnection: close\r\n" in answer(handler, sent)


def test_head():
    """The answer to HEAD has no content (RFC 9110, section 9.3.2)."""
    assert answer(echo, HEAD).endswith(b"\r\n\r\n")


def test_handler_runs_when_the_answer_is_asked_for():
    """To feed runs no handler: it may take its time, and whoever feeds may have none."""
    seen = []
    exchange = Exchange(lambda request: seen.append(1) or echo(request), "127.0.0.1")
    exchange.feed(GET)
    assert seen == []
    exchange.answer()
    assert seen == [1]


def test_client_is_known():
    """The handler learns the client's address."""
    seen = []
    exchange = Exchange(lambda request: seen.append(request) or echo(request), "192.0.2.7")
    exchange.feed(GET)
    exchange.answer()
    assert seen[0].context["client"] == "192.0.2.7"


def test_what_is_no_request():
    """What the parser refuses is answered with its status, and reaches no handler."""
    assert status(answer(raising(AssertionError()), b"nonsense\r\n")) == b"400"
    assert status(answer(raising(AssertionError()), GET.replace(b"/1.1", b"/3.0"))) == b"505"


def test_client_that_asks_nothing():
    """A client that closes without a byte, or stays silent, gets no answer: EOFError."""
    with pytest.raises(EOFError):
        Exchange(echo, "127.0.0.1").feed(b"")
    with pytest.raises(EOFError):
        Exchange(echo, "127.0.0.1").time_out()


def test_client_that_stops_in_the_middle():
    """Half a request and the end is 400; half a request and silence 408 (RFC 9110, 15.5.9)."""
    for end in (1, 20, len(GET) - 1):
        assert status(answer(echo, GET[:end], b"")) == b"400"
        exchange = Exchange(echo, "127.0.0.1")
        exchange.feed(GET[:end])
        exchange.time_out()
        assert status(b"".join(exchange.answer())) == b"408"


@pytest.mark.parametrize(
    "error",
    [ValueError("secret"), SystemExit("secret"), asyncio.CancelledError("secret")],
    ids=lambda error: type(error).__name__,
)
def test_handler_that_fails(error, capsys):
    """Whatever a handler raises is a 500 that tells nothing; the log has the traceback."""
    said = answer(raising(error), GET)
    assert status(said) == b"500"
    assert b"secret" not in said
    log = capsys.readouterr().err
    assert "Traceback" in log
    assert type(error).__name__ in log


def test_ctrl_c_is_no_fault_of_the_handler():
    """Ctrl-C while a handler runs in the main thread ends the server, as it should."""
    with pytest.raises(KeyboardInterrupt):
        answer(raising(KeyboardInterrupt()), GET)


def test_error_of_a_handler_comes_as_the_client_reads_it():
    """An HTTPError is answered in the form that Accept asks for (RFC 9110, section 12.5.1)."""
    sent = GET.replace(b"\r\n\r\n", b"\r\nAccept: application/json\r\n\r\n")
    said = answer(raising(HTTPError(404, "Not here.")), sent)
    assert status(said) == b"404"
    assert b"\r\nContent-Type: application/json\r\n" in said


def test_started():
    """It has started with the client's first byte."""
    exchange = Exchange(echo, "127.0.0.1")
    assert not exchange.started
    exchange.feed(b"G")
    assert exchange.started


def test_fields_of_the_handler_stay():
    """What a handler says about its answer is sent, but for Connection."""
    response = Response(200, b"", Fields({"X-Word": "yes", "Connection": "keep-alive"}))
    said = answer(lambda request: response, GET)
    assert b"\r\nX-Word: yes\r\n" in said
    assert b"keep-alive" not in said
