"""The checks' client: what it accepts, and that it finds each thing that can be wrong."""

import contextlib
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from wrong_servers import (
    Behaviour,
    answering,
    break_off,
    read_head,
    response,
    say_goodbye,
    serving,
    wait,
)

from course import replay
from course.endings import Ending
from course.grammar import Malformed
from course.replay import Replay, escaped
from course.responses import Response, ResponseReader
from course.unread import unread_at_peer
from course.visible import cut
from course.wire import BEHIND, CheckFailure, Server, Wire
from course.xray import Flaw, Sent, XRay, compare, visible

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(data: bytes, *, cut: int = 1, ending: Ending = Ending.CLOSED, **how: Any) -> Response:
    """The response that these bytes make, fed in pieces of `cut` bytes."""
    reader = ResponseReader(**how)
    for at in range(0, len(data), cut):
        found = reader.feed(data[at : at + cut])
        if found:
            return found
    return reader.end(ending, 2.0)


RIGHT: dict[str, tuple[bytes, dict[str, Any], int, bytes]] = {
    "Content-Length": (OK, {}, 200, b"hello"),
    "empty body": (OK.replace(b"5", b"0")[:-5], {}, 200, b""),
    "no reason": (OK.replace(b"OK", b""), {}, 200, b"hello"),
    "other case": (OK.replace(b"Content-Length", b"cONTENT-lENGTH"), {}, 200, b"hello"),
    "no white space": (OK.replace(b": 5", b":5"), {}, 200, b"hello"),
    "white space around": (OK.replace(b": 5", b": \t5 \t"), {}, 200, b"hello"),
    "HTTP/1.0": (OK.replace(b"1.1", b"1.0"), {}, 200, b"hello"),
    "HEAD": (OK[:-5], {"method": "HEAD"}, 200, b""),
    "HEAD without length": (b"HTTP/1.1 200 OK\r\n\r\n", {"method": "HEAD"}, 200, b""),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", {}, 204, b""),
    "304 with length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", {}, 304, b""),
    "101": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", {}, 101, b""),
    "100 before it": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, {}, 200, b"hello"),
    "chunked": (CHUNKED + b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", {}, 200, b"hello"),
    "chunk extension": (CHUNKED + b"5;a=b\r\nhello\r\n0\r\n\r\n", {}, 200, b"hello"),
    "trailers": (CHUNKED + b"A\r\n0123456789\r\n0\r\nA: b\r\n\r\n", {}, 200, b"0123456789"),
    "close": (b"HTTP/1.1 200 OK\r\n\r\nall", {"close_delimited": True}, 200, b"all"),
    "value beyond ASCII": (OK.replace(b"\r\n\r\n", b"\r\nA: \xe9\r\n\r\n"), {}, 200, b"hello"),
}


@pytest.mark.parametrize("case", RIGHT)
@pytest.mark.parametrize("cut", [1, 2, 7, 10_000])
def test_right_response(case: str, cut: int) -> None:
    data, how, status, body = RIGHT[case]
    found = read(data, cut=cut, **how)
    assert (found.status, found.body, found.raw) == (status, body, data)


@pytest.mark.parametrize("case", [case for case in RIGHT if case != "close"])
def test_what_comes_after_a_response_is_left(case: str) -> None:
    data, how, status, body = RIGHT[case]
    reader = ResponseReader(base=1000, **how)
    found = reader.feed(data + OK)
    assert found is not None
    assert (found.status, found.body, reader.at) == (status, body, 1000 + len(data))


def test_parts_of_a_response() -> None:
    data = (
        b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 Fine\r\nSet-Cookie: a\r\n"
        b"Transfer-Encoding: chunked\r\nset-cookie: b\r\n\r\n"
        b"2\r\nab\r\n1\r\nc\r\n0\r\nEnd: now\r\n\r\n"
    )
    found = read(data)
    assert [one.status for one in found.interim] == [103]
    assert found.reason == "Fine"
    assert found.fields.get_all("SET-COOKIE") == ["a", "b"]
    assert found.fields.get("set-cookie") == "a, b"
    assert found.fields.get("missing", "nothing") == "nothing"
    assert found.trailers["end"] == "now"
    assert "Link" not in found.fields
    assert [data[found.body_mark(n, "").at :][:1] for n in range(3)] == [b"a", b"b", b"c"]


def with_line(line: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + line + b"\r\nContent-Length: 0\r\n\r\n"


def with_status_line(line: bytes) -> bytes:
    return line + b"\r\nContent-Length: 0\r\n\r\n"


WRONG: dict[str, tuple[bytes, str, bytes]] = {
    # bytes, the kind of flaw, what stands over the carets
    "empty": (b"", "closed before answering", b""),
    "a page": (b"<html>", "not HTTP", b"<"),
    "a typo": (b"HTPP/1.1 200 OK\r\n", "not HTTP", b"P"),
    "an echo": (GET, "not HTTP", b"G"),
    "lower case": (b"http/1.1 200 OK\r\n\r\n", "not HTTP", b"http"),
    "line feed first": (b"\nHTTP/1.1 200 OK\r\n", "not HTTP", b"\n"),
    "version": (with_status_line(b"HTTP/2 200 OK"), "malformed status line", b"HTTP/2"),
    "version 1.2": (with_status_line(b"HTTP/1.2 200 OK"), "malformed status line", b"HTTP/1.2"),
    "no status": (with_status_line(b"HTTP/1.1 OK"), "malformed status line", b"OK"),
    "four digits": (with_status_line(b"HTTP/1.1 2000 OK"), "malformed status line", b"2000"),
    "two spaces": (with_status_line(b"HTTP/1.1  200 OK"), "malformed status line", b" "),
    "status 99": (with_status_line(b"HTTP/1.1 099 OK"), "malformed status line", b"099"),
    "status 600": (with_status_line(b"HTTP/1.1 600 OK"), "malformed status line", b"600"),
    "no space after": (with_status_line(b"HTTP/1.1 200"), "malformed status line", b"\r"),
    "NUL in reason": (with_status_line(b"HTTP/1.1 200 O\0K"), "malformed status line", b"\0"),
    "status line with LF": (OK.replace(b"\r\n", b"\n", 1), "bare LF", b"\n"),
    "field line with LF": (with_line(b"A: b\nC: d"), "bare LF", b"\n"),
    "CR alone": (with_line(b"A: b\rC: d"), "malformed field line", b"\r"),
    "no colon": (with_line(b"hello"), "malformed field line", b"hello"),
    "no name": (with_line(b": hello"), "malformed field line", b":"),
    "space before colon": (with_line(b"A : b"), "malformed field line", b" "),
    "space in name": (with_line(b"Content Type: b"), "malformed field line", b" "),
    "name beyond ASCII": (with_line(b"\xe9: b"), "malformed field line", b"\xe9"),
    "folded": (with_line(b"A: b\r\n c"), "malformed field line", b" "),
    "NUL in value": (with_line(b"A: b\0c"), "malformed field line", b"\0"),
    "half a head": (OK[:30], "closed too early", b""),
    "no empty line": (OK.replace(b"\r\n\r\n", b"\r\n"), "closed too early", b""),
    "no framing": (OK.replace(b"Content-Length: 5\r\n", b""), "no framing", b"\r\n"),
    "misspelt": (OK.replace(b"Length", b"Lenght"), "no framing", b"Content-Lenght"),
    "too short": (OK[:-2], "wrong Content-Length", b"5"),
    "no number": (OK.replace(b"5", b"five"), "wrong Content-Length", b"five"),
    "signed": (OK.replace(b"5", b"+5"), "wrong Content-Length", b"+5"),
    "empty length": (OK.replace(b" 5", b""), "wrong Content-Length", b"\r"),
    "digits of another script": (OK.replace(b"5", b"\xb2"), "wrong Content-Length", b"\xb2"),
    "list": (OK.replace(b"5", b"5, 5"), "wrong Content-Length", b"5, 5"),
    "two lengths": (with_line(b"Content-Length: 1"), "conflicting framing", b"Content-Length"),
    "equal lengths": (with_line(b"Content-Length: 0"), "conflicting framing", b"Content-Length"),
    "length and chunked": (
        with_line(b"Transfer-Encoding: chunked"),
        "conflicting framing",
        b"Content-Length",
    ),
    "other encoding": (CHUNKED.replace(b"chunked", b"gzip"), "conflicting framing", b"gzip"),
    "204 with length": (
        with_line(b"A: b").replace(b"200", b"204"),
        "framing without a body",
        b"Content-Length",
    ),
    "chunk size": (CHUNKED + b"five\r\nhello\r\n", "malformed chunk", b"five"),
    "empty chunk size": (CHUNKED + b"\r\nhello\r\n", "malformed chunk", b"\r"),
    "chunk too long": (CHUNKED + b"4\r\nhello\r\n0\r\n\r\n", "malformed chunk", b"o"),
    "no last chunk": (CHUNKED + b"5\r\nhello\r\n", "closed too early", b""),
    "no end of trailers": (CHUNKED + b"5\r\nhello\r\n0\r\n", "closed too early", b""),
    "only a 100": (b"HTTP/1.1 100 Continue\r\n\r\n", "closed before answering", b""),
}


def flaw_in(data: bytes, *, cut: int = 1, ending: Ending = Ending.CLOSED, **how: Any) -> Flaw:
    with pytest.raises(Malformed) as caught:
        read(data, cut=cut, ending=ending, **how)
    return caught.value.flaw


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("cut", [1, 10_000])
def test_wrong_response(case: str, cut: int) -> None:
    data, kind, marked = WRONG[case]
    flaw = flaw_in(data, cut=cut)
    assert flaw.mark is not None
    assert (flaw.kind, data[flaw.mark.at :][: flaw.mark.length]) == (kind, marked)


@pytest.mark.parametrize(
    ("data", "ending", "kind"),
    [
        (b"", Ending.SILENT, "hangs"),
        (OK[:20], Ending.SILENT, "hangs"),
        (OK[:-1], Ending.SILENT, "wrong Content-Length"),
        (CHUNKED + b"5\r\nhel", Ending.SILENT, "hangs"),
        (b"", Ending.RESET, "reset before the whole response"),
        (OK[:20], Ending.RESET, "reset before the whole response"),
        (OK[:-1], Ending.RESET, "reset before the whole response"),
        (CHUNKED + b"5\r\nhel", Ending.RESET, "reset before the whole response"),
    ],
)
def test_wrong_ending(data: bytes, ending: Ending, kind: str) -> None:
    assert flaw_in(data, ending=ending).kind == kind


def test_close_does_not_frame_what_was_reset() -> None:
    flaw = flaw_in(b"HTTP/1.1 200 OK\r\n\r\nhalf", ending=Ending.RESET, close_delimited=True)
    assert flaw.kind == "reset before the whole response"


def test_head_without_end() -> None:
    assert flaw_in(b"HTTP/1.1 200 " + b"x" * 300_000, cut=65_536).kind == "endless line"


# The client, against servers that are right


def test_three_deliveries() -> None:
    received: list[list[bytes]] = []

    def behave(connection: socket.socket) -> None:
        received.append([])
        while b"\r\n\r\n" not in b"".join(received[-1]):
            received[-1].append(connection.recv(4096))
        connection.sendall(response())
        say_goodbye(connection)

    with serving(behave) as running:
        answer = Server(running).ask(GET).expect(status=200, body=b"hello")
    assert len(answer.deliveries) == 3
    assert [b"".join(parts) for parts in received] == [GET, GET, GET + BEHIND]
    assert [len(parts) == 1 for parts in received] == [True, False, True]


def test_without_bytes_behind() -> None:
    with serving(answering(response())) as running:
        assert len(Server(running).ask(GET, behind=False).deliveries) == 2


def test_long_request_drips_at_its_ends() -> None:
    sizes: list[int] = []
    request = GET[:-2] + b"X: " + b"x" * 200_000 + b"\r\n\r\n"

    def behave(connection: socket.socket) -> None:
        came = b""
        while not came.endswith(b"\r\n\r\n"):
            came += (part := connection.recv(65536))
            sizes.append(len(part))
        connection.sendall(came)

    with serving(behave) as running, Server(running).connect() as wire:
        started = time.monotonic()
        wire.send(request, drip=True)
        wire.expect_bytes(request)
    assert sizes[0] < 512
    assert len(sizes) > 200_000 / 65536 + 2
    assert time.monotonic() - started < 3


def test_request_costs_milliseconds() -> None:
    with serving(answering(response())) as running:
        server = Server(running)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            server.ask(GET)
            times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.03


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_unread_bytes_are_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        with client, unread_at_peer(client) as unread:
            assert unread() == 0
            client.send(b"abc")
            assert unread() == 3
            connection, _ = listener.accept()
            with connection:
                assert unread() == 3
                connection.recv(1)
                assert unread() == 2
                connection.recv(2)
                assert unread() == 0
        assert unread() is None


def test_delivery_where_nobody_tells_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    known = contextlib.nullcontext(lambda: None)
    monkeypatch.setattr("course.connection.unread_at_peer", lambda connection: known)
    with serving(answering(response())) as running:
        Server(running).ask(GET).expect(status=200)


def test_answer() -> None:
    more = "Content-Type: application/json\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
    body = '{"wörld": [1, true, null]}'.encode()
    with serving(answering(response(body, status="201 Created", more=more))) as running:
        answer = Server(running).ask(GET)
    answer.expect(
        status=(200, 201),
        fields={
            "content-type": re.compile("application/.*"),
            "SET-COOKIE": ["a=1", "b=2"],
            "Content-Length": str(len(body)),
            "Location": None,
        },
        body=body,
        json={"wörld": [1, True, None]},
        contains=["wörld", b"null"],
        lacks="false",
    )
    answer.expect(fields={"Set-Cookie": "a=1, b=2"}, contains="wörld", lacks=[b"\0", "x"])
    assert answer.json() == {"wörld": [1, True, None]}
    assert (answer.status, answer.reason, answer.body) == (201, "Created", body)
    assert answer.fields.get("CONTENT-type") == "application/json"
    assert answer.raw.startswith(b"HTTP/1.1 201 Created\r\n")


def test_head_request() -> None:
    with serving(answering(response(b"")[:-4] + b"\r\n\r\n")) as running:
        Server(running).ask(GET.replace(b"GET", b"HEAD")).expect(status=200, body=b"")


def test_end_of_the_connection_may_be_allowed_to_frame() -> None:
    with serving(answering(b"HTTP/1.1 200 OK\r\n\r\nall of it")) as running:
        answer = Server(running).ask(GET, behind=False, close_delimited=True)
        answer.expect(body="all of it")


def test_early_answer_while_we_still_send() -> None:
    """The server answers after a few bytes and resets what we still send: that is its right."""

    def behave(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(response(status="413 Content Too Large"))
        threading.Event().wait(0.05)
        break_off(connection)

    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000
    with serving(behave) as running:
        Server(running).ask(request, behind=False).expect(status=413)


def keeps_alive(connection: socket.socket) -> None:
    """A server that answers request after request."""
    came = b""
    while True:
        while b"\r\n\r\n" not in came:
            if not (part := connection.recv(4096)):
                return
            came += part
        request, _, came = came.partition(b"\r\n\r\n")
        body = request.split(b" ")[1]
        connection.sendall(response(body).replace(b"Connection: close\r\n", b""))


def test_connection_that_is_kept() -> None:
    with serving(keeps_alive) as running:
        server = Server(running)
        started = time.monotonic()
        server.ask(GET).expect(body=b"/")
        assert time.monotonic() - started < 0.6
        with server.connect() as wire:
            wire.send(GET + GET.replace(b"/ ", b"/2 "), drip=True)
            wire.read_response().expect(body=b"/")
            wire.read_response().expect(body=b"/2")
            wire.send(BEHIND)
            assert wire.read_response().body == b"/behind"


def test_conversation() -> None:
    def echo(connection: socket.socket) -> None:
        while part := connection.recv(262_144):
            connection.sendall(part)

    with serving(echo) as running, Server(running).connect() as wire:
        wire.send(b"one")
        wire.expect_bytes(b"one")
        wire.send(b"two", drip=True)
        assert wire.read_exactly(2) == b"tw"
        wire.send(b"x" * 30_000_000)
        wire.expect_bytes(b"o" + b"x" * 30_000_000)
        wire.send(b"rest")
        wire.close_sending()
        assert wire.read_all() == b"rest"
        wire.expect_closed()


def test_reset_by_the_client() -> None:
    seen: list[str] = []
    done = threading.Event()

    def behave(connection: socket.socket) -> None:
        try:
            connection.recv(10)
        except ConnectionError as error:
            seen.append(type(error).__name__)
        done.set()

    with serving(behave) as running, Server(running).connect() as wire:
        wire.reset()
        assert done.wait(5)
    assert seen == ["ConnectionResetError"]


# The client, against servers that are wrong


def kind_of(behave: Behaviour, check: Callable[[Server], object], deadline: float = 0.4) -> str:
    """What kind of flaw the check finds, within its deadline."""
    started = time.monotonic()
    with serving(behave) as running, pytest.raises(CheckFailure) as caught:
        check(Server(running, Replay("02"), deadline=deadline))
    assert time.monotonic() - started < 10
    assert str(caught.value), "there is a report"
    return caught.value.xray.flaw.kind


def ask(server: Server) -> object:
    return server.ask(GET)


def answers_all_that_came(connection: socket.socket) -> None:
    """A server that says `Connection: close` and then answers the next request, too."""
    for _ in range(read_head(connection).count(b"\r\n\r\n")):
        connection.sendall(response())
    say_goodbye(connection)


def expecting(**expected: Any) -> Callable[[Server], object]:
    return lambda server: server.ask(GET).expect(**expected)


ODD = response(b'{"a": "b"}', status="404 Not Found", more="Alow: GET\r\nX: y\r\nX: z\r\n")


@pytest.mark.parametrize(
    ("kind", "behave", "check"),
    [
        ("closed before answering", answering(), ask),
        ("closed too early", answering(OK[:30]), ask),
        ("closed too early", answering(CHUNKED, b"5\r\nhello\r\n"), ask),
        ("wrong Content-Length", answering(OK[:-1]), ask),
        ("wrong Content-Length", answering(OK[:-1], then=wait), ask),
        ("wrong Content-Length", answering(OK + b"!"), ask),
        ("wrong Content-Length", answering(response() + b"\n"), ask),
        ("bytes after the end", answering(b"HTTP/1.1 204 No Content\r\n\r\n", b"x"), ask),
        ("bytes after the end", answering(CHUNKED, b"0\r\n\r\n\r\n"), ask),
        ("bytes after the end", answering(OK, OK), ask),
        ("bytes after the end", answering(response(), response()), ask),
        ("bytes after the end", answers_all_that_came, ask),
        ("hangs", wait, ask),
        ("hangs", answering(OK[:20], then=wait), ask),
        ("hangs", answering(CHUNKED, b"5\r\nhe", then=wait), ask),
        ("reset before the whole response", answering(then=break_off), ask),
        ("reset before the whole response", answering(OK[:20], then=break_off), ask),
        ("not closed", answering(response(), then=wait), ask),
        ("no framing", answering(b"HTTP/1.1 200 OK\r\n\r\nhello"), ask),
        ("no framing", answering(b"HTTP/1.1 200 OK\r\n\r\nhello", then=wait), ask),
        ("bare LF", answering(OK.replace(b"\r\n", b"\n")), ask),
        ("not HTTP", answering(b"hello"), ask),
        ("wrong status", answering(ODD), expecting(status=200)),
        ("wrong status", answering(ODD), expecting(status=(200, 204))),
        ("misspelt field", answering(ODD), expecting(fields={"Allow": "GET"})),
        ("missing field", answering(ODD), expecting(fields={"Location": "/"})),
        ("missing field", answering(ODD), expecting(fields={"X": ["y", "z", "a"]})),
        ("repeated field", answering(ODD), expecting(fields={"X": "y"})),
        ("unexpected field", answering(ODD), expecting(fields={"X": None})),
        ("wrong field value", answering(ODD), expecting(fields={"X": "y, a"})),
        ("wrong field value", answering(ODD), expecting(fields={"X": ["y", "zz"]})),
        ("wrong field value", answering(ODD), expecting(fields={"X": re.compile("y")})),
        ("wrong body", answering(ODD), expecting(body=b'{"a": "b"}\n')),
        ("wrong body", answering(ODD), expecting(body=b"")),
        ("wrong JSON", answering(ODD), expecting(json={"a": "c"})),
        ("wrong JSON", answering(response(b"1")), expecting(json=True)),
        ("not JSON", answering(response(b"{'a': 1}")), expecting(json={"a": 1})),
        ("wrong JSON", answering(ODD), expecting(json={"a": "b", "c": 1})),
        ("wrong JSON", answering(ODD), expecting(json={})),
        ("wrong JSON", answering(response(b"[1]")), expecting(json=[1, 2])),
        ("not JSON", answering(response(b"[NaN]")), expecting(json=[1])),
        ("not JSON", answering(response("[]".encode("utf-16"))), expecting(json=[])),
        ("not JSON", answering(response(b"\xff")), lambda server: server.ask(GET).json()),
        ("missing text", answering(ODD), expecting(contains=["a", "c"])),
        ("unwanted text", answering(ODD), expecting(lacks=["c", "b"])),
    ],
)
def test_kind_is_found(kind: str, behave: Behaviour, check: Callable[[Server], object]) -> None:
    assert kind_of(behave, check) == kind


def raw(talk: Callable[[Wire], object]) -> Callable[[Server], object]:
    def check(server: Server) -> None:
        with server.connect() as wire:
            wire.send(GET)
            talk(wire)

    return check


@pytest.mark.parametrize(
    ("kind", "behave", "talk"),
    [
        ("wrong bytes", answering(b"abd"), lambda wire: wire.expect_bytes(b"abc")),
        ("wrong bytes", answering(b"x", then=wait), lambda wire: wire.expect_bytes(b"abc")),
        ("closed too early", answering(b"ab"), lambda wire: wire.expect_bytes(b"abc")),
        ("hangs", answering(b"ab", then=wait), lambda wire: wire.expect_bytes(b"abc")),
        ("closed too early", answering(b"ab"), lambda wire: wire.read_exactly(3)),
        ("hangs", answering(b"ab", then=wait), lambda wire: wire.read_exactly(3)),
        ("reset", answering(then=break_off), lambda wire: wire.read_exactly(3)),
        ("hangs", answering(b"ab", then=wait), lambda wire: wire.read_all()),
        ("reset", answering(then=break_off), lambda wire: wire.read_all()),
        ("too many bytes", answering(b"a"), lambda wire: wire.expect_closed()),
        ("not closed", wait, lambda wire: wire.expect_closed()),
        ("hangs", wait, lambda wire: wire.read_response()),
    ],
)
def test_kind_is_found_on_a_raw_connection(
    kind: str, behave: Behaviour, talk: Callable[[Wire], object]
) -> None:
    assert kind_of(behave, raw(talk)) == kind


def test_server_that_reads_nothing() -> None:
    def behave(connection: socket.socket) -> None:
        threading.Event().wait(2)

    assert kind_of(behave, lambda server: server.ask(GET + b"x" * 50_000_000)) == "hangs"


def test_drip_alone_goes_wrong() -> None:
    """The mistake of the field: one recv is taken for a whole request."""

    def one_recv(connection: socket.socket) -> None:
        right = connection.recv(4096).endswith(b"\r\n\r\n")
        connection.sendall(response(status="200 OK" if right else "400 Bad Request"))
        say_goodbye(connection)

    for _ in range(20):
        with serving(one_recv) as running, pytest.raises(CheckFailure, match="byte by byte"):
            Server(running).ask(GET).expect(status=200)


# Reports


def test_visible_lines() -> None:
    assert visible(b"a\r\nb\tc\n\0\x1b\\", "utf-8") == ["a␍␊", "b\\tc␊", "\\x00\\x1b\\\\"]
    assert visible("é€😀\u0301\u202e".encode(), "utf-8") == ["é€😀\\xcc\\x81\\xe2\\x80\\xae"]
    assert visible(b"\xff\xe2\x82", "utf-8") == ["\\xff\\xe2\\x82"]
    assert visible(b"", "utf-8") == []


def test_bytes_that_are_no_text_are_all_shown_as_bytes() -> None:
    """Even those that happen to be a character; a text may lack a part of its last one."""
    assert visible(b"\xc9\xef\xb0\xb7!", "utf-8") == [r"\xc9\xef\xb0\xb7!"]
    assert visible("é€".encode()[:-1], "utf-8") == [r"é\xe2\x82"]
    assert visible("é€".encode()[1:], "utf-8") == [r"\xa9€"]


def test_noise_is_short() -> None:
    """Nobody reads 300,000 random bytes."""
    sent = Sent(b"POST / HTTP/1.1\r\n" + bytes(range(256)) * 1000)
    lines = XRay(Flaw("x", "x"), (sent,)).lines("utf-8")
    assert len(lines) < 12
    assert any("bytes …" in line.text for line in lines)


def test_replay_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each time that something was sent; a long one is no use."""
    monkeypatch.setattr(replay, "QUOTE", "'")
    [line] = Replay("01").lines(b"h", b"\xc3")
    assert line == r"python -m course send 01 'h' '\xc3'"
    assert Replay("01").lines(bytes(200)) == ("(200 bytes were sent: too many for a command line)",)
    assert Replay("01").lines() == Replay("01").lines(b"") == ()


def test_a_line_is_cut_where_it_is_seen_to_end() -> None:
    """What switches colours takes no column, is never cut in two, and is off behind the cut."""
    coloured = "version=\x1b[33m'HTTP/1.1'\x1b[39;49;00m, fields=\x1b[90mnone\x1b[39;49;00m"
    seen = "version='HTTP/1.1', fields=none"
    for columns in range(len(seen)):
        shown = cut(coloured, columns)
        assert re.sub(r"\x1b\[[\d;]*m", "", shown) == f"{seen[:columns]} ..."
        assert "\x1b" not in shown or shown.endswith("\x1b[0m ...")
    assert cut(coloured, len(seen)) == coloured
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc ..."


def test_visible_where_the_signs_are_missing() -> None:
    assert visible("é\r\n".encode(), "ascii") == ["\\xc3\\xa9\\r\\n"]
    assert visible("é\r\n".encode(), "cp1252") == ["é\\r\\n"]
    assert visible("é\r\n".encode(), "no such encoding") == ["\\xc3\\xa9\\r\\n"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_report_in_every_encoding(encoding: str) -> None:
    behave = answering(response("é…—␊\r\n".encode()))
    with serving(behave) as running, pytest.raises(CheckFailure) as caught:
        Server(running).ask(GET).expect(body="é…—x")
    report = caught.value.report(encoding=encoding)
    report.encode(encoding)
    assert ("␍␊" if encoding == "utf-8" else "HTTP/1.1 200 OK\\r\\n") in report


def test_colours() -> None:
    with serving(answering(response())) as running, pytest.raises(CheckFailure) as caught:
        Server(running).ask(GET).expect(status=404)
    coloured = caught.value.report(colour=True)
    assert "\033[1;31m" in coloured
    assert re.sub(r"\033\[[\d;]*m", "", coloured) == str(caught.value)


def test_compare() -> None:
    assert compare(b"same", b"same") == []
    assert compare("naïve\r\nyes", "naïve\nyes") == [
        "expected",
        "    naïve␍␊",
        "         ^",
        "    yes",
        "received",
        "    naïve␊",
        "         ^ expected ␍ here",
        "    yes",
    ]
    assert compare("Grüße", "Gräße")[-1] == "      ^ expected ü here"
    assert compare("€", "₭")[-1] == "    ^ expected € here"
    assert compare(b"\xbc", b"\xa4")[-1] == "    ^^^^ expected \\xbc here"
    assert compare(b"ab", b"abc")[-1].strip() == "^ expected to end here, 1 byte too many"
    assert compare(b"abc", b"ab")[-1].strip() == "^ ends here, expected c"
    assert compare(b"", b"a")[-1].strip() == "^ expected to end here, 1 byte too many"
    assert compare(b"a b", b"ab")[-1].strip() == "^ expected a space here"
    assert compare(b"a", "a") == ["expected bytes, received str: the same characters"]


@pytest.mark.parametrize("at", [0, 1, 77, 5_000, 123_456, 199_998, 199_999])
@pytest.mark.parametrize("line", [1_000_000, 1_000, 40])
def test_caret_is_under_the_byte_however_long_the_data_is(at: int, line: int) -> None:
    data = bytearray(b"." * 200_000)
    data[line - 1 :: line] = b"\n" * len(data[line - 1 :: line])
    wrong = bytes(data[:at]) + b"X" + bytes(data[at + 1 :])
    lines = compare(bytes(data), wrong)
    caret = next(n for n, text in enumerate(lines) if "^ expected" in text or "here ^" in text)
    assert lines[caret - 1][lines[caret].index("^")] == "X"
    assert len(lines) < 60
    assert all(len(text) < 130 for text in lines)


def test_caret_under_wide_characters() -> None:
    lines = compare("日本語 x".encode(), "日本語 y".encode())
    assert lines[-1].index("^") == len("    ") + 2 * 3 + 1


NASTY = b"GET /it's?\"$HOME`x`!%PATH%\\ HTTP/1.1\r\nHost: \xff\t\0\r\n\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_replay_survives_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "QUOTE", "'")
    line = Replay("02", mine=True).lines(NASTY, drip=True)[0]
    words = shlex.split(line)
    assert words[1:-1] == ["-m", "course", "send", "02", "--mine", "--drip"]
    shown = subprocess.run(["sh", "-c", f"printf %s {line.partition('--drip ')[2]}"], **CAPTURED)
    assert shown.stdout.decode() == words[-1]
    assert unescaped(words[-1]) == NASTY


def test_replay_of_what_looks_like_an_option() -> None:
    text = escaped(b"--help")[1:-1]
    assert text == "\\x2d-help"
    assert unescaped(text) == b"--help"


def test_replay_in_double_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "QUOTE", '"')
    text = escaped(NASTY)
    assert not set(text[1:-1]) & set('"%$`!')
    assert unescaped(text[1:-1]) == NASTY


CAPTURED: dict[str, Any] = {"capture_output": True, "check": True}


def unescaped(text: str) -> bytes:
    """What `course send` makes of it."""
    from course.commands import send

    return send.unescaped(text)


def test_replay_of_other_servers() -> None:
    assert Replay("01", script="hello").lines(b"x")[0].split()[3:-1] == [
        "send",
        "01",
        "--script",
        "hello",
    ]
    assert Replay(url="http://a:1").lines(b"x")[0].split()[3:-1] == ["send", "http://a:1"]
    start, send = Replay(command="node x.js {port}").lines(b"x")
    assert start.startswith("node x.js 8080 ")
    assert send.split()[3:-1] == ["send", "127.0.0.1:8080"]
    assert Replay("02").lines(b"") == ()
    options = ("--read-timeout", "0.2")
    assert Replay("02", options=options).lines(b"x")[1] == (
        "(here the server ran with --read-timeout 0.2)"
    )
    assert "9,000 bytes" in Replay("02").lines(b"x" * 9000)[0]
