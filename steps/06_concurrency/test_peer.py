"""A connection of the event loop, and exercise 06.4: as much as the kernel takes."""

import socket
from collections.abc import Iterator
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from exchange import Exchange
from patience import LEAST_BYTES_PER_SECOND, LINGER_SECONDS
from peer import TURN_BYTES, Peer, Stage
from request import Request
from response import Response

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"

FULL = 0
"""A kernel that takes nothing now."""


class Kernel:
    """A socket that never waits: each `send` takes so many bytes, and FULL of them is an error."""

    def __init__(self, *sizes: int, more: int = 2**30) -> None:
        self.sizes, self.more, self.taken, self.calls = list(sizes), more, b"", 0
        self.ended = self.closed = False

    def setblocking(self, flag: bool) -> None:
        """It does not wait, whatever it is told."""
        assert not flag, "a socket of an event loop must not wait"

    def send(self, data: bytes) -> int:
        """Take the beginning of it."""
        self.calls += 1
        assert self.calls < 10_000, "send is called again and again"
        if not data:
            return 0
        size = self.sizes.pop(0) if self.sizes else self.more
        if size == FULL:
            raise BlockingIOError
        part = bytes(data[:size])
        self.taken += part
        return len(part)

    def sendall(self, data: bytes) -> None:
        """It would wait until a slow client has taken everything, and with it all others would."""
        raise AssertionError("sendall does not fit: either it waits, or nobody knows what it sent")

    def shutdown(self, how: int) -> None:
        """The last byte was sent."""
        assert how == socket.SHUT_WR
        self.ended = True

    def close(self) -> None:
        """That was all."""
        self.closed = True


def hello(request: Request) -> Response:
    """A handler with a short answer."""
    return Response.text("hello")


def sending(kernel: Kernel, pieces: Iterator[bytes], seconds: float = 5.0) -> Peer:
    """A peer that has begun to send these pieces, at the time 0."""
    peer = Peer(kernel, Exchange(hello, "-"), 5.0, now=0.0, write_seconds=seconds)
    peer.begin((piece for piece in pieces), now=0.0)
    return peer


def cut(data: bytes, size: int) -> list[bytes]:
    """The data in pieces."""
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.exercise("06.4")
class TestSend:
    """Sending without ever waiting."""

    def test_all_at_once(self):
        """What the kernel takes at once is sent at once; then our side ends, and we linger."""
        kernel = Kernel()
        peer = sending(kernel, [b"head", b"content"])
        assert kernel.taken == b"headcontent"
        assert kernel.ended
        assert peer.stage is Stage.LINGERING

    def test_three_bytes_at_a_time(self, rng):
        """A kernel may take any part of what it is given; every byte is sent, once, in order."""
        data = rng.randbytes(1000)
        for more in (1, 2, 3, 7, 999):
            kernel = Kernel(more=more)
            sending(kernel, cut(data, 100))
            assert kernel.taken == data

    def test_kernel_that_is_full(self, rng):
        """Where the kernel takes no more the rest is kept, and sent when the loop calls again."""
        data = rng.randbytes(100)
        kernel = Kernel(10, FULL, 5, FULL, FULL, 60, FULL)
        peer = sending(kernel, cut(data, 40))
        for count in (10, 15, 15, 40):
            assert kernel.taken == data[:count]
            assert not kernel.ended, "our side ended before all was sent"
            assert peer.stage is Stage.SENDING
            assert peer.waits_for == EVENT_WRITE
            peer.proceed(now=1.0)
        assert kernel.taken == data
        assert kernel.ended

    def test_full_from_the_beginning(self):
        """A kernel that takes nothing at first is no error, and loses nothing."""
        kernel = Kernel(FULL)
        peer = sending(kernel, [b"hello"])
        assert peer.stage is Stage.SENDING
        peer.proceed(now=1.0)
        assert kernel.taken == b"hello"

    def test_any_kernel(self, rng):
        """Whatever the kernel takes when, and however the answer is cut: all of it is sent."""
        for _ in range(50):
            data = rng.randbytes(rng.randint(1, 3000))
            kernel = Kernel(*(rng.choice([FULL, 1, 10, 500, 5000]) for _ in range(20)))
            peer = sending(kernel, cut(data, rng.choice([1, 7, 1000, 5000])))
            while peer.stage is Stage.SENDING:
                peer.proceed(now=0.0)
            assert kernel.taken == data

    def test_empty_piece(self):
        """A piece without a byte is not the end of the answer."""
        kernel = Kernel()
        sending(kernel, [b"", b"head", b"", b"", b"content", b""])
        assert kernel.taken == b"headcontent"
        assert kernel.ended

    def test_others_have_their_turn(self):
        """A client that takes everything gets TURN_BYTES, and then it is the others' turn."""
        data = bytes(3 * TURN_BYTES)
        kernel = Kernel()
        peer = sending(kernel, cut(data, 64 * 1024))
        for turn in (1, 2):
            assert turn * TURN_BYTES <= len(kernel.taken) < (turn + 1) * TURN_BYTES
            assert peer.stage is Stage.SENDING
            peer.proceed(now=1.0)
        assert kernel.taken == data

    def test_no_piece_before_it_is_needed(self):
        """A piece is made when the one before it is sent: a large file is never held whole."""
        made = []
        kernel = Kernel(10, FULL, more=10)
        peer = sending(kernel, (made.append(1) or bytes(10) for _ in range(5)))
        assert len(made) <= 2
        peer.proceed(now=0.0)
        assert kernel.taken == bytes(50)

    def test_patience_of_who_takes_nothing(self):
        """Time in which nothing is taken is spent: the deadline does not move."""
        kernel = Kernel(10, FULL, FULL, FULL)
        peer = sending(kernel, [bytes(100)], seconds=5.0)
        assert peer.deadline == pytest.approx(5, abs=0.1)
        peer.proceed(now=2.0)
        peer.proceed(now=4.0)
        assert peer.deadline == pytest.approx(5, abs=0.1)

    def test_patience_of_who_takes_something(self):
        """Bytes that were taken give time back: 2048 of them two seconds."""
        kernel = Kernel(FULL, LEAST_BYTES_PER_SECOND, LEAST_BYTES_PER_SECOND, FULL)
        peer = sending(kernel, [bytes(2 * LEAST_BYTES_PER_SECOND), b"more"], seconds=5.0)
        peer.proceed(now=4.0)
        assert peer.deadline == pytest.approx(4 + 3)

    def test_time_of_who_takes_nothing_is_up(self):
        """A client that takes nothing is dropped when its time is up, also in the middle."""
        kernel = Kernel(10, FULL)
        peer = sending(kernel, [bytes(100)], seconds=5.0)
        assert peer.deadline < 6
        peer.expire(now=6.0)
        assert peer.stage is Stage.DONE
        assert len(kernel.taken) == 10

    def test_client_that_has_gone(self):
        """A client that has gone while we send ends the connection, and is no error."""

        class Gone(Kernel):
            def send(self, data: bytes) -> int:
                raise BrokenPipeError

        assert sending(Gone(), [b"hello"]).stage is Stage.DONE


@pytest.mark.exercise("06.4")
class TestNextPiece:
    """Getting what comes next."""

    def test_pieces(self):
        """Each piece in its turn is the rest that is to be sent."""
        peer = Peer(Kernel(), Exchange(hello, "-"), 5.0, now=0.0)
        peer.pieces = (piece for piece in [b"one", b"two"])
        assert peer.next_piece()
        assert bytes(peer.rest) == b"one"
        assert peer.next_piece()
        assert bytes(peer.rest) == b"two"

    def test_rest_is_a_view(self):
        """To cut off what the kernel has taken copies nothing: the rest is a memoryview."""
        peer = Peer(Kernel(), Exchange(hello, "-"), 5.0, now=0.0)
        peer.pieces = (piece for piece in [b"one"])
        peer.next_piece()
        assert isinstance(peer.rest, memoryview)

    def test_end(self):
        """After the last one there is none: neither a rest nor pieces."""
        peer = Peer(Kernel(), Exchange(hello, "-"), 5.0, now=0.0)
        peer.pieces = (piece for piece in [b"one"])
        assert peer.next_piece()
        for _ in range(2):
            assert not peer.next_piece()
            assert peer.pieces is None
            assert bytes(peer.rest) == b""


@pytest.fixture
def pair():
    """A peer and the client at the other end of its connection."""
    ours, client = socket.socketpair()
    client.settimeout(5)
    with client:
        peer = Peer(ours, Exchange(hello, "-"), 5.0, now=0.0)
        yield peer, client
        peer.close()


def test_waits_to_read_at_first(pair):
    """It waits for the request, and for nothing else: a socket is ready to be written to always."""
    peer, _ = pair
    assert peer.stage is Stage.RECEIVING
    assert peer.waits_for == EVENT_READ


def test_from_the_request_to_the_end(pair):
    """Request, answer, end of our side, end of the client's: and that was it."""
    peer, client = pair
    client.sendall(GET)
    peer.proceed(now=0.0)
    assert peer.stage is Stage.ANSWERING
    assert peer.waits_for == 0
    peer.begin(peer.exchange.answer(), now=0.0)
    assert peer.waits_for == EVENT_READ
    answer = b""
    while data := client.recv(65536):
        answer += data
    assert answer.endswith(b"\r\n\r\nhello")
    client.shutdown(socket.SHUT_WR)
    peer.proceed(now=0.0)
    assert peer.stage is Stage.DONE


def test_client_that_does_not_leave(pair):
    """After the answer its end is waited for, for a short time (RFC 9112, section 9.6).

    No longer than that, though it goes on sending.
    """
    peer, client = pair
    client.sendall(GET)
    peer.proceed(now=0.0)
    peer.begin(peer.exchange.answer(), now=3.0)
    for moment in (3.0, 3.5):
        assert peer.deadline == pytest.approx(3.0 + LINGER_SECONDS)
        client.sendall(b"more")
        peer.proceed(now=moment)
    assert peer.stage is Stage.LINGERING
    peer.expire(now=5.0)
    assert peer.stage is Stage.DONE


def test_request_byte_by_byte(pair):
    """It goes on where it stopped, byte by byte."""
    peer, client = pair
    for at in range(len(GET)):
        assert peer.stage is Stage.RECEIVING
        client.sendall(GET[at : at + 1])
        peer.proceed(now=0.0)
    assert peer.stage is Stage.ANSWERING


def test_false_alarm(pair):
    """To be called although nothing has come is no error."""
    peer, _ = pair
    peer.proceed(now=1.0)
    assert peer.stage is Stage.RECEIVING


def test_client_that_asks_nothing(pair):
    """A client that closes without a byte gets no answer."""
    peer, client = pair
    client.close()
    peer.proceed(now=0.0)
    assert peer.stage is Stage.DONE


def test_deadline(pair):
    """The time is up when the patience is, and never while the handler is at work."""
    peer, client = pair
    assert peer.deadline == 5.0
    client.sendall(GET[:10])
    peer.proceed(now=2.0)
    assert peer.deadline == pytest.approx(5.0, abs=0.1)
    client.sendall(GET[10:])
    peer.proceed(now=3.0)
    assert peer.deadline == float("inf")


def test_time_is_up(pair):
    """Who has begun a request is told 408; who has said nothing is not."""
    peer, client = pair
    assert peer.is_silent
    client.sendall(GET[:10])
    peer.proceed(now=0.0)
    assert not peer.is_silent
    peer.expire(now=6.0)
    assert client.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_silent_client_is_let_go(pair):
    """A client that never said anything gets no answer, as it asked nothing."""
    peer, client = pair
    peer.expire(now=6.0)
    assert peer.stage is Stage.DONE
    peer.close()
    assert client.recv(65536) == b""


def test_what_the_answer_has_open_is_closed():
    """A connection that ends in the middle of an answer closes what the answer reads from."""
    closed = []

    def pieces():
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    kernel = Kernel(3, FULL)
    peer = Peer(kernel, Exchange(hello, "-"), 5.0, now=0.0)
    peer.begin(pieces(), now=0.0)
    assert not closed
    peer.close()
    assert closed
    assert kernel.closed


@pytest.mark.parametrize("error", [OSError("disk"), SystemExit("of a handler")], ids=repr)
def test_answer_that_breaks_off(error, capsys):
    """An answer that fails half way ends its connection, and no other; the log says why."""

    def pieces():
        yield b"one"
        raise error

    peer = Peer(Kernel(), Exchange(hello, "-"), 5.0, now=0.0)
    peer.begin(pieces(), now=0.0)
    assert peer.stage is Stage.DONE
    assert "Traceback" in capsys.readouterr().err
