"""A connection of the event loop: what it waits for, and what is done when that comes.

How it sends what the kernel takes is as it was in step 06, and is checked again in short.
"""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from connection import Connection, State
from generated import GeneratedResponse
from limits import Limits
from patience import LEAST_BYTES_PER_SECOND
from peer import TURN_BYTES, Peer
from persistence import CONTINUE
from request import Request
from response import Response

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
CLOSE = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
EXPECT = (
    b"POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
)

LIMITS = Limits(read_timeout=5.0, body_timeout=6.0, idle_timeout=7.0, write_timeout=8.0)

NEVER = float("inf")

FULL = 0
"""A kernel that takes nothing now."""

NOTHING = None
"""Nothing has come: an error for who asks all the same."""


class Kernel:
    """A socket that never waits: what a client sends, and how many bytes each `send` takes."""

    def __init__(self, *sent: bytes | None, sizes: list[int] | None = None) -> None:
        self.sent, self.sizes, self.taken, self.calls = list(sent), sizes or [], b"", 0
        self.ended = self.closed = False

    def setblocking(self, flag: bool) -> None:
        """It does not wait, whatever it is told."""
        assert not flag, "a socket of an event loop must not wait"

    def recv(self, count: int) -> bytes:
        """What comes next; b"" for the client's end."""
        data = self.sent.pop(0) if self.sent else NOTHING
        if data is NOTHING:
            raise BlockingIOError
        return data

    def send(self, data: bytes) -> int:
        """Take the beginning of it."""
        self.calls += 1
        assert self.calls < 10_000, "send is called again and again"
        size = self.sizes.pop(0) if self.sizes else len(data)
        if size == FULL:
            raise BlockingIOError
        part = bytes(data[:size])
        self.taken += part
        return len(part)

    def shutdown(self, how: int) -> None:
        """The last byte was sent."""
        assert how == socket.SHUT_WR
        self.ended = True

    def close(self) -> None:
        """That was all."""
        self.closed = True


def hello(request: Request) -> Response:
    """A handler with a short answer."""
    return Response.text(f"<{request.body.decode() or 'hello'}>")


def peer_on(kernel: Kernel, handler: Callable[[Request], Response] = hello) -> Peer:
    """A peer, at the time 0."""
    return Peer(kernel, Connection(handler, "-", LIMITS), now=0.0)


def work(peer: Peer, now: float = 0.0) -> None:
    """Do the job that the peer has for a handler's thread, and bring the result."""
    assert peer.job
    result: Future = Future()
    try:
        result.set_result(peer.job())
    except BaseException as error:
        result.set_exception(error)
    peer.take(result, now)


def go(peer: Peer, turns: int = 1) -> None:
    """Let it proceed, and do whatever job it has."""
    for _ in range(turns):
        if peer.waits_for:
            peer.proceed(0.0)
        while peer.job:
            work(peer)


def test_waits_to_read_at_first():
    """It waits for a request, and for nothing else: one can write to a socket at any time."""
    peer = peer_on(Kernel())
    assert peer.waits_for == EVENT_READ
    assert peer.is_idle


def test_one_request_after_the_other():
    """Request, job, answer; then it waits for the next request, on the same connection."""
    kernel = Kernel(GET, GET, CLOSE)
    peer = peer_on(kernel)
    for count in (1, 2):
        peer.proceed(0.0)
        assert peer.waits_for == 0, "the handler is at work: nothing else may happen"
        assert peer.deadline == NEVER
        work(peer)
        assert kernel.taken.count(b"<hello>") == count
        assert peer.waits_for == EVENT_READ
        assert peer.is_idle
        assert not kernel.ended
    go(peer)
    assert kernel.taken.count(b"<hello>") == 3
    assert kernel.ended, "after the last answer our side is ended"
    assert peer.connection.state is State.LINGERING


def test_pipelined():
    """Each request that came at once is a job of its own; their answers come in order."""
    kernel = Kernel(GET * 2 + CLOSE)
    peer = peer_on(kernel)
    peer.proceed(0.0)
    for count in (1, 2, 3):
        work(peer)
        assert kernel.taken.count(b"<hello>") == count
    assert peer.job is None
    assert kernel.ended


def test_byte_by_byte():
    """It goes on where it stopped."""
    kernel = Kernel(*(bytes([byte]) for byte in GET))
    peer = peer_on(kernel)
    for _ in GET:
        assert peer.job is None
        peer.proceed(0.0)
    assert peer.job


def test_false_alarm():
    """To be called although nothing has come is no error."""
    peer = peer_on(Kernel())
    peer.proceed(1.0)
    assert not peer.is_done


def test_100_continue():
    """The interim answer is sent at once, and what the kernel does not take of it later."""
    kernel = Kernel(EXPECT, b"hi", sizes=[5, FULL])
    peer = peer_on(kernel)
    peer.proceed(0.0)
    assert kernel.taken == CONTINUE[:5]
    assert peer.waits_for == EVENT_WRITE
    peer.proceed(0.0)
    assert kernel.taken == CONTINUE
    assert peer.waits_for == EVENT_READ
    go(peer)
    assert kernel.taken.endswith(b"<hi>")


@pytest.mark.parametrize("size", [1, 3, 100])
def test_what_the_kernel_takes(size):
    """A kernel may take any part of what it is given; every byte is sent, once, in order."""
    whole, part = Kernel(CLOSE), Kernel(CLOSE, sizes=[size, FULL] * 500)
    for kernel in (whole, part):
        peer = peer_on(kernel)
        go(peer)
        while peer.connection.state is State.ANSWERING:
            assert not kernel.ended
            assert peer.waits_for == EVENT_WRITE
            go(peer)
    assert [line for line in part.taken.split(b"\r\n") if b"Date" not in line] == [
        line for line in whole.taken.split(b"\r\n") if b"Date" not in line
    ]


def test_others_have_their_turn():
    """A client that takes everything gets TURN_BYTES, and then it is the others' turn."""
    kernel = Kernel(GET)
    peer = peer_on(kernel, lambda request: Response(200, bytes(3 * TURN_BYTES)))
    go(peer)
    for turn in (1, 2, 3):
        assert turn * TURN_BYTES <= len(kernel.taken) < (turn + 1) * TURN_BYTES
        go(peer)
    assert peer.is_idle


def generated(*pieces: bytes, closed: list[int] | None = None, error: Exception | None = None):
    """A handler with a generated answer."""

    def source():
        try:
            yield from pieces
            if error:
                raise error
        finally:
            if closed is not None:
                closed.append(1)

    return lambda request: GeneratedResponse(source=source())


def test_each_generated_piece_is_a_job():
    """What a handler makes while it is sent may take its time: no piece is made in the loop."""
    kernel = Kernel(GET + GET)
    peer = peer_on(kernel, generated(b"one", b"two"))
    peer.proceed(0.0)
    jobs = 0
    while peer.job:
        assert peer.waits_for == 0
        work(peer)
        jobs += 1
    assert jobs >= 2 * 4, "answer, head, each piece, last chunk"
    assert kernel.taken.count(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n") == 2
    assert peer.is_idle


def test_generated_answer_that_fails(capsys):
    """It ends its connection, without a last chunk, and closes its source; the log says why."""
    closed: list[int] = []
    kernel = Kernel(GET)
    peer = peer_on(kernel, generated(b"one", closed=closed, error=OSError("the disk")))
    peer.proceed(0.0)
    while peer.job:
        work(peer)
    assert peer.is_done
    peer.close()
    assert kernel.taken.endswith(b"3\r\none\r\n")
    assert closed == [1]
    assert "the disk" in capsys.readouterr().err


def test_client_that_leaves_in_the_middle_of_an_answer():
    """What the answer has open is closed with the connection."""
    closed: list[int] = []
    kernel = Kernel(GET, sizes=[10, FULL])
    peer = peer_on(kernel, generated(b"one", b"two", closed=closed))
    peer.proceed(0.0)
    while peer.job:
        work(peer)
    assert peer.waits_for == EVENT_WRITE
    peer.expire(100.0)
    assert peer.is_done
    peer.close()
    assert closed == [1]
    assert kernel.closed


@pytest.mark.parametrize("error", [BrokenPipeError, ConnectionResetError])
def test_client_that_has_gone(error, capsys):
    """A client that has gone ends its connection, and is no error of ours."""

    class Gone(Kernel):
        def send(self, data: bytes) -> int:
            raise error

    peer = peer_on(Gone(GET))
    go(peer)
    assert peer.is_done
    assert capsys.readouterr().err == ""


def test_client_that_ends_its_side():
    """Between requests that is the end; within one it is answered."""
    peer = peer_on(Kernel(b""))
    peer.proceed(0.0)
    assert peer.is_done
    kernel = Kernel(GET[:10], b"")
    peer = peer_on(kernel)
    go(peer, 2)
    assert kernel.taken.startswith(b"HTTP/1.1 400 ")
    assert kernel.ended


def test_deadlines():
    """Each state has its own; who waits for a handler has none."""
    kernel = Kernel(GET[:10], GET[10:], sizes=[FULL])
    peer = peer_on(kernel)
    assert peer.deadline == 5.0
    peer.proceed(2.0)
    assert peer.deadline == pytest.approx(2.0 + 5.0)
    peer.proceed(3.0)
    assert peer.deadline == NEVER
    work(peer, now=50.0)
    assert peer.deadline == pytest.approx(50.0 + 8.0)
    peer.proceed(51.0)
    assert peer.deadline == pytest.approx(51.0 + 7.0)


def test_patience_of_who_takes_something():
    """Bytes that were taken give time back; time in which nothing is taken is spent."""
    half = LEAST_BYTES_PER_SECOND // 2
    peer = peer_on(
        Kernel(GET, sizes=[FULL, half, FULL]), lambda request: Response(200, bytes(9999))
    )
    go(peer)
    peer.proceed(4.0)
    assert peer.deadline == pytest.approx(8.0 + 0.5)


def test_time_is_up():
    """408 to who has begun a request, and a silent end for who has not, or has been answered."""
    kernel = Kernel(GET[:10])
    peer = peer_on(kernel)
    peer.proceed(0.0)
    peer.expire(6.0)
    work(peer)
    assert kernel.taken.startswith(b"HTTP/1.1 408 ")
    for sent in ([], [GET]):
        kernel = Kernel(*sent)
        peer = peer_on(kernel)
        go(peer, len(sent))
        before = kernel.taken
        peer.expire(100.0)
        assert peer.is_done
        assert kernel.taken == before, "an idle connection is closed without a word"


def test_handler_that_breaks(capsys):
    """An answer that cannot even be begun ends the connection; the log says why."""
    peer = peer_on(Kernel(GET))
    peer.proceed(0.0)
    result: Future = Future()
    result.set_exception(ValueError("broken"))
    peer.take(result, 0.0)
    assert peer.is_done
    assert "broken" in capsys.readouterr().err
