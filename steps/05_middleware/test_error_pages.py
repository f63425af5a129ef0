"""`error_pages.py`: every exception becomes a response, and says to a stranger nothing of us."""

import sys

import pytest

from access_log import AccessLog
from auth import BearerAuth
from cors import CORS
from error_pages import ErrorPages
from errors import HTTPError
from fields import Fields
from middleware import Chain
from request import Request
from response import Response
from target import parse_target

SECRET = "swordfish"
"""What stands in the exception, and must not leave the house."""

FORMS = {
    "nothing said": ("", "text/plain; charset=utf-8"),
    "anything": ("*/*", "text/plain; charset=utf-8"),
    "browser": ("text/html,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    "program": ("application/json", "application/json"),
}


def request(target: str = "/a", accept: str = "") -> Request:
    """A GET of this target."""
    fields = Fields({"Accept": accept} if accept else {})
    return Request("GET", parse_target("GET", target), "HTTP/1.1", fields)


def failing(request: Request) -> Response:
    """A handler with a mistake in it, deep inside."""
    passwords = {"ada": SECRET}
    try:
        return passwords[SECRET + " of bob"]
    except KeyError as error:
        raise RuntimeError(f"cannot open /srv/{SECRET}/<database>") from error


class Log(list[str]):
    """A log that can be looked at."""

    __call__ = list.append


@pytest.fixture
def log() -> Log:
    """An empty log."""
    return Log()


def test_response_stays_as_it_is(log):
    """What goes well is none of its business: the very response comes back."""
    answer = Response.text("well")
    assert ErrorPages(log=log)(request(), lambda request: answer) is answer
    assert log == []


@pytest.mark.parametrize("accept, media_type", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("status", [400, 401, 404, 405, 503])
def test_http_error_becomes_its_response(log, status, accept, media_type):
    """An HTTPError, raised anywhere inside, becomes its response, in the form that is asked for."""

    def refusing(request: Request) -> Response:
        raise HTTPError(status, "This is why.", Fields({"Retry-After": "7"}))

    response = ErrorPages(log=log)(request(accept=accept), refusing)
    assert response.status == status
    assert response.fields["Content-Type"] == media_type
    assert response.fields["Retry-After"] == "7"
    assert b"This is why." in response.content
    assert log == [], "an answer is no mistake of ours, and needs no traceback in the log"


@pytest.mark.parametrize("accept, media_type", FORMS.values(), ids=FORMS)
def test_exception_is_500_without_internals(log, accept, media_type):
    """Any other exception is 500 (15.6.1): no message, type, file name or line of ours in it."""
    response = ErrorPages(log=log)(request(accept=accept), failing)
    assert response.status == 500
    assert response.fields["Content-Type"] == media_type
    everything = response.content + repr(response.fields).encode()
    for inner in (SECRET, "RuntimeError", "KeyError", "Traceback", ".py", "failing", "line "):
        assert inner.encode() not in everything, f"{inner!r} is shown to a stranger"


def test_log_has_the_traceback(log):
    """The log gets it whole, in one piece: which request, its id, and the traceback to the line."""
    given = request("/a%0Ab?c")
    given.context["request_id"] = "an-id-of-its-own"
    ErrorPages(log=log)(given, failing)
    [entry] = log
    first, _, trace = entry.partition("\n")
    assert first == "GET /a%0Ab failed, request an-id-of-its-own"
    assert trace.startswith("    Traceback (most recent call last):\n")
    assert f"RuntimeError: cannot open /srv/{SECRET}/<database>" in trace
    assert "KeyError" in trace, "the exception behind the exception is missing"
    assert 'in failing\n        raise RuntimeError(f"cannot open' in trace


def test_log_without_an_id(log):
    """Where nobody has given the request an id, the log says so: "-"."""
    ErrorPages(log=log)(request(), failing)
    assert log[0].startswith("GET /a failed, request -\n")


@pytest.mark.parametrize("accept, media_type", FORMS.values(), ids=FORMS)
def test_debug_shows_the_traceback(log, accept, media_type):
    """With `debug` the traceback stands on the page too, and in the log as ever."""
    response = ErrorPages(debug=True, log=log)(request(accept=accept), failing)
    assert response.status == 500
    assert response.fields["Content-Type"] == media_type
    assert b"Traceback (most recent call last)" in response.content
    assert SECRET.encode() in response.content
    assert SECRET in log[0]


def test_traceback_is_escaped(log):
    """On an HTML page the traceback is text: it may hold what a stranger has sent."""
    content = ErrorPages(debug=True, log=log)(request(accept="text/html"), failing).content
    assert b"&lt;database&gt;" in content
    assert b"<database>" not in content


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_end_of_the_server_is_no_error(log, kind):
    """Ctrl-C and sys.exit are meant for the server, and pass."""

    def leaving(request: Request) -> Response:
        raise kind

    with pytest.raises(kind):
        ErrorPages(log=log)(request(), leaving)
    assert log == []


@pytest.mark.parametrize("kind", [RecursionError, MemoryError, OSError, AssertionError])
def test_every_exception_is_caught(log, kind):
    """Whatever an endpoint may raise, the client gets an answer."""

    def breaking(request: Request) -> Response:
        raise kind

    assert ErrorPages(log=log)(request(), breaking).status == 500
    assert kind.__name__ in log[0]


def test_stands_inside_of_cors():
    """Outside of CORS, its pages could not be read by a script: such a chain is refused."""
    with pytest.raises(ValueError, match="CORS must stand before ErrorPages"):
        Chain(ErrorPages(), CORS([]))
    with pytest.raises(ValueError, match="ErrorPages must stand before BearerAuth"):
        Chain(CORS([]), BearerAuth({"ada": "x"}), ErrorPages())
    Chain(CORS([]), ErrorPages(), AccessLog())
    Chain(CORS([]), AccessLog(), ErrorPages())


@pytest.mark.parametrize("error", [OSError(28, "No space left"), ValueError("I/O on closed file")])
def test_log_that_cannot_be_written(monkeypatch, error):
    """A full disk, or a terminal that was closed, is no reason to answer nobody."""

    class Broken:
        def write(self, text: str) -> None:
            raise error

    monkeypatch.setattr(sys, "stderr", Broken())
    assert ErrorPages()(request(), failing).status == 500
