"""The promises of step 05, over the wire: what every answer has, and who is let in where."""

import base64
import inspect
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import server as program
from application import application
from fields import Fields
from guards import SECURITY_FIELDS
from middleware import Chain, explain
from request import Request
from response import Response, pieces
from sources import NotFound
from target import parse_target
from tracing import RequestId

SHOP = "https://shop.example"
EVIL = "https://evil.example"
TOKEN = "open-sesame"

BEARER = re.compile(r'Bearer +[\w-]+ *= *("[^"]*"|[\w-]+)( *, *[\w-]+ *= *("[^"]*"|[\w-]+))*')
"""A challenge of this scheme, with parameters (RFC 9110, section 11.6.1)."""

DOORS = ("/files/", "/static/")
"""Where the folder of `--directory` can be read."""

NOTE_BYTES = 256 * 1024
"""The longest body that a note may have."""

FORMS = ["text/plain", "text/html", "application/json"]
"""The forms that an error has, one for each kind of client."""

INSIDES = ["Traceback", "KeyError", "what nobody has put there", "app.py", "in crash"]
"""What the exception of /crash is made of."""

TARGETS = {
    "route": ("GET", "/about", 200),
    "head": ("HEAD", "/about", 200),
    "file": ("GET", "/static/app.js", 200),
    "list": ("GET", "/static/pictures/", 200),
    "redirect": ("GET", "/static/pictures", 308),
    "nothing": ("GET", "/lost", 404),
    "file that is not there": ("GET", "/static/lost.js", 404),
    "note that is not there": ("GET", "/api/notes/999999999", 404),
    "wrong method": ("DELETE", "/about", 405),
    "method that there is not": ("BREW", "/about", 501),
    "options": ("OPTIONS", "/about", 204),
    "options of the server": ("OPTIONS", "*", 204),
    "without a password": ("GET", "/private", 401),
    "without a token": ("GET", "/api/me", 401),
}


def ask(target: str, *lines: str, method: str = "GET", body: bytes | None = None) -> bytes:
    """A request as bytes."""
    if body is not None:
        lines = (*lines, f"Content-Length: {len(body)}")
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", *lines, "", ""]
    return "\r\n".join(head).encode() + (body or b"")


def basic(text: str) -> str:
    """The field Authorization for a name, a colon and a password."""
    return f"Authorization: Basic {base64.b64encode(text.encode()).decode()}"


def once(server, request: bytes):
    """The answer to a request that is sent once, and not three times as `ask` does."""
    with server.connect() as wire:
        wire.send(request)
        return wire.read_response(request.split()[0].decode())


def permissions(answer) -> dict[str, str]:
    """What the answer allows to scripts of other sites."""
    names = [name for name in answer.fields if name.lower().startswith("access-control-")]
    return {name: answer.fields.get(name) for name in names}


@pytest.fixture
def shop(serve):
    """The server, with one other site whose scripts may read."""
    return serve("--origin", SHOP)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to be served."""
    folder = tmp_path_factory.mktemp("step05")
    (folder / "page.html").write_text("<p>Hello")
    return folder


@pytest.fixture
def locked(serve, folder):
    """The server with that folder, open to who has the token."""
    return serve("--directory", str(folder), "--token", TOKEN)


@pytest.mark.parametrize("method, target, status", TARGETS.values(), ids=TARGETS)
def test_every_answer(server, method, target, status):
    """Whoever answers, and whatever: it has an id, its time, and what makes browsers careful."""
    body = None if method == "GET" else b""
    answer = server.ask(ask(target, method=method, body=body)).expect(status=status)
    answer.expect(fields={"X-Request-ID": re.compile("[0-9a-f]{32}"), **SECURITY_FIELDS})
    answer.expect(fields={"Server-Timing": re.compile(r"app;dur=\d+\.\d{3}")})


def test_each_request_has_its_own_id(server):
    """Two requests never have the same id, unless the client has given it."""
    answers = [server.ask(ask("/about")).fields.get("X-Request-ID") for _ in range(5)]
    assert len(set(answers)) == 5


def test_id_of_the_client(server, rng):
    """A well-formed id of the client's comes back, and the endpoint knows it."""
    given = f"proxy-{rng.getrandbits(64):016x}"
    lines = (f"X-Request-ID: {given}", "Authorization: Bearer the-token-of-the-demo")
    answer = server.ask(ask("/api/me", *lines)).expect(fields={"X-Request-ID": given})
    assert answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, 'a" 200 5 "b', "two words", "\xe9" * 8, ""])
def test_id_that_is_none(server, given):
    """Anything else is replaced: it would stand in the log, and in the answer."""
    answer = server.ask(ask("/about", f"X-Request-ID: {given}"))
    answer.expect(status=200, fields={"X-Request-ID": re.compile("[0-9a-f]{32}")})


def test_files_routes_404(server):
    """A file, a route, an endpoint's own 404, and the 404 of whatever is nowhere."""
    server.ask(ask("/static/style.css")).expect(status=200, fields={"Content-Type": "text/css"})
    server.ask(ask("/user/ada")).expect(status=200, contains="ada")
    server.ask(ask("/api/notes/999999999")).expect(status=404, contains="note")
    server.ask(ask("/lost")).expect(status=404, contains="nothing at this address")
    server.ask(ask("/lost", method="PUT", body=b"x")).expect(status=404)


def test_home_page_leads_to_what_is_locked(server):
    """The home page has a link to the page that wants a password."""
    server.ask(ask("/")).expect(status=200, contains='href="/private"')


class TestPassword:
    """A page with a name and a password (RFC 7617)."""

    def test_challenge(self, server):
        """Without a password: 401, and what is wanted in WWW-Authenticate (RFC 9110, 15.5.2)."""
        server.ask(ask("/private")).expect(
            status=401,
            fields={"WWW-Authenticate": 'Basic realm="MyHTTPServer", charset="UTF-8"'},
            lacks="Hello",
        )

    def test_right(self, server):
        """With the right one, the page."""
        answer = server.ask(ask("/private", basic("ada:lovelace")))
        answer.expect(status=200, contains="Hello, ada!", fields={"WWW-Authenticate": None})

    @pytest.mark.parametrize("text", ["ada:", "ada:Lovelace", "bob:lovelace", "ada", ":", ""])
    def test_wrong(self, server, text):
        """With a wrong one 401 again."""
        server.ask(ask("/private", basic(text))).expect(status=401, lacks="Hello")

    def test_head_is_locked_too(self, server):
        """HEAD of a locked page is as locked as GET."""
        server.ask(ask("/private", method="HEAD")).expect(status=401)


def challenge(answer) -> dict[str, str]:
    """The parameters of the answer's challenge, which asks for a Bearer; in whatever order."""
    value = answer.expect(status=401, fields={"WWW-Authenticate": BEARER}).fields[
        "WWW-Authenticate"
    ]
    return dict(re.findall(r'([\w-]+) *= *"?([^",]*)"?', value))


@pytest.mark.exercise("05.4")
class TestToken:
    """A resource with a token (RFC 6750)."""

    def test_challenge(self, server):
        """Without a token 401, and the bare challenge (section 3.1)."""
        assert challenge(server.ask(ask("/api/me"))) == {"realm": "MyHTTPServer"}

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
    def test_right(self, server, scheme):
        """With the right one the answer, whatever the case of the scheme (RFC 9110, 11.1)."""
        answer = server.ask(ask("/api/me", f"Authorization: {scheme} the-token-of-the-demo"))
        value = answer.expect(status=200).json()
        assert (value["user"], value["client"]) == ("ada", "127.0.0.1")

    @pytest.mark.parametrize("token", ["", "the-token-of-the-dem", "the-token-of-the-demo2", "ada"])
    def test_wrong(self, server, token):
        """With a wrong one, or an empty one, 401 and the reason (section 3.1)."""
        answer = server.ask(ask("/api/me", f"Authorization: Bearer {token}"))
        assert challenge(answer) == {"realm": "MyHTTPServer", "error": "invalid_token"}


@pytest.mark.exercise("05.5")
class TestOtherSites:
    """Scripts of other sites (the Fetch standard, CORS protocol)."""

    question = (
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: content-type",
    )

    @pytest.mark.parametrize("target", ["/api/notes/1", "/api/me", "/private", "/lost", "/crash"])
    def test_preflight(self, shop, target):
        """A preflight is answered at any address, locked or not: the endpoint is not asked."""
        answer = shop.ask(ask(target, f"Origin: {SHOP}", *self.question, method="OPTIONS"))
        answer.expect(
            status=204, fields={"Access-Control-Allow-Origin": SHOP, "Vary": re.compile("Origin")}
        )
        allowed = permissions(answer)
        assert "PUT" in allowed["Access-Control-Allow-Methods"]
        assert "Content-Type" in allowed["Access-Control-Allow-Headers"]
        assert int(allowed["Access-Control-Max-Age"]) > 0
        assert "Access-Control-Allow-Credentials" not in allowed

    @pytest.mark.parametrize("origin", [EVIL, f"{SHOP}.evil.example", "null", "http://["])
    def test_preflight_of_a_stranger(self, shop, origin):
        """A preflight of another origin is 403, and allows nothing."""
        answer = shop.ask(ask("/api/data", f"Origin: {origin}", *self.question, method="OPTIONS"))
        answer.expect(status=403)
        assert permissions(answer) == {}

    @pytest.mark.parametrize(
        "target, status",
        [("/api/data", 200), ("/static/app.js", 200), ("/lost", 404), ("/api/me", 401)],
    )
    def test_answers_can_be_read(self, shop, target, status):
        """A script of the allowed origin may read every answer, errors too; Vary says so."""
        for origin, name in ((SHOP, SHOP), (EVIL, None)):
            answer = shop.ask(ask(target, f"Origin: {origin}")).expect(status=status)
            answer.expect(fields={"Access-Control-Allow-Origin": name})
            assert "Origin" in answer.fields.get("Vary").split(", ")

    def test_without_the_option(self, server):
        """Without `--origin` no script of another site may read anything."""
        for lines in ((), self.question):
            method = "OPTIONS" if lines else "GET"
            answer = server.ask(ask("/api/data", f"Origin: {SHOP}", *lines, method=method))
            assert permissions(answer) == {}

    def test_allowed_site_may_change_something(self, shop):
        """The allowed origin may send what changes something, and no other may: 403."""
        for origin, status in ((SHOP, 200), (EVIL, 403)):
            answer = shop.ask(ask("/echo", f"Origin: {origin}", method="POST", body=b"hello"))
            answer.expect(status=status)


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example", "http://["])
def test_form_of_another_site(server, rng, origin):
    """A form of another site changes nothing here: 403."""
    mark = f"{rng.getrandbits(64):x}"
    body = json.dumps({"text": mark}).encode()
    lines = (f"Origin: {origin}", "Content-Type: application/json")
    server.ask(ask("/api/notes", *lines, method="POST", body=body)).expect(status=403)
    server.ask(ask("/api/notes")).expect(status=200, lacks=mark)


@pytest.mark.parametrize("lines", [(), ("Origin: http://localhost",), ("Sec-Fetch-Site: none",)])
def test_our_own_page_and_programs(server, lines):
    """Our own pages may, and programs that are no browsers."""
    server.ask(ask("/echo", *lines, method="POST", body=b"hello")).expect(status=200, body="hello")


def test_method_override(server):
    """A POST can stand for PUT, PATCH and DELETE, and for nothing else: 400."""
    body = b'{"text": "first"}'
    lines = ("Content-Type: application/json",)
    made = once(server, ask("/api/notes", *lines, method="POST", body=body)).expect(status=201)
    place = made.fields.get("Location")
    put = (*lines, "X-HTTP-Method-Override: PUT")
    once(server, ask(place, *put, method="POST", body=b'{"text": "second"}')).expect(status=200)
    once(server, ask(place)).expect(status=200, contains="second")
    for method in ("GET", "HEAD", "POST", "TRACE"):
        other = f"X-HTTP-Method-Override: {method}"
        once(server, ask(place, other, method="POST", body=b"")).expect(status=400)
    gone = ask(place, "X-HTTP-Method-Override: delete", method="POST", body=b"")
    once(server, gone).expect(status=204)
    once(server, ask(place)).expect(status=404)


def test_long_body(server):
    """A body may be as long as its route allows: a note's has 256 KiB, or it is 413; no word at
    /echo.
    """
    body = b"x" * (NOTE_BYTES + 1)
    for target in ("/api/notes", "/api/notes/1", "/api/n%6Ftes"):
        once(server, ask(target, method="POST", body=body)).expect(status=413)
    once(server, ask("/echo", method="POST", body=body)).expect(status=200, body=body)
    long = json.dumps({"text": "x"}).encode().ljust(NOTE_BYTES)
    answer = once(
        server, ask("/api/notes", "Content-Type: application/json", method="POST", body=long)
    )
    answer.expect(status=201)


class TestLockedFolder:
    """`--directory DIR --token SECRET`."""

    key = f"Authorization: Bearer {TOKEN}"

    @pytest.mark.parametrize(
        "target",
        [
            "/files/page.html",
            "/%66iles/page.html",
            "/files/lost.html",
            "/files/",
            "/files",
            "/files/a/b",
            "/static/page.html",
            "/%73tatic/page.html",
            "/static/",
            "/static",
        ],
    )
    def test_without_the_token(self, locked, target):
        """Nothing of the folder is there for who has no token, by neither door: 401.

        However the path is written.
        """
        for token in ("", "wrong", "the-token-of-the-demo"):
            line = f"Authorization: Bearer {token}"
            locked.ask(ask(target, line)).expect(status=401, lacks="Hello")
        locked.ask(ask(target)).expect(status=401, lacks="Hello")

    def test_upload_without_the_token(self, locked, folder):
        """Nobody writes without it, and nothing is left of the attempt."""
        for target in ("/files/new.txt", "/%66iles/new.txt", "/files/page.html"):
            locked.ask(ask(target, method="POST", body=b"stranger")).expect(status=401)
        assert {path.name for path in folder.iterdir()} == {"page.html"}
        assert (folder / "page.html").read_text() == "<p>Hello"

    def test_with_the_token(self, locked, folder):
        """Who has the token reads and writes."""
        for target in ("/files/page.html", "/static/page.html"):
            locked.ask(ask(target, self.key)).expect(status=200, body="<p>Hello")
        upload = ask("/files/mine.txt", self.key, method="POST", body=b"mine")
        once(locked, upload).expect(status=201)
        assert (folder / "mine.txt").read_text() == "mine"
        (folder / "mine.txt").unlink()

    def test_the_rest_is_open(self, locked):
        """Everything else is there for everybody."""
        locked.ask(ask("/about")).expect(status=200)
        locked.ask(ask("/api/notes")).expect(status=200)


def test_folder_without_a_token(folder):
    """Without a token the folder is open; with one, there are guards at its doors, no others."""
    guarded, unguarded = (
        re.findall(r"^ +at (/\S+)", "\n".join(explain(application(folder, token).links)), re.M)
        for token in (TOKEN, "")
    )
    assert set(guarded) - set(unguarded) == set(DOORS)
    assert set(unguarded).isdisjoint(DOORS)


def test_explain(monkeypatch, capsys):
    """`--explain` prints the chain that would serve, and serves nothing."""
    monkeypatch.setattr("sys.argv", ["server.py", "--explain"])
    program.main()
    printed = capsys.readouterr().out
    assert printed.splitlines() == list(explain(application().links))
    names = re.findall(r"^ *(?:at )?(\S+)", printed, re.MULTILINE)
    order = ["RequestId", "AccessLog", "CORS", "ErrorPages", "BearerAuth", "NotFound"]
    assert [name for name in names if name in order] == order, "others may stand between them"


BAD_OPTIONS = {
    "origin with a path": (["--origin", "https://shop.example/"], "an origin is like"),
    "no origin": (["--origin", "shop.example"], "an origin is like"),
    "no folder": (["--directory", "no/such/folder"], "there is no folder"),
    "empty token": (["--token", ""], "an empty token would let everybody in"),
    "token for nothing": (["--token", "x"], "--token guards the folder of --directory"),
    "form of log": (["--log", "combined"], "invalid choice"),
}


@pytest.mark.parametrize("arguments, reason", BAD_OPTIONS.values(), ids=BAD_OPTIONS)
def test_bad_options(monkeypatch, capsys, arguments, reason):
    """An option that makes no sense gets one line that says why, and exit code 2."""
    monkeypatch.setattr("sys.argv", ["server.py", *arguments])
    with pytest.raises(SystemExit) as stop:
        program.main()
    assert stop.value.code == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[[socket.socket], None]]:
    """The program with some options, as far as the network: what it does with a connection."""

    def start(*options: str) -> Callable[[socket.socket], None]:
        handles: list[Callable[[socket.socket], None]] = []
        monkeypatch.setattr(program, "run", lambda handle, options: handles.append(handle))
        monkeypatch.setattr("sys.argv", ["server.py", *options])
        program.main()
        [handle] = handles
        return handle

    return start


def converse(handle: Callable[[socket.socket], None], request: bytes, ends: bool = True) -> str:
    """What a client gets that sends these bytes, and then ends its side, or is silent."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5 if ends else 0.01)
        theirs.settimeout(5)
        theirs.sendall(request)
        if ends:
            theirs.shutdown(socket.SHUT_WR)
        handle(ours)
        ours.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: theirs.recv(65536), b"")).decode()


def never(request: Request) -> Response:
    """A handler that is not to be asked."""
    raise AssertionError("the handler was asked, and there is no request")


class TestCrash:
    """GET /crash: an endpoint with a mistake in it."""

    @pytest.mark.parametrize("form", FORMS)
    def test_shows_nothing(self, started, capsys, form):
        """500 (RFC 9110, 15.6.1), in the form that is asked for, and nothing of our insides.

        Who runs the server finds them in the log.
        """
        answer = converse(started(), ask("/crash", f"Accept: {form}"))
        assert answer.startswith("HTTP/1.1 500 Internal Server Error\r\n")
        assert f"\r\nContent-Type: {form}" in answer
        assert [text for text in INSIDES if text in answer] == [], "a stranger learns this"
        log = capsys.readouterr().err
        assert "GET /crash failed" in log
        assert [text for text in INSIDES if text not in log] == [], "the log lacks this"

    @pytest.mark.parametrize("form", FORMS)
    def test_with_debug(self, started, capsys, form):
        """With `--debug` they are on the page, in each form, and in the log as ever."""
        answer = converse(started("--debug"), ask("/crash", f"Accept: {form}"))
        assert answer.startswith("HTTP/1.1 500 Internal Server Error\r\n")
        assert f"\r\nContent-Type: {form}" in answer
        assert [text for text in INSIDES if text not in answer] == [], "the page lacks this"
        log = capsys.readouterr().err
        assert [text for text in INSIDES if text not in log] == [], "the log lacks this"


class TestLastNet:
    """`answer`: what becomes of an exception that even the chain lets through."""

    @staticmethod
    def given(form: str) -> Request:
        """A request that prefers this form."""
        fields = Fields({"Accept": form})
        return Request("GET", parse_target("GET", "/a"), "HTTP/1.1", fields)

    @pytest.mark.parametrize("form", FORMS)
    def test_exception(self, capsys, form):
        """500 (RFC 9110, 15.6.1) without a word of it; the traceback is in the log."""

        def failing(request: Request) -> Response:
            raise RuntimeError("cannot open /srv/swordfish")

        response = program.answer(self.given(form), failing)
        assert response.status == 500
        assert response.fields["Content-Type"].startswith(form)
        everything = response.content.decode() + repr(response.fields)
        for inner in ("swordfish", "RuntimeError", "Traceback", ".py"):
            assert inner not in everything, f"{inner!r} is shown to a stranger"
        assert "RuntimeError: cannot open /srv/swordfish" in capsys.readouterr().err

    @pytest.mark.parametrize("form", FORMS)
    def test_http_error(self, capsys, form):
        """An HTTPError is its response, in the form that is asked for, and no mistake of ours."""
        response = program.answer(self.given(form), Chain(NotFound()))
        assert response.status == 404
        assert response.fields["Content-Type"].startswith(form)
        assert b"nothing at this address" in response.content
        assert capsys.readouterr().err == ""

    def test_chain_that_does_not_answer(self, capsys):
        """A chain without an end, its author's mistake, answers 500; the log says what is wrong."""
        assert program.answer(self.given("*/*"), Chain(RequestId())).status == 500
        assert "no link of the chain has answered" in capsys.readouterr().err

    def test_end_of_the_server(self):
        """Ctrl-C is meant for the server, and passes."""

        def leaving(request: Request) -> Response:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            program.answer(self.given("*/*"), leaving)


def test_connection_ends_after_one_answer(server):
    """There is one answer on a connection: it says so, and the server closes (RFC 9112, 9.6)."""
    with server.connect() as wire:
        wire.send(ask("/about") + ask("/about"))
        wire.read_response().expect(status=200, fields={"Connection": "close"})
        wire.expect_closed()


REFUSED = {
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two of Host": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "no request line": (b"hello\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "line feeds alone": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "HTTP/2.0": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    "long target": (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n", 414),
    "long field": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20000 + b"\r\n", 431),
    "HEAD": (b"HEAD / HTTP/1.1\r\n\r\n", 400),
}


@pytest.mark.parametrize("data, status", REFUSED.values(), ids=REFUSED)
def test_request_that_is_none(server, data, status):
    """What cannot become a request is answered, though no chain sees it (RFC 9112, section 2.2)."""
    once(server, data).expect(status=status, fields={"Connection": "close"})


HALF = {
    "a letter": b"G",
    "no end of the head": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "no end of the body": ask("/", body=b"x")[:-1],
}


@pytest.mark.parametrize("data", HALF.values(), ids=HALF)
def test_half_a_request(data):
    """Half a request is 400 where the client ends its side (RFC 9112, section 8), and 408 where
    the rest does not come in time (RFC 9110, section 15.5.9).
    """

    def handle(connection: socket.socket) -> None:
        program.serve_connection(connection, never)

    for ends, status in ((True, 400), (False, 408)):
        answer = converse(handle, data, ends)
        assert answer.startswith(f"HTTP/1.1 {status} "), f"{status} was expected:\n{answer}"
        assert "\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize("ends, error", [(True, EOFError), (False, TimeoutError)])
def test_not_a_word(ends, error):
    """Who says nothing gets no answer: whoever has called is told, by an exception."""

    def handle(connection: socket.socket) -> None:
        with pytest.raises(error):
            program.serve_connection(connection, never)

    assert converse(handle, b"", ends) == ""


class Gone:
    """A connection whose client has gone: nobody takes the second piece, nobody has a name."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def sendall(self, piece: bytes) -> None:
        """Takes one."""
        if self.taken:
            raise BrokenPipeError("the client has gone")
        self.taken.append(piece)

    def getpeername(self) -> tuple[str, int]:
        """Fails as that of a socket."""
        raise OSError(107, "Transport endpoint is not connected")


def test_client_that_has_gone(monkeypatch):
    """Where the client has gone, what was to be sent is closed: a file must not stay open."""
    outgoing = pieces(Response.text("hello"), is_head=False)
    monkeypatch.setattr(program, "pieces", lambda response, is_head: outgoing)
    with pytest.raises(BrokenPipeError):
        program.send(Gone(), Response.text("hello"), is_head=False)
    assert inspect.getgeneratorstate(outgoing) == inspect.GEN_CLOSED


def test_name_of_the_client(monkeypatch):
    """The client's address is known without its port; "-" where it has gone, or has none."""
    connection = Gone()
    assert program.address(connection) == "-"
    names = {"192.0.2.7": ("192.0.2.7", 50000), "::1": ("::1", 50000, 0, 0), "-": ""}
    for address, name in names.items():
        monkeypatch.setattr(connection, "getpeername", lambda name=name: name)
        assert program.address(connection) == address


@pytest.mark.parametrize("log, lines", [("common", 1), ("json", 1), ("off", 0)])
def test_log(started, capsys, log, lines):
    """`--log` chooses the form of the log; with "off" nothing is written."""
    assert converse(started("--log", log), ask("/about")).startswith("HTTP/1.1 200 ")
    assert len(capsys.readouterr().err.splitlines()) == lines


@pytest.mark.parametrize(
    "options, allowed",
    [(["*"], "*"), ([SHOP], SHOP), ([EVIL, SHOP], SHOP), ([EVIL], None), ([], None)],
)
def test_origins(started, options, allowed):
    """`--origin` names a site whose scripts may read, "*" all; it may be given several times."""
    words = [word for one in options for word in ("--origin", one)]
    answer = converse(started(*words), ask("/about", f"Origin: {SHOP}"))
    found = re.findall(r"^Access-Control-Allow-Origin: (.*)\r$", answer, re.MULTILINE)
    assert found == ([allowed] if allowed else [])
