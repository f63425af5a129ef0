"""Exercise 01.5: `send` takes as many bytes as it likes; `send_all` sends them all."""

import contextlib
import itertools
import random
import socket
import threading

import pytest

from send_all import send_all

pytestmark = pytest.mark.exercise("01.5")


class Stingy:
    """A socket whose `send` takes only so many bytes at a time, and answers how many."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = itertools.cycle(sizes)
        self.taken = b""
        self.empty_calls = 0

    def send(self, data: bytes, flags: int = 0) -> int:
        """Take the beginning of the data; answer how many bytes that was."""
        self.empty_calls += not len(data)
        if self.empty_calls == 100:
            raise AssertionError("send was called 100 times with nothing to send")
        part = bytes(memoryview(data)[: next(self.sizes)])
        self.taken += part
        if len(self.taken) > 10_000:
            raise AssertionError("send is called again and again, long after all bytes are sent")
        return len(part)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Not in this exercise."""
        raise AssertionError("sendall is what you write here: use nothing but send")


class Gone:
    """A socket whose client has left after three bytes."""

    calls = 0

    def send(self, data: bytes, flags: int = 0) -> int:
        """Take three bytes the first time, and fail from then on."""
        self.calls += 1
        if self.calls == 1:
            return min(3, len(data))
        if self.calls == 100:
            raise AssertionError("send raised BrokenPipeError and was called 100 times more")
        raise BrokenPipeError


def text(rng: random.Random, count: int) -> bytes:
    """Random letters and digits, easy to look at."""
    return rng.randbytes(count).hex().encode()[:count]


def taken(connection: Stingy, data: bytes) -> bytes:
    """What the socket has taken when `send_all` returns."""
    send_all(connection, data)
    return connection.taken


def test_three_bytes_at_a_time(rng):
    """Where `send` takes three bytes at a time, all bytes are sent: once, and in order."""
    for size in (1, 2, 3, 4, 5, 6, 7, 1000):
        data = text(rng, size)
        sent = taken(Stingy(3), data)
        assert sent == data


def test_as_many_as_it_likes(rng):
    """`send` may take one byte now and all of them next time: its answer is what counts."""
    for _ in range(50):
        sizes = [rng.choice((1, 2, 3, 20, 1000)) for _ in range(5)]
        data = text(rng, 100)
        sent = taken(Stingy(*sizes), data)
        assert sent == data


def test_everything_at_once(rng):
    """Where `send` takes everything at the first call, nothing is sent twice."""
    data = bytes(rng.sample(range(256), 256))
    sent = taken(Stingy(256), data)
    assert sent == data


def test_nothing_to_send():
    """No bytes: it returns, and nothing is sent."""
    sent = taken(Stingy(3), b"")
    assert sent == b""


def test_client_has_left():
    """An error of `send` reaches the caller, who would otherwise take the bytes for sent."""
    with pytest.raises(BrokenPipeError):
        send_all(Gone(), b"more than three bytes")


def test_over_a_real_connection(rng):
    """A mebibyte gets through a real socket while the other side reads it slowly."""
    data, received = rng.randbytes(2**20), bytearray()
    ours, theirs = socket.socketpair()
    reader = threading.Thread(target=read_slowly, args=(theirs, received), daemon=True)
    with ours:
        ours.settimeout(5)
        reader.start()
        send_all(ours, data)
    reader.join(5)
    if len(received) != len(data):
        raise AssertionError(f"{len(received):,} of {len(data):,} bytes got through")
    assert received == data


def read_slowly(connection: socket.socket, received: bytearray) -> None:
    """Read in small pieces until the other side closes."""
    with connection, contextlib.suppress(OSError):
        while chunk := connection.recv(10_000):
            received += chunk
