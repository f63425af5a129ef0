"""The echo server, and exercise 01.2: every byte comes back, however the bytes are split."""

import random

import pytest

from server import echo

pytestmark = pytest.mark.exercise("01.2")


class Stingy:
    """A connection that brings this data, and whose `send` takes only three bytes."""

    def __init__(self, data: bytes) -> None:
        self.unread = data
        self.taken = b""
        self.calls_after_the_end = 0

    def recv(self, count: int, flags: int = 0) -> bytes:
        """The next bytes; b"" when there are no more."""
        part, self.unread = self.unread[:count], self.unread[count:]
        self.calls_after_the_end += not part
        if self.calls_after_the_end == 100:
            raise AssertionError(
                'recv answered b"" (the client has closed its side) and was called 100 times more'
            )
        return part

    def send(self, data: bytes, flags: int = 0) -> int:
        """Take three bytes."""
        part = bytes(data[:3])
        self.taken += part
        return len(part)

    def sendall(self, data: bytes, flags: int = 0) -> None:
        """Take everything."""
        self.taken += data


def text(rng: random.Random, half: int) -> bytes:
    """Random letters and digits, easy to look at: two for each byte of `half`."""
    return rng.randbytes(half).hex().encode()


def test_bytes_come_back(server, rng):
    """What a client sends comes back."""
    with server.connect() as wire:
        data = b"hello %d" % rng.randrange(10**9)
        wire.send(data)
        wire.expect_bytes(data)


def test_line_end_comes_back(server, rng):
    """The end of a line comes back as well: a server sees no lines, only bytes."""
    with server.connect() as wire:
        line = b"  hello %d \r\n" % rng.randrange(10**9)
        wire.send(line)
        wire.expect_bytes(line)


def test_every_byte_is_kept(server, rng):
    """Every byte comes back as it is: NUL, 0xFF, CR and LF, half a character."""
    with server.connect() as wire:
        for data in (b"\0\xff\r\n\n\r\0", bytes(rng.sample(range(256), 256)), b"h\xc3", b"\xa9\n"):
            wire.send(data)
            wire.expect_bytes(data)


def test_byte_by_byte(server):
    """Bytes that come one by one come back one by one; no line end is waited for."""
    with server.connect() as wire:
        for byte in "h\u00e9 \N{EURO SIGN}\r\n".encode():
            wire.send(bytes([byte]))
            wire.expect_bytes(bytes([byte]))


def test_conversation_goes_on(server, rng):
    """One answer is not the end: the client may speak as often as it likes."""
    with server.connect() as wire:
        for _ in range(20):
            data = text(rng, rng.randrange(1, 100))
            wire.send(data)
            wire.expect_bytes(data)


def test_all_comes_back_after_the_client_closed_its_side(server, rng):
    """A client that has closed its side still gets all its bytes; then the server closes too."""
    with server.connect() as wire:
        data = text(rng, 25_000) + b"no line end"
        wire.send(data)
        wire.close_sending()
        wire.expect_bytes(data)
        wire.expect_closed()


def test_a_mebibyte(server, rng):
    """A mebibyte comes back to a client that reads while it sends."""
    data = text(rng, 2**19)
    with server.connect() as wire:
        wire.send(data)
        wire.expect_bytes(data)


def test_one_client_after_the_other(server, rng):
    """When one client has left, the next one is served, with nothing of the first one's bytes."""
    for _ in range(3):
        data = text(rng, 20)
        with server.connect() as wire:
            wire.send(data)
            wire.close_sending()
            wire.expect_bytes(data)
            wire.expect_closed()


def test_silent_client_gets_nothing(server):
    """A client that closes its side without a word gets no byte: the server closes, too."""
    with server.connect() as wire:
        wire.close_sending()
        wire.expect_closed()


def test_send_may_take_only_a_part(rng):
    """Where `send` takes three bytes at a time, every byte is sent all the same."""
    data = text(rng, 30)
    connection = Stingy(data)
    echo(connection)
    taken = connection.taken
    assert taken == data
