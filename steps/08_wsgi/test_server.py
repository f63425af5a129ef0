"""The promises of step 08, over the wire: applications of WSGI on our server."""

import contextlib
import os
import socket
import threading
from types import SimpleNamespace

import pytest

import server as program
from blocking import attend
from environ import Host
from limits import Limits
from wsgi import HostedApplication

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

TEXT = [("Content-Type", "text/plain")]

APPLICATIONS = ["tinyapp:app", "demoapp:app"]

MODELS = ["threads", "one", *["fork"] * hasattr(os, "fork")]


def ask(target: str, *lines: str, method: str = "GET", body: bytes | None = None) -> bytes:
    """A request as bytes."""
    if body is not None:
        lines = (*lines, f"Content-Length: {len(body)}")
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", *lines, "", ""]
    return "\r\n".join(head).encode() + (body or b"")


class TestTinyApp:
    """The smallest framework."""

    @pytest.fixture
    def tiny(self, serve):
        """Our server with that application."""
        return serve("tinyapp:app", "--log", "off")

    def test_page(self, tiny, rng):
        """A path with a name in it, in any pieces, with anything behind it."""
        name = f"{rng.getrandbits(64):016x}"
        answer = tiny.ask(ask(f"/hello/{name}"))
        answer.expect(status=200, body=f"<h1>Hello, {name}!</h1>")

    def test_form(self, tiny):
        """A form: the application reads wsgi.input as far as CONTENT_LENGTH says."""
        answer = tiny.ask(ask("/hello", method="POST", body=b"name=%3Cb%3EZo%C3%AB"))
        answer.expect(status=200, body="<h1>Hello, &lt;b&gt;Zoë!</h1>")

    def test_chunked_form(self, tiny):
        """A form in chunks is the same to the application."""
        body = b"5\r\nname=\r\n3\r\nAda\r\n0\r\n\r\n"
        request = ask("/hello", "Transfer-Encoding: chunked", method="POST") + body
        tiny.ask(request).expect(status=200, body="<h1>Hello, Ada!</h1>")

    def test_path_in_utf8(self, tiny):
        """The bytes of the path come through as they are."""
        tiny.ask(ask("/hello/Zo%C3%AB%20%26")).expect(body="<h1>Hello, Zoë &amp;!</h1>")

    def test_head(self, tiny):
        """HEAD: the length, and no content."""
        answer = tiny.ask(ask("/hello/Ada", method="HEAD"))
        answer.expect(status=200, fields={"Content-Length": "20"}, body=b"")

    def test_errors(self, tiny):
        """404 and 405 are the application's; 400 is ours, and it is never asked."""
        tiny.ask(ask("/nothing")).expect(status=404)
        tiny.ask(ask("/hello")).expect(status=405, fields={"Allow": "POST"})
        tiny.ask(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", behind=False).expect(status=400)

    def test_not_for_applications(self, tiny):
        """A question to the server itself, and a tunnel that we do not dig."""
        tiny.ask(ask("*", method="OPTIONS")).expect(status=204)
        tiny.ask(ask("a.example:443", method="CONNECT"), behind=False).expect(status=501)


@pytest.mark.parametrize("name", APPLICATIONS)
def test_connection_is_kept(serve, name, rng):
    """Answers of applications leave the connection open, as their lengths are known."""
    target = "/hello/" if name == "tinyapp:app" else "/echo/"
    tokens = [f"{rng.getrandbits(64):016x}" for _ in range(3)]
    with serve(name, "--log", "off").connect() as wire:
        for token in tokens:
            wire.send(ask(f"{target}{token}"))
            wire.read_response().expect(status=200, contains=token, fields={"Connection": None})


class TestDemoApp:
    """Our own demo as an application of WSGI, on our own server."""

    @pytest.fixture
    def demo(self, serve):
        """Our server with that application."""
        return serve("demoapp:app", "--log", "off")

    def test_generated(self, demo):
        """What our framework generates is an iterable to WSGI, and chunks again on the wire."""
        with demo.connect() as wire:
            wire.send(ask("/count/2"))
            answer = wire.read_response()
            answer.expect(status=200, body="1\n2\n", fields={"Transfer-Encoding": "chunked"})

    def test_path_is_not_decoded_too_early(self, demo):
        """%2F in a path is still no slash when our router sees it."""
        demo.ask(ask("/echo/one%2Ftwo")).expect(status=200, body="one/two")

    def test_files(self, demo):
        """A file, its validator, and 304 for who has it."""
        tag = demo.ask(ask("/static/style.css")).expect(status=200).fields.get("ETag")
        answer = demo.ask(ask("/static/style.css", f"If-None-Match: {tag}"))
        answer.expect(status=304, body=b"", fields={"Content-Length": None})

    def test_body(self, demo, rng):
        """A body of any bytes comes back."""
        body = rng.randbytes(100_000)
        with demo.connect() as wire:
            wire.send(ask("/echo", "Content-Type: a/b", method="POST", body=body))
            wire.read_response("POST").expect(status=200, body=body, fields={"Content-Type": "a/b"})

    def test_error(self, demo):
        """A method that the route does not have."""
        demo.ask(ask("/about", method="DELETE")).expect(
            status=405, fields={"Allow": "GET, HEAD, OPTIONS"}
        )


@pytest.mark.parametrize("model", MODELS)
def test_models(serve, model):
    """An application runs under each model whose threads go on with what they began."""
    workers = ["--workers", "2"] if model == "fork" else []
    one = serve("tinyapp:app", "--model", model, *workers, "--log", "off")
    with one.connect() as wire:
        wire.send(ask("/hello/Ada", "Connection: close"))
        wire.read_response().expect(status=200, body="<h1>Hello, Ada!</h1>")


def started(monkeypatch, capsys, *words: str) -> str:
    """What the program says where it ends at once instead of serving."""
    monkeypatch.setattr("sys.argv", ["server.py", *words])
    monkeypatch.setattr(program, "run", lambda *arguments: pytest.fail("it serves"))
    with pytest.raises(SystemExit) as end:
        program.main()
    said = capsys.readouterr().err
    return said if isinstance(end.value.code, int) else str(end.value.code)


@pytest.mark.parametrize("model", ["selectors", "asyncio"])
def test_models_that_are_not_for_wsgi(monkeypatch, capsys, model):
    """Where one thread begins an answer and another goes on, WSGI is refused, in one line."""
    said = started(monkeypatch, capsys, "tinyapp:app", "--model", model)
    assert f"--model {model} is not for WSGI" in said.splitlines()[-1]


@pytest.mark.parametrize(
    "words", [["--token", "x"], ["--debug"], ["--explain"], ["--origin", "*"], ["--directory", "."]]
)
def test_options_that_are_not_for_wsgi(monkeypatch, capsys, words):
    """What an option of our own application would do to another, nobody can say."""
    said = started(monkeypatch, capsys, "tinyapp:app", *words)
    assert said.splitlines()[-1].endswith(
        f"{words[0]}: that is for our own application, not for another"
    )


def test_no_such_application(monkeypatch, capsys):
    """What cannot be found is one line."""
    said = started(monkeypatch, capsys, "tinyapp:nothing", "--port", "0")
    assert said == "tinyapp has nothing called 'nothing'."


def lazily(events: list[str], gate: threading.Event):
    """An application whose second block waits until somebody opens the gate."""

    def application(environ, start_response):
        start_response("200 OK", TEXT)
        yield b"first"
        events.append("sent" if gate.wait(SECONDS) else "in vain")
        yield b"second"

    return application


class Place:
    """A thread that serves one connection with an application, and the client at its end."""

    def __init__(self, application) -> None:
        handler = HostedApplication(application, Host("localhost", 80))
        service = SimpleNamespace(
            handler=handler, limits=Limits(), stop=SimpleNamespace(requested=False)
        )
        ours, self.client = socket.socketpair()
        self.client.settimeout(SECONDS)
        arguments = (ours, service, lambda: False)
        self.thread = threading.Thread(target=attend, args=arguments, daemon=True)
        self.thread.start()

    def hears(self, end: bytes) -> bytes:
        """What comes, up to this."""
        came = b""
        while not came.endswith(end):
            data = self.client.recv(65536)
            assert data, f"the connection ended after {came!r}"
            came += data
        return came

    def is_let_go(self) -> bytes:
        """All that still comes, until the server ends its side."""
        came = b""
        with contextlib.suppress(ConnectionError):
            while data := self.client.recv(65536):
                came += data
        return came

    def leave(self) -> None:
        """The client leaves, and the thread ends."""
        self.client.close()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive(), "nobody is there any more, and it still waits"


@pytest.fixture
def place():
    """Makes such places."""
    places: list[Place] = []

    def make(application) -> Place:
        places.append(Place(application))
        return places[-1]

    yield make
    for one in places:
        one.leave()


class Content:
    """Blocks that tell when they are closed; an exception among them is raised."""

    def __init__(self, *blocks) -> None:
        self.blocks, self.closed = list(blocks), threading.Event()

    def __call__(self, environ, start_response):
        """An application with this content."""
        start_response("200 OK", TEXT)
        return self

    def __iter__(self):
        """Block after block."""
        for block in self.blocks:
            if isinstance(block, BaseException):
                raise block
            yield block

    def close(self) -> None:
        """Tell it."""
        self.closed.set()


def test_block_by_block(place):
    """A block is on its way before the next one is made."""
    events, gate = [], threading.Event()
    one = place(lazily(events, gate))
    one.client.sendall(ask("/"))
    assert one.hears(b"5\r\nfirst\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    assert events == []
    gate.set()
    assert one.hears(b"0\r\n\r\n") == b"6\r\nsecond\r\n0\r\n\r\n"
    assert events == ["sent"]


def test_application_that_raises(place, capfd):
    """Before the first block it is a 500, which says nothing; the connection goes on."""
    one = place(Content(RuntimeError("secret")))
    for _ in range(2):
        one.client.sendall(ask("/"))
        answer = one.hears(b"mistake.\n")
        assert answer.startswith(b"HTTP/1.1 500 ")
        assert b"secret" not in answer
    one.leave()
    assert "secret" in capfd.readouterr().err


@pytest.mark.parametrize("failure", [RuntimeError("in the middle"), SystemExit(3)])
def test_application_that_fails_in_the_middle(place, failure, capfd):
    """The answer breaks off without its last chunk: the client knows that it has not got all."""
    content = Content(b"half", failure)
    one = place(content)
    one.client.sendall(ask("/"))
    answer = one.is_let_go()
    assert answer.endswith(b"4\r\nhalf\r\n")
    assert content.closed.wait(SECONDS)
    one.leave()
    assert "Traceback" in capfd.readouterr().err


def test_less_than_its_length(place, capfd):
    """The connection ends where there is less than the application has told."""

    def application(environ, start_response):
        start_response("200 OK", [*TEXT, ("Content-Length", "9")])
        return [b"hello"]

    one = place(application)
    one.client.sendall(ask("/"))
    assert one.is_let_go().endswith(b"\r\n\r\nhello")
    one.leave()
    assert "less than its Content-Length" in capfd.readouterr().err


def test_more_than_its_length(place):
    """What is too much is not sent: the next answer begins where the client expects it."""

    def application(environ, start_response):
        start_response("200 OK", [*TEXT, ("Content-Length", "5")])
        return [b"hello", b" HTTP/1.1 200 OK\r\n"]

    one = place(application)
    for _ in range(2):
        one.client.sendall(ask("/"))
        assert one.hears(b"\r\n\r\nhello").startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_close_is_called(place, method):
    """When the answer is sent the content is closed, also where none of it was sent."""
    content = Content(b"a", b"b")
    one = place(content)
    one.client.sendall(ask("/", "Connection: close", method=method))
    answer = one.is_let_go()
    assert answer.endswith(b"\r\n\r\n")
    assert answer.endswith(b"0\r\n\r\n") is (method == "GET")
    assert content.closed.wait(SECONDS), "close was never called"


def test_close_when_the_client_has_gone(place, capfd):
    """Who leaves in the middle ends the work for it; that is no mistake of ours."""
    content = Content(*[bytes(100_000)] * 1000)
    one = place(content)
    one.client.sendall(ask("/"))
    one.client.recv(10)
    one.leave()
    assert content.closed.is_set(), "close was never called"
    assert "Traceback" not in capfd.readouterr().err


def test_close_that_raises(place, capfd):
    """An application that cannot even close is a line in the log; its answer is whole."""
    content = Content(b"a")
    content.close = lambda: 1 / 0
    one = place(content)
    one.client.sendall(ask("/"))
    assert one.is_let_go().endswith(b"0\r\n\r\n")
    one.leave()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_write(place):
    """The old way to give content: it goes out before the rest."""

    def application(environ, start_response):
        write = start_response("200 OK", TEXT)
        write(b"first")
        write(b"second")
        return [b"third"]

    one = place(application)
    one.client.sendall(ask("/"))
    answer = one.hears(b"0\r\n\r\n")
    assert answer.endswith(b"5\r\nfirst\r\n6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n")


def test_http_1_0(place):
    """A client of HTTP/1.0 gets no chunks: the end of the connection is the end."""
    one = place(Content(b"a", b"b"))
    one.client.sendall(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    answer = one.is_let_go()
    assert answer.endswith(b"\r\n\r\nab")
    assert b"\r\nConnection: close\r\n" in answer
