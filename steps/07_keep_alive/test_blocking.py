"""A connection on a socket that lets us wait: for threads, processes, and one at a time."""

import contextlib
import socket
import threading
from types import SimpleNamespace

import pytest

import blocking as module
from blocking import attend
from generated import GeneratedResponse
from limits import Limits
from listening import listen
from persistence import CONTINUE
from request import Request
from response import Response

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
CLOSE = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def hello(request: Request) -> Response:
    """A handler with a short answer."""
    return Response.text("<hello>")


class Place:
    """A thread that serves one connection, and the client at its other end, which has sent this."""

    def __init__(self, handler=hello, crowded=lambda: False, sent=b"", **limits) -> None:
        times = {"read_timeout": SECONDS, "body_timeout": SECONDS, "idle_timeout": SECONDS}
        self.stop = SimpleNamespace(requested=False)
        self.listener = listen("127.0.0.1", 0)
        service = SimpleNamespace(
            handler=handler,
            limits=Limits(**(times | limits)),
            stop=self.stop,
            listener=self.listener,
        )
        ours, self.client = socket.socketpair()
        self.client.settimeout(SECONDS)
        self.client.sendall(sent)  # before anybody's time runs
        self.thread = threading.Thread(target=attend, args=(ours, service, crowded), daemon=True)
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

    def close(self) -> None:
        """The client leaves, and the thread ends."""
        self.client.close()
        self.listener.close()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive(), "nobody is there any more, and it still waits"


@pytest.fixture
def place(monkeypatch):
    """Makes such places."""
    monkeypatch.setattr(module, "LAST_CALL_SECONDS", 0.02)
    places: list[Place] = []

    def make(*arguments, **named) -> Place:
        places.append(Place(*arguments, **named))
        return places[-1]

    yield make
    for one in places:
        one.close()


def test_one_request_after_the_other(place):
    """The connection is kept, and each request is answered."""
    one = place()
    for _ in range(3):
        one.client.sendall(GET)
        one.hears(b"<hello>")
    one.client.sendall(CLOSE)
    assert b"\r\nConnection: close\r\n" in one.hears(b"<hello>")
    assert one.is_let_go() == b""


def test_pipelined(place):
    """All that came at once is answered, without waiting for more bytes."""
    one = place()
    one.client.sendall(GET * 3)
    came = b""
    while came.count(b"<hello>") < 3:
        came += one.hears(b"<hello>")
    one.client.sendall(CLOSE)
    one.hears(b"<hello>")


def test_100_continue(place):
    """The interim answer is sent while the body is waited for."""
    one = place(lambda request: Response(200, request.body))
    lines = b"Host: a\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n"
    one.client.sendall(b"POST / HTTP/1.1\r\n" + lines)
    assert one.hears(CONTINUE) == CONTINUE
    one.client.sendall(b"<hello>")
    one.hears(b"<hello>")


def test_idle(place):
    """Who has been answered and says no more is let go without a word."""
    one = place(idle_timeout=0.05)
    one.client.sendall(GET)
    one.hears(b"<hello>")
    assert one.is_let_go() == b""


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (GET[:10], "read_timeout"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", "body_timeout"),
    ],
    ids=["head", "body"],
)
def test_half_a_request(place, sent, limit):
    """Who begins, and does not go on, is told 408: within its head, and within its body."""
    one = place(sent=sent, **{limit: 0.05})
    assert one.is_let_go().startswith(b"HTTP/1.1 408 ")


def test_others_wait(place):
    """Who is idle gives its place to others that wait; who was never answered keeps it."""
    one = place(crowded=lambda: True, read_timeout=60, idle_timeout=60)
    one.client.settimeout(0.05)
    with pytest.raises(TimeoutError):
        one.client.recv(1)
    one.client.settimeout(SECONDS)
    one.client.sendall(GET)
    assert b"\r\nConnection: close\r\n" in one.hears(b"<hello>")
    crowd = [False]
    two = place(crowded=lambda: crowd[0], idle_timeout=60)
    two.client.sendall(GET)
    assert b"\r\nConnection: close\r\n" not in two.hears(b"<hello>")
    crowd[0] = True
    assert two.is_let_go() == b""


def test_others_wait_in_the_kernels_queue(place):
    """Where there is no queue of ours, those in the kernel's count."""
    one = place(crowded=None, idle_timeout=60)
    one.client.sendall(GET)
    assert b"\r\nConnection: close\r\n" not in one.hears(b"<hello>")
    with socket.create_connection(one.listener.getsockname()):
        assert one.is_let_go() == b""


def test_order_to_stop(place):
    """Who is idle when the order comes is let go soon, also who has never said anything."""
    silent, idle = place(read_timeout=60), place(idle_timeout=60)
    idle.client.sendall(GET)
    idle.hears(b"<hello>")
    for one in (silent, idle):
        one.stop.requested = True
        assert one.is_let_go() == b""


def test_slow_reader(place):
    """Who takes nothing of its answer is given up, and what the answer has open is closed."""
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield bytes(65536)
        finally:
            closed.set()

    one = place(lambda request: GeneratedResponse(source=endless()), write_timeout=0.05)
    one.client.sendall(GET)
    assert closed.wait(SECONDS), "it is still waiting for a client that takes nothing"


def test_answer_that_fails(place, capsys):
    """The connection ends, without a last chunk; the log says why."""

    def source():
        yield b"one"
        raise SystemExit("of a handler")

    one = place(lambda request: GeneratedResponse(source=source()))
    one.client.sendall(GET)
    assert one.is_let_go().endswith(b"\r\n\r\n3\r\none\r\n")
    one.thread.join(SECONDS)
    assert "of a handler" in capsys.readouterr().err


def test_error_reaches_the_client(place):
    """The answer to a request that is refused arrives, though more of it is still coming.

    A socket that is closed with bytes unread makes a reset, which can destroy the answer on its
    way (RFC 9112, section 9.6).
    """
    one = place()
    one.client.sendall(b"nonsense\r\n" + 200_000 * b"x")
    assert one.is_let_go().startswith(b"HTTP/1.1 400 ")
    one.client.sendall(100_000 * b"x")
