"""The server's promises, over the wire: every request gets one right answer, and nobody waits."""

import re
import socket
import threading
import time
from collections.abc import Callable

import pytest

from errors import HTTPError
from framing import MAX_BODY_BYTES
from request import Request
from response import Response
from server import serve_connection

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
IMF_FIXDATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT")
PROMPTLY = 1.5
"""Seconds: far less than the server waits for a client that is silent."""


def post(body: bytes, content_type: str, *, target: str = "/") -> bytes:
    """A POST with this body."""
    lines = f"Host: a\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return f"POST {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


def test_program_gets_json(server, rng):
    """A program gets JSON: method, path, query, fields and body, as the server understood them."""
    number = rng.randrange(10**6)
    request = post(b"a=%d&b=&a=%%20" % number, "application/x-www-form-urlencoded", target="/%7e?q")
    server.ask(request).expect(
        status=200,
        fields={"Content-Type": "application/json", "Vary": "Accept"},
        json={
            "method": "POST",
            "host": "a",
            "path": "/~",
            "query": [["q", ""]],
            "version": "HTTP/1.1",
            "fields": [
                ["Host", "a"],
                ["Content-Type", "application/x-www-form-urlencoded"],
                ["Content-Length", str(len(b"a=%d&b=&a=%%20" % number))],
            ],
            "body": [["a", str(number)], ["b", ""], ["a", " "]],
        },
    )


def test_browser_gets_a_page(server):
    """A browser gets HTML, and what it sent stands there escaped (RFC 9110, section 12.5.1)."""
    answer = server.ask(
        b"GET /%3Cscript%3E?%3Cb%3E HTTP/1.1\r\nHost: a\r\nX: <i>\r\n"
        b"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n\r\n"
    )
    answer.expect(
        status=200,
        fields={"Content-Type": "text/html; charset=utf-8", "Vary": "Accept"},
        contains=["&lt;script&gt;", "&lt;b&gt;", "&lt;i&gt;"],
        lacks=["<script>", "<b>", "<i>"],
    )


def test_files(server, rng):
    """A form with files is understood, whatever bytes the files have (RFC 7578)."""
    content = rng.randbytes(300).replace(b"--", b"__")
    body = b'--B\r\nContent-Disposition: form-data; name="f"; filename="\xc3\xa9.bin"\r\n\r\n'
    answer = server.ask(post(body + content + b"\r\n--B--\r\n", "multipart/form-data; boundary=B"))
    answer.expect(status=200)
    part = {"name": "f", "filename": "é.bin", "media_type": "text/plain", "bytes": len(content)}
    assert answer.json()["body"] == [part]


@pytest.mark.parametrize(
    "request_line, host, path, query",
    [
        (b"GET /a/../b?c HTTP/1.1", "a", "/a/../b", [["c", ""]]),
        (b"GET http://b:80/c?d=e HTTP/1.1", "b:80", "/c", [["d", "e"]]),
        (b"GET http://b HTTP/1.0", "b", "/", []),
        (b"OPTIONS * HTTP/1.1", "a", "*", []),
        (b"BREW /pot HTTP/1.9", "a", "/pot", []),
    ],
)
def test_request_lines(server, request_line, host, path, query):
    """The four forms of a target, any method, and HTTP/1.x are understood (RFC 9112, 3.2)."""
    understood = server.ask(request_line + b"\r\nHost: a\r\n\r\n").expect(status=200).json()
    assert (understood["host"], understood["path"], understood["query"]) == (host, path, query)


@pytest.mark.parametrize(
    "data, status",
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400),
        (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
        (b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT b:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
        (post(b"{", "application/json"), 400),
        (post(b"--B", "multipart/form-data; boundary=B"), 400),
    ],
)
def test_refused(server, data, status):
    """A request that is wrong gets the status that says so, and the connection ends (9112, 2.2)."""
    answer = server.ask(data)
    answer.expect(status=status, fields={"Connection": "close"}, contains=str(status))


@pytest.mark.parametrize(
    "lines",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        b"Content-Length: 30\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 0\r\nContent-Length: 30\r\n",
    ],
    ids=["TE.CL", "CL.TE", "CL.CL"],
)
def test_smuggling(server, lines):
    """Where two framings disagree nothing is guessed: a 400, no second answer (9112, 11.2)."""
    with server.connect() as wire:
        wire.send(b"POST / HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n0\r\n\r\n" + GET)
        wire.read_response().expect(status=400)
        wire.expect_closed()


def test_json_as_the_client_prefers(server):
    """An error that is found in the body comes in the form that Accept prefers."""
    request = post(b"[", "application/json").replace(b"Host", b"Accept: application/json\r\nHost")
    answer = server.ask(request).expect(status=400, fields={"Content-Type": "application/json"})
    assert answer.json()["status"] == 400


def test_head(server):
    """HEAD has the fields of GET and nothing after them (RFC 9110, section 9.3.2)."""
    request = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    length = len(server.ask(request).body)
    head = request.replace(b"GET", b"HEAD")
    server.ask(head).expect(status=200, body=b"", fields={"Content-Length": str(length)})
    server.ask(head.replace(b"/a", b"/%")).expect(status=400, body=b"")
    server.ask(head.replace(b"/a", b"/#")).expect(status=400, body=b"")
    server.ask(head.replace(b"1.1", b"2.0")).expect(status=505, body=b"")


def test_every_answer_has_a_date(server):
    """Each answer has a Date, as IMF-fixdate, errors too (RFC 9110, section 6.6.1)."""
    for request in (GET, b"\n"):
        server.ask(request).expect(fields={"Date": IMF_FIXDATE})


def test_connection_ends_after_one_answer(server):
    """There is one answer on a connection: it says so, and the server closes (RFC 9112, 9.6)."""
    with server.connect() as wire:
        wire.send(GET + GET)
        wire.read_response().expect(status=200, fields={"Connection": "close"})
        wire.expect_closed()


@pytest.mark.parametrize(
    "data, status",
    [
        (b"GET /" + b"a" * 9000, 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 17_000, 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 101, 431),
        (b"GET / HTTP/1.1\n", 400),
        (b"GET / HTTP/1.1\rX", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
    ],
    ids=["long request line", "large head", "many fields", "bare LF", "bare CR", "large body"],
)
def test_answered_before_its_end(server, data, status):
    """What cannot become a good request is answered at once: its end may never come."""
    with server.connect() as wire:
        began = time.monotonic()
        wire.send(data)
        wire.read_response().expect(status=status)
        assert time.monotonic() - began < PROMPTLY


def test_answer_arrives_while_the_body_is_sent(server):
    """A client that is still sending a large body gets its 413, no reset (RFC 9112, 9.6)."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES * 2)
    with server.connect() as wire:
        wire.send(head + b"x" * 2**20)
        wire.read_response().expect(status=413)
        assert wire.read_all() == b""


def test_large_body(server, rng):
    """A large body is read to its end, however many pieces it comes in."""
    body = rng.randbytes(2**20)
    with server.connect() as wire:
        wire.send(post(body, "application/octet-stream"))
        wire.read_response().expect(status=200, contains=f'"body": "{len(body)} bytes"')


def test_incomplete_request(server):
    """A client that ends its side in the middle of a request is told so: 400 (9112, section 8)."""
    for data in (b"G", GET[:-2], GET[:-1], post(b"hello", "text/plain")[:-1]):
        with server.connect() as wire:
            wire.send(data)
            wire.close_sending()
            wire.read_response().expect(status=400)
            wire.expect_closed()


def test_client_without_a_word(server):
    """A client that closes without a word gets none."""
    with server.connect() as wire:
        wire.close_sending()
        wire.expect_closed()


def test_slow_clients(serve):
    """Half a request is a 408 when no more comes; a silent client is dropped (9110, 15.5.9)."""
    server = serve("--read-timeout", "0.15")
    with server.connect() as half, server.connect() as silent, server.connect() as good:
        half.send(GET[:-2])
        good.send(GET)
        half.read_response().expect(status=408, fields={"Connection": "close"})
        half.close()
        silent.expect_closed()
        good.read_response().expect(status=200)


def converse(handler: Callable[[Request], Response], request: bytes = GET) -> bytes:
    """What a client gets from a server with this handler."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        ours.settimeout(5)
        theirs.sendall(request)
        serve_connection(ours, handler)
        ours.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: theirs.recv(65536), b""))


def test_handler_that_fails(capsys):
    """A fault in a handler is a 500 that tells nothing of our insides; the log has it all."""

    def handler(request: Request) -> Response:
        raise KeyError("secret")

    answer = converse(handler)
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"secret" not in answer
    assert b"KeyError" not in answer
    assert "KeyError: 'secret'" in capsys.readouterr().err


def test_handler_that_refuses():
    """A handler may raise an HTTPError, which becomes the answer, in the form Accept prefers."""

    def handler(request: Request) -> Response:
        raise HTTPError(403, "Not you.")

    assert b"Not you." in converse(handler)
    request = GET.replace(b"Host", b"Accept: application/json\r\nHost")
    assert converse(handler, request).endswith(b'{"status": 403, "error": "Not you."}\n')


def test_answers_without_content():
    """204 and 304 end with their head, even if a handler gave them content (9110, 6.4.1)."""
    for status in (204, 304):
        answer = converse(lambda request, status=status: Response(status, b"no"))
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        assert answer.endswith(b"\r\n\r\n")
        assert b"Content-Length" not in answer


def test_answer_longer_than_a_buffer(rng):
    """All of a large answer is sent, to a client that reads it slowly too."""
    content, received = rng.randbytes(2**20), []
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.settimeout(5)
        reader = threading.Thread(
            target=lambda: received.extend(iter(lambda: theirs.recv(4096), b"")), daemon=True
        )
        reader.start()
        with ours:
            theirs.sendall(GET)
            ours.settimeout(5)
            serve_connection(ours, lambda request: Response(200, content))
        reader.join(5)
    assert b"".join(received).endswith(b"\r\n\r\n" + content)
