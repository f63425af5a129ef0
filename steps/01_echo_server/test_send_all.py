"""Exercise 01.5: `send` takes as many bytes as it likes; `send_all` sends them all."""

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
        assert self.empty_calls < 100, "send was called 100 times with nothing to send"
        part = bytes(memoryview(data)[: next(self.sizes)])
        self.taken += part
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
        assert self.calls < 100, "send raised BrokenPipeError and was called 100 times more"
        raise BrokenPipeError


def text(rng: random.Random, count: int) -> bytes:
    """Random letters and digits, easy to look at."""
    return rng.randbytes(count).hex().encode()[:count]


def test_three_bytes_at_a_time(rng):
    """Where `send` takes three bytes at a time, all bytes are sent: once, and in order."""
    for size in (1, 2, 3, 4, 5, 6, 7, 1000):
        data, connection = text(rng, size), Stingy(3)
        send_all(connection, data)
        assert connection.taken == data


def test_as_many_as_it_likes(rng):
    """`send` may take one byte now and all of them next time: its answer is what counts."""
    for _ in range(50):
        sizes = [rng.choice((1, 2, 3, 20, 1000)) for _ in range(5)]
        data, connection = text(rng, 100), Stingy(*sizes)
        send_all(connection, data)
        assert connection.taken == data


def test_everything_at_once(rng):
    """Where `send` takes everything at the first call, nothing is sent twice."""
    data, connection = bytes(rng.sample(range(256), 256)), Stingy(256)
    send_all(connection, data)
    assert connection.taken == data


def test_nothing_to_send():
    """No bytes: it returns, and nothing is sent."""
    connection = Stingy(3)
    send_all(connection, b"")
    assert connection.taken == b""


def test_client_has_left():
    """An error of `send` reaches the caller, who would otherwise take the bytes for sent."""
    with pytest.raises(BrokenPipeError):
        send_all(Gone(), b"more than three bytes")


def test_over_a_real_connection(rng):
    """A mebibyte gets through a real socket while the other side reads it slowly."""
    data = rng.randbytes(2**20)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        theirs.settimeout(5)
        sender = threading.Thread(target=send_and_close, args=(ours, data), daemon=True)
        sender.start()
        received = bytearray()
        while chunk := theirs.recv(10_000):
            received += chunk
        sender.join(5)
    assert bytes(received) == data


def send_and_close(connection: socket.socket, data: bytes) -> None:
    """Send it all, then let the other side know that this was all."""
    try:
        send_all(connection, data)
    finally:
        connection.shutdown(socket.SHUT_WR)
