"""Both ways between a handler and WSGI, and exercise 08.5: a handler as an application of WSGI."""

import io
import threading

import pytest

from connection import Connection
from environ import Host
from errors import HTTPError
from fields import Fields
from framing import MAX_BODY_BYTES
from generated import GeneratedResponse
from limits import Limits
from request import Request
from response import Response
from target import Target
from wsgi import HostedApplication, WSGIApplication, head_fields

HOP_BY_HOP = ("Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade")


def environ_of(method: str = "GET", path: str = "/", body: bytes = b"", **more) -> dict:
    """An environ as some server of WSGI makes it."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **more,
    }


class Called:
    """What a server of WSGI notes when it calls an application."""

    def __init__(self, handler, environ: dict) -> None:
        self.calls: list[tuple[str, list]] = []
        self.content = WSGIApplication(handler)(environ, self.start_response)
        assert self.calls, "start_response was not called"
        [(self.status, self.headers)] = self.calls

    def start_response(self, status: str, headers: list, exc_info=None) -> None:
        """Write it down."""
        self.calls.append((status, headers))

    def whole(self) -> bytes:
        """All content; the iterable is closed in the end, as a server does."""
        try:
            return b"".join(self.content)
        finally:
            if hasattr(self.content, "close"):
                self.content.close()

    def field(self, name: str) -> list[str]:
        """The values of that name."""
        return [value for known, value in self.headers if known.lower() == name.lower()]


def answering(response):
    """A handler that gives this, or raises it."""

    def handler(request):
        if isinstance(response, BaseException):
            raise response
        return response

    return handler


class Source:
    """Blocks, of which it is known how many were asked for, and whether it was closed."""

    def __init__(self, *blocks: bytes) -> None:
        self.blocks, self.given, self.closed = blocks, 0, 0

    def __iter__(self):
        """Block after block."""
        for block in self.blocks:
            self.given += 1
            yield block

    def close(self) -> None:
        """Count it."""
        self.closed += 1


@pytest.mark.exercise("08.5")
class TestHeadFields:
    """The headers that are given to a server of WSGI."""

    def test_length(self):
        """The length is told where it is known: the server need not guess."""
        fields = head_fields(Response(200, b"hello", Fields({"X-A": "1"})))
        assert list(fields) == [("X-A", "1"), ("Content-Length", "5")]

    def test_length_that_the_handler_tells(self):
        """What the handler itself says of it does not count: there is one opinion."""
        response = Response(200, b"hello", Fields({"content-length": "99"}))
        assert list(head_fields(response)) == [("Content-Length", "5")]

    @pytest.mark.parametrize("name", HOP_BY_HOP)
    def test_hop_by_hop(self, name):
        """Fields about the connection are the server's: an application may not send them."""
        response = Response(200, b"", Fields({name: "x"}))
        assert list(head_fields(response)) == [("Content-Length", "0")]

    @pytest.mark.parametrize("status", [204, 304])
    def test_no_content(self, status):
        """Without content there is no word of its length."""
        assert list(head_fields(Response(status, b"hello"))) == []

    def test_response_stays(self):
        """The response is as it was: somebody may still write it to a log."""
        response = Response(200, b"a", Fields({"Connection": "close"}))
        head_fields(response)
        assert list(response.fields) == [("Connection", "close")]


@pytest.mark.exercise("08.5")
class TestCall:
    """Our handler, called by somebody else's server."""

    def test_request(self):
        """The handler gets the request that the environ describes."""
        seen = []

        def handler(request):
            seen.append(request)
            return Response.text("fine")

        body = b"a=1"
        environ = environ_of("POST", "/caf\xc3\xa9", body, QUERY_STRING="x=y", HTTP_X_A="1")
        assert Called(handler, environ).whole() == b"fine"
        [request] = seen
        assert (request.method, request.path, request.body) == ("POST", "/caf%C3%A9", body)
        assert request.query == [("x", "y")]
        assert request.fields["X-A"] == "1"
        assert request.context["client"] == "192.0.2.7"

    def test_answer(self):
        """Status with its phrase, headers as a list of pairs of text, content in blocks."""
        fields = Fields([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        called = Called(answering(Response(404, b"nothing", fields)), environ_of())
        assert called.status == "404 Not Found"
        assert type(called.headers) is list
        assert all(type(one) is tuple for one in called.headers)
        assert called.field("Set-Cookie") == ["a=1", "b=2"]
        assert called.field("Content-Length") == ["7"]
        assert called.whole() == b"nothing"

    def test_status_without_a_phrase(self):
        """A status that has no phrase still has the space: servers look for it."""
        assert Called(answering(Response(299)), environ_of()).status == "299 "

    def test_phrase(self):
        """A response that names its phrase itself keeps it."""

        class Teapot(Response):
            """It knows what it is."""

            reason = "I'm a teapot"

        assert Called(answering(Teapot(418)), environ_of()).status == "418 I'm a teapot"

    def test_generated(self):
        """What is generated goes out block by block, and not in chunks: the server's work."""
        source = Source(b"a", b"bc")
        response = GeneratedResponse(200, b"", Fields(), source)
        called = Called(answering(response), environ_of())
        assert called.field("Transfer-Encoding") == called.field("Content-Length") == []
        blocks = iter(called.content)
        assert (next(blocks), source.given) == (b"a", 1), "chunked, or not one at a time"
        assert list(blocks) == [b"bc"]
        called.content.close()
        assert source.closed == 1

    def test_generated_and_given_up(self):
        """When the client has gone, the server closes: then we do, too."""
        source = Source(b"a", b"b")
        called = Called(answering(GeneratedResponse(200, b"", Fields(), source)), environ_of())
        next(iter(called.content))
        called.content.close()
        assert source.closed == 1

    def test_head(self):
        """HEAD has the head of GET, and no content; what was opened is closed."""
        called = Called(answering(Response(200, b"hello")), environ_of("HEAD"))
        assert called.field("Content-Length") == ["5"]
        assert called.whole() == b""
        source = Source(b"a")
        response = GeneratedResponse(200, b"", Fields(), source)
        assert Called(answering(response), environ_of("HEAD")).whole() == b""
        assert (source.given, source.closed) == (0, 1)

    @pytest.mark.parametrize("status", [204, 304])
    def test_no_content(self, status):
        """204 and 304 have no content, whatever the handler puts in."""
        assert Called(answering(Response(status, b"hello")), environ_of()).whole() == b""

    def test_error_of_the_handler(self):
        """An HTTPError is its answer."""
        called = Called(answering(HTTPError(403, "Not for you.")), environ_of())
        assert called.status == "403 Forbidden"
        assert b"Not for you." in called.whole()

    def test_mistake_of_the_handler(self, capfd):
        """Any other exception is a 500, and its story is in the log and not in the answer."""
        called = Called(answering(RuntimeError("secret")), environ_of())
        assert called.status == "500 Internal Server Error"
        assert b"secret" not in called.whole()
        assert "secret" in capfd.readouterr().err

    @pytest.mark.parametrize(
        "wrong",
        [
            {"CONTENT_LENGTH": "-1"},
            {"CONTENT_LENGTH": "9"},
            {"PATH_INFO": "/%zz", "REQUEST_URI": "/%zz"},
            {"HTTP_X": "a\r\nb"},
            {"HTTP_X Y": "a"},
        ],
        ids=str,
    )
    def test_malformed(self, wrong):
        """An environ that describes no request is answered 400; no exception reaches the server."""
        called = Called(answering(Response.text("fine")), environ_of() | wrong)
        assert called.status == "400 Bad Request"

    def test_too_long(self):
        """A body above the limit is 413."""
        environ = environ_of() | {"CONTENT_LENGTH": str(MAX_BODY_BYTES + 1)}
        environ["wsgi.input"] = io.BytesIO(bytes(MAX_BODY_BYTES + 1))
        assert Called(answering(Response()), environ).status == "413 Content Too Large"


class TestHosted:
    """An application as our handler."""

    @pytest.mark.parametrize("method", ["GET", "POST", "TRACE", "BREW"])
    def test_every_method(self, method):
        """What a method means is for the application to say."""
        host = Host("localhost", 80)

        def application(environ, start_response):
            start_response("200 OK", [])
            return [environ["REQUEST_METHOD"].encode()]

        request = Request(method, Target("/"), "HTTP/1.1", Fields())
        response = HostedApplication(application, host)(request)
        assert list(response.blocks()) == [method.encode()]

    def test_not_for_applications(self):
        """CONNECT has no path, and * is the server itself: no application is asked."""

        def application(environ, start_response):
            raise AssertionError("the application was asked")

        hosted = HostedApplication(application, Host())
        with pytest.raises(HTTPError) as error:
            hosted(Request("CONNECT", Target("", authority="a:1"), "HTTP/1.1", Fields()))
        assert error.value.status == 501
        assert hosted(Request("OPTIONS", Target("*"), "HTTP/1.1", Fields())).status == 204

    def test_environ(self):
        """It is told about us: name, port, and whether it runs in several threads or processes."""
        seen = {}

        def application(environ, start_response):
            seen.update(environ)
            start_response("200 OK", [])
            return []

        host = Host("here", 81, multithread=False, multiprocess=True)
        HostedApplication(application, host)(Request("GET", Target("/"), "HTTP/1.0", Fields()))
        assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("here", "81")
        assert (seen["wsgi.multithread"], seen["wsgi.multiprocess"]) == (False, True)
        assert seen["SERVER_PROTOCOL"] == "HTTP/1.0"

    def test_many_at_a_time(self):
        """Requests know nothing of each other: each has an answer of its own."""
        gate = threading.Barrier(8, timeout=5)

        def application(environ, start_response):
            start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
            gate.wait()
            yield environ["PATH_INFO"].encode()

        hosted, answers = HostedApplication(application, Host()), {}

        def ask(path):
            response = hosted(Request("GET", Target(path), "HTTP/1.1", Fields()))
            response.chunked = False
            answers[path] = (response.fields["X-Path"], b"".join(response.blocks()))

        threads = [threading.Thread(target=ask, args=(f"/{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert answers == {f"/{n}": (f"/{n}", b"/%d" % n) for n in range(8)}


def on_the_wire(handler, request: bytes) -> bytes:
    """What our server sends for this request."""
    connection = Connection(handler, "192.0.2.7", Limits())
    connection.receive(request)
    sent = b"".join(connection.answer())
    connection.sent()
    lines = sent.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Date:"))


def several(request):
    """A handler with all kinds of answers."""
    match request.path:
        case "/generated":
            fields = Fields({"Content-Type": "text/plain"})
            return GeneratedResponse(200, b"", fields, [b"a", b"", b"bc"])
        case "/error":
            raise HTTPError(409, "Not now.", Fields({"X-A": "1"}))
        case "/empty":
            return Response(204)
        case "/unchanged":
            return Response(304, fields=Fields({"ETag": '"x"'}))
        case "/phrase":
            return Response(299, b"x", Fields({"Set-Cookie": "a"}))
        case "/caf%C3%A9/a%2Fb":
            return Response.text("encoded as it came")
    said = f"{request.method} {request.path} {request.target.query} {request.host}"
    return Response.text(f"{said} {request.body!r} {request.context['client']}\n")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a?b=%20",
        "/generated",
        "/error",
        "/empty",
        "/unchanged",
        "/phrase",
        "/caf%C3%A9/a%2Fb",
        "http://other/x",
    ],
)
def test_there_and_back(target, method, version):
    """Our handler as an application, hosted on our own server, sends the very same bytes."""
    nested = HostedApplication(WSGIApplication(several), Host())
    body = b"hello" if method == "POST" else b""
    lines = [f"{method} {target} HTTP/{version}", "Host: a", f"Content-Length: {len(body)}", "", ""]
    request = "\r\n".join(lines).encode() + body
    assert on_the_wire(nested, request) == on_the_wire(several, request)
