"""One application, the demo of step 08, on five servers: the same answers from all of them.

Ours natively, ours through WSGI and back, gunicorn, waitress, and ours behind nginx.
"""

import hashlib
import http.client
import random
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import pytest
from wsgi_hosts import SECONDS, Reply, ask, behind_nginx, hosted, ours, posix, without_tracebacks

from course.servers import RunningServer

PLACES = [
    "wsgi",
    "waitress",
    pytest.param("gunicorn", marks=posix),
    pytest.param("nginx", marks=posix),
]

each_place = pytest.mark.parametrize("place", PLACES, indirect=True)

JSON = {"Content-Type": "application/json"}
TOKEN = {"Authorization": "Bearer the-token-of-the-demo"}

CASES: list[tuple[str, str, bytes | None, dict[str, str]]] = [
    ("GET", "/", None, {}),
    ("HEAD", "/", None, {}),
    ("GET", "/about", None, {}),
    ("GET", "/about?a=b&c=%20", None, {}),
    ("GET", "/user/Zo%C3%AB%20%26%20co", None, {}),
    ("GET", "/echo/caf%C3%A9", None, {}),
    ("GET", "/echo/one%2Ftwo", None, {}),
    ("GET", "/echo/a%2541+b;c=d", None, {}),
    ("GET", "/echo/%E2%82%AC~!$&'()*,:@", None, {}),
    ("GET", "/user-agent", None, {"User-Agent": "a test/1.0 (of ours)"}),
    ("POST", "/echo", b"hello", {"Content-Type": "text/plain"}),
    ("POST", "/echo", b"", {"Content-Type": "a/b"}),
    ("POST", "/echo", bytes(range(256)), {"Content-Type": "application/octet-stream"}),
    ("GET", "/nothing", None, {}),
    ("GET", "/nothing", None, {"Accept": "text/html"}),
    ("GET", "/nothing", None, {"Accept": "application/json"}),
    ("HEAD", "/nothing", None, {}),
    ("DELETE", "/about", b"", {}),
    ("POST", "/about", b"x", {}),
    ("OPTIONS", "/echo", None, {}),
    ("GET", "/static", None, {}),
    ("GET", "/static/", None, {}),
    ("GET", "/static/style.css", None, {}),
    ("HEAD", "/static/style.css", None, {}),
    ("GET", "/static/pictures/envelope.png", None, {}),
    ("GET", "/static/nothing.css", None, {}),
    ("GET", "/static/%2e%2e/server.py", None, {}),
    ("GET", "/private", None, {}),
    ("GET", "/api/me", None, {"Authorization": "Bearer wrong"}),
    ("GET", "/api/me", None, {"Authorization": "Bearer the-token-of-the-demo"}),
    ("GET", "/count/3", None, {}),
    ("HEAD", "/count/3", None, {}),
    ("GET", "/count/200", None, {}),
    ("POST", "/api/notes", b"{", JSON),
    ("POST", "/api/notes", b'{"text": "a"}', {"Content-Type": "text/plain"}),
    ("GET", "/api/notes/77", None, {}),
]
"""Requests whose answers must be the same wherever the demo runs."""


@dataclass
class Place:
    """Where the demo runs, by name."""

    name: str
    server: RunningServer


@pytest.fixture(scope="module")
def native() -> Iterator[RunningServer]:
    """The demo on our server, without WSGI."""
    with ours("--log", "off") as server:
        yield server
        assert without_tracebacks(server.output())


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """The demo somewhere else."""
    name = request.param
    with ExitStack() as stack:
        if name == "nginx":
            inner = stack.enter_context(ours("--log", "off", "--trust-proxy", "127.0.0.1"))
            server = stack.enter_context(behind_nginx(inner))
        else:
            host = "ours" if name == "wsgi" else name
            server = stack.enter_context(hosted(host, "demoapp:app"))
        yield Place(name, server)
        assert without_tracebacks(server.output())


def shown(reply: Reply) -> tuple[int, str, dict[str, str], bytes]:
    """What is compared. How it is framed may differ, and ids do."""
    fields = reply.steady
    fields.pop("transfer-encoding", None)
    content = re.sub(rb'"request_id": "\w+"', b"", reply.content)
    if fields.get("content-type") == "application/json":
        fields.pop("content-length", None)
    return reply.status, reply.reason, fields, content


@each_place
@pytest.mark.parametrize("case", CASES, ids=[f"{method} {target}" for method, target, *_ in CASES])
def test_same_answers(native: RunningServer, place: Place, case) -> None:
    """Status, phrase, fields and content, of pages, errors, files, redirects, JSON and streams."""
    method, target, body, fields = case
    expected = shown(ask(native, method, target, body, fields))
    assert shown(ask(place.server, method, target, body, fields)) == expected


@each_place
def test_notes(place: Place) -> None:
    """Created, read, changed, deleted: what one request does the next one sees."""
    made = ask(place.server, "POST", "/api/notes", b'{"text": "milk \xc3\xa9"}', JSON)
    assert made.status == 201
    where = made.get("Location")
    assert where
    assert ask(place.server, "GET", where).content == made.content
    changed = ask(place.server, "PATCH", where, b'{"text": "bread"}', JSON)
    assert (changed.status, b"bread" in changed.content) == (200, True)
    gone = ask(place.server, "DELETE", where)
    assert (gone.status, gone.content, gone.get("Content-Length")) == (204, b"", None)
    assert ask(place.server, "GET", where).status == 404


@each_place
def test_not_modified(place: Place) -> None:
    """Who has the file already gets 304, and no content."""
    tag = ask(place.server, "GET", "/static/style.css").get("ETag")
    assert tag
    reply = ask(place.server, "GET", "/static/style.css", None, {"If-None-Match": tag})
    assert (reply.status, reply.content, reply.get("ETag")) == (304, b"", tag)


def opened(server: RunningServer, request: bytes) -> socket.socket:
    """A connection on which this was sent."""
    connection = socket.create_connection((server.host, server.port), timeout=SECONDS)
    connection.sendall(request)
    return connection


def to_the_end(connection: socket.socket) -> bytes:
    """All that comes until the server ends."""
    came = bytearray()
    with connection:
        while data := connection.recv(256 * 1024):
            came += data
    return bytes(came)


@each_place
def test_streamed(place: Place) -> None:
    """The first number is here long before the last one is made.

    nginx keeps an answer back only while it has more to read at once, which is not so here.
    """
    request = b"GET /count/30 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    connection, came, began = opened(place.server, request), b"", time.monotonic()
    while b"\n1\n" not in came:
        data = connection.recv(4096)
        assert data
        came += data
    first = time.monotonic() - began
    came += to_the_end(connection)
    assert b"\n30\n" in came
    assert first < (time.monotonic() - began) / 2


@each_place
def test_chunked_body(place: Place) -> None:
    """A body in chunks comes back whole: every server hands it on in its own way."""
    body = b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nConnection: close\r\n"
    answer = to_the_end(opened(place.server, head + b"Transfer-Encoding: chunked\r\n\r\n" + body))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.partition(b"\r\n\r\n")[2] == b"hello, world"


@each_place
def test_large_upload(place: Place) -> None:
    """Nine megabytes, there and back, byte for byte; eleven are refused, by whoever sees them."""
    body = random.Random(8).randbytes(9_000_000)
    reply = ask(place.server, "POST", "/echo", body, {"Content-Type": "a/b"})
    assert reply.status == 200
    assert hashlib.sha256(reply.content).digest() == hashlib.sha256(body).digest()
    connection = http.client.HTTPConnection(place.server.host, place.server.port, timeout=SECONDS)
    connection.putrequest("POST", "/echo")
    connection.putheader("Content-Type", "a/b")
    connection.putheader("Content-Length", "11000000")
    connection.putheader("Connection", "close")
    connection.endheaders()
    with suppress(OSError):  # it may be refused before all of it is sent
        connection.send(bytes(11_000_000))
    assert connection.getresponse().status == 413
    connection.close()


@each_place
def test_connection_is_kept(place: Place) -> None:
    """Several answers on one connection; among them, save on waitress, a generated one.

    Waitress ends the connection behind each answer whose length it does not know.
    """
    connection = http.client.HTTPConnection(place.server.host, place.server.port, timeout=SECONDS)
    connection.connect()
    kept = connection.sock
    answers = {"/echo/a": b"a", "/count/2": b"1\n2\n", "/echo/b": b"b", "/echo/c": b"c"}
    if place.name == "waitress":
        del answers["/count/2"]
    for target, content in answers.items():
        connection.request("GET", target)
        assert connection.getresponse().read() == content
    assert connection.sock is kept, "the server has closed the connection between them"
    connection.close()


Pair = tuple[RunningServer, RunningServer]


@pytest.fixture(scope="module")
def trusting() -> Iterator[Pair]:
    """Our server, which believes nginx, and nginx."""
    with ours("--trust-proxy", "127.0.0.1") as inner, behind_nginx(inner) as front:
        yield inner, front


@pytest.fixture(scope="module")
def doubting() -> Iterator[Pair]:
    """Our server, which believes another proxy only, and nginx."""
    with ours("--trust-proxy", "10.0.0.0/8") as inner, behind_nginx(inner) as front:
        yield inner, front


class TestBehindNginx:
    """What is known of the client, with nginx between it and us."""

    pytestmark = posix

    def client(self, server: RunningServer, **fields: str) -> str:
        """Who our server thinks is asking."""
        lines = {name.replace("_", "-"): value for name, value in fields.items()}
        reply = ask(server, "GET", "/api/me", None, TOKEN | lines)
        found = re.search(rb'"client": "([^"]*)"', reply.content)
        assert found, reply
        return found[1].decode()

    def test_trusted(self, trusting: Pair) -> None:
        """What nginx says is believed; what its client has made up before that is not."""
        inner, front = trusting
        assert self.client(front) == "127.0.0.1"
        assert self.client(front, X_Forwarded_For="6.6.6.6, 7.7.7.7") == "7.7.7.7", (
            "nginx runs on this machine, as the client does: all addresses of ours are passed over"
        )
        assert self.client(inner, X_Forwarded_For="192.0.2.7") == "192.0.2.7"

    def test_not_trusted(self, doubting: Pair) -> None:
        """Without being named a proxy is a client like any other."""
        inner, front = doubting
        for server in (inner, front):
            assert self.client(server, X_Forwarded_For="6.6.6.6") == "127.0.0.1"

    def test_log(self, trusting: Pair) -> None:
        """The log names the client behind the proxy."""
        inner, _ = trusting
        assert inner.own
        ask(inner, "GET", "/about?logged", None, {"X-Forwarded-For": "6.6.6.6, 192.0.2.7"})
        seen = inner.own.output.wait_for(
            lambda text: (
                re.search(r"^192\.0\.2\.7 .*/about\?logged", text, re.MULTILINE) is not None
            ),
            SECONDS,
        )
        assert seen, inner.output()

    def test_host(self, trusting: Pair) -> None:
        """The host that the client asked for comes through: it decides whose pages are ours."""
        _, front = trusting
        fields = {"Host": "shop.example", "Origin": "http://shop.example"}
        assert ask(front, "POST", "/echo", b"x", fields).status == 200
        fields["Origin"] = "http://evil.example"
        assert ask(front, "POST", "/echo", b"x", fields).status == 403

    def test_slow_client(self, trusting: Pair) -> None:
        """A slow client gets its answer through nginx, and holds up nobody meanwhile."""
        _, front = trusting
        body = b"x" * 40
        head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nConnection: close\r\n"
        slow = opened(front, head + b"Content-Length: 40\r\n\r\n")
        for at in range(0, len(body), 4):
            slow.sendall(body[at : at + 4])
            time.sleep(0.01)
            if at == 20:  # meanwhile others are served
                assert ask(front, "GET", "/echo/other").content == b"other"
        assert to_the_end(slow).endswith(b"\r\n\r\n" + body)

    def test_our_server_is_gone(self) -> None:
        """Without us there is 502 from nginx, and it waits for nobody."""
        with ours("--log", "off") as inner, behind_nginx(inner) as front:
            assert ask(front, "GET", "/about").status == 200
            inner.stop()
            assert ask(front, "GET", "/about").status == 502
