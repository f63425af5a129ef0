"""Exercises 01.3 and 01.4: a message is whole however the stream splits it."""

import contextlib
import random
import reprlib
import socket
import threading
from collections.abc import Callable

import pytest

from stream import recv_exactly, recv_until

HEAD_END = b"\r\n\r\n"

SHORT = reprlib.Repr()
SHORT.maxother = 60
"""Values of so many characters are shown whole."""


class Arrivals:
    """A connection on which these pieces arrive: one `recv` brings one piece, or part of it."""

    def __init__(self, *pieces: bytes, closes: bool = False) -> None:
        self.pieces = [piece for piece in pieces if piece]
        self.closes = closes
        self.brought = b""
        self.calls_after_the_end = 0

    def recv(self, count: int, flags: int = 0) -> bytes:
        """At most `count` bytes of what arrives next."""
        if count < 1:
            raise AssertionError(f"recv({count}): ask for at least one byte")
        if not self.pieces:
            return self.end()
        piece = self.pieces.pop(0)
        if piece[count:]:
            self.pieces.insert(0, piece[count:])
        self.brought += piece[:count]
        return piece[:count]

    def unread(self) -> bytes:
        """What has not been taken by a `recv` yet."""
        return b"".join(self.pieces)

    def end(self) -> bytes:
        """Nothing is left to arrive."""
        if not self.closes:
            raise AssertionError(
                "recv was called once more than needed: now it waits for ever\n"
                f"it has brought {sized(self.brought)}"
            )
        self.calls_after_the_end += 1
        if self.calls_after_the_end == 100:
            raise AssertionError(
                'recv answered b"" (the client has closed its side) and was called 100 times more'
            )
        return b""


def sized(data: bytes) -> str:
    """The bytes, or their two ends, and how many they are."""
    return f"{SHORT.repr(data)} ({len(data):,} bytes)"


def split(data: bytes, rng: random.Random) -> list[bytes]:
    """The data cut at up to nine random places."""
    cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randrange(10)))
    return [data[i:j] for i, j in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


def both(answer: object) -> tuple[bytes, bytes]:
    """The two values that were returned: what was asked for, and what came after it."""
    match answer:
        case (bytes() | bytearray() as message, bytes() | bytearray() as rest):
            return bytes(message), bytes(rest)
        case None:
            raise AssertionError("it returned None: is `return` missing?")
    raise AssertionError(
        "return two values, the bytes that were asked for and what came after them\n"
        f"it returned {SHORT.repr(answer)}"
    )


def must_raise(
    error: type[Exception], read: Callable, connection: Arrivals, **given: object
) -> None:
    """Call `read` with what is given: it must raise this error."""
    values = ", ".join(f"{name} = {SHORT.repr(value)}" for name, value in given.items())
    call = f"{read.__name__} was given {values}"
    comes = sized(connection.unread()) + ", then the end of the stream" * connection.closes
    try:
        answer = read(connection, *given.values())
    except error:
        return
    except AssertionError as failure:
        failure.args = (f"{failure}\n{call}",)
        raise
    raise AssertionError(
        f"{error.__name__} was expected, and nothing was raised\n"
        f"{call}\nrecv brings {comes}\nit returned {SHORT.repr(answer)}"
    )


@pytest.mark.exercise("01.3")
class TestRecvUntil:
    def test_message_in_one_piece(self, rng):
        """A message that arrives in one piece is returned with its delimiter, and nothing else."""
        sent = b"Host: %d\r\n\r\n" % rng.randrange(10**9)
        message, rest = both(recv_until(Arrivals(sent), HEAD_END, 1000))
        assert message == sent
        assert rest == b""

    def test_split_at_every_place(self, rng):
        """It makes no difference where the stream is split, not even inside the delimiter."""
        sent = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % rng.randrange(10**6)
        for cut in range(1, len(sent)):
            message, rest = both(recv_until(Arrivals(sent[:cut], sent[cut:]), HEAD_END, 1000))
            assert message == sent
            assert rest == b""

    def test_byte_by_byte(self, rng):
        """A message may come byte by byte, and its end more than once in part."""
        sent = b"Host: %x\r\n\r\r\n\n\r\n\r\n" % rng.randrange(2**64)
        message, rest = both(recv_until(Arrivals(*one_by_one(sent)), HEAD_END, 1000))
        assert message == sent
        assert rest == b""

    def test_what_comes_after_is_kept(self, rng):
        """Bytes that came behind the delimiter belong to the next message: none is lost."""
        behind = b"and then %d" % rng.randrange(10**9)
        connection = Arrivals(b"one\n" + behind)
        message, rest = both(recv_until(connection, b"\n", 1000))
        kept = rest + connection.unread()
        assert message == b"one\n"
        assert kept == behind

    def test_several_messages_in_one_piece(self, rng):
        """Messages that arrive together are read one after the other, without a new `recv`."""
        lines = [b"%d\r\n" % rng.randrange(10**6) for _ in range(5)]
        connection, rest = Arrivals(b"".join(lines)), b""
        for line in lines:
            message, rest = both(recv_until(connection, b"\r\n", 1000, rest))
            assert message == line
        assert rest == b""

    def test_received_before(self):
        """`received` is the beginning of the message; the delimiter may begin in it, too."""
        sent = b"abc" + HEAD_END
        for cut in range(len(sent)):
            connection = Arrivals(sent[cut:] + b"z")
            message, rest = both(recv_until(connection, HEAD_END, 1000, sent[:cut]))
            kept = rest + connection.unread()
            assert message == sent
            assert kept == b"z"

    def test_any_bytes(self, rng):
        """The bytes may be any bytes, and the delimiter any delimiter: nothing is decoded."""
        for delimiter in (b"\n", b"\0", b"\xff\xfe", "é".encode(), b"--=_\x80", b"aab"):
            text = bytes(set(range(256)) - set(delimiter)) + delimiter[:-1] + delimiter
            behind = rng.randbytes(3) + delimiter
            for _ in range(20):
                connection = Arrivals(*split(text + behind, rng))
                message, rest = both(recv_until(connection, delimiter, 1000))
                kept = rest + connection.unread()
                assert message == text
                assert kept == behind

    def test_end_of_stream(self):
        """Where the client closes before the delimiter is whole, EOFError is raised."""
        given = {"delimiter": HEAD_END, "limit": 1000}
        for sent in (b"", b"half a mess", b"nearly\r\n\r"):
            pieces = one_by_one(sent)
            must_raise(EOFError, recv_until, Arrivals(*pieces, closes=True), **given)
            must_raise(EOFError, recv_until, Arrivals(closes=True), **given, received=sent)

    def test_limit(self, rng):
        """Where `limit` bytes hold no delimiter, ValueError is raised, and no more is read."""
        limit = rng.randrange(20, 200)
        for pieces in ([b"x" * limit], one_by_one(b"x" * limit)):
            must_raise(ValueError, recv_until, Arrivals(*pieces), delimiter=b"\n", limit=limit)

    def test_limit_counts_however_the_bytes_come(self, rng):
        """A message of more than `limit` bytes is too long, even if it comes in one piece."""
        given = {"delimiter": HEAD_END, "limit": rng.randrange(20, 200)}
        sent = b"x" * (given["limit"] - 3) + HEAD_END
        must_raise(ValueError, recv_until, Arrivals(sent), **given)
        must_raise(ValueError, recv_until, Arrivals(), **given, received=sent)

    def test_message_as_long_as_the_limit(self, rng):
        """A message of exactly `limit` bytes, with its delimiter, is not too long."""
        sent = b"x" * rng.randrange(20, 200) + HEAD_END
        message, _ = both(recv_until(Arrivals(*one_by_one(sent)), HEAD_END, len(sent)))
        assert message == sent


@pytest.mark.exercise("01.4")
class TestRecvExactly:
    def test_split_at_every_place(self, rng):
        """So many bytes as were asked for come back, wherever the stream is split."""
        sent = b"%030d" % rng.randrange(10**30)
        for cut in range(1, len(sent)):
            data, rest = both(recv_exactly(Arrivals(sent[:cut], sent[cut:]), len(sent)))
            assert data == sent
            assert rest == b""

    def test_byte_by_byte(self, rng):
        """The bytes may come one by one, and may be any bytes."""
        sent = bytes(rng.sample(range(256), 256))
        data, rest = both(recv_exactly(Arrivals(*one_by_one(sent)), 256))
        assert data == sent
        assert rest == b""

    def test_what_comes_after_is_kept(self, rng):
        """Bytes that came with the last piece, beyond `count`, are not lost."""
        sent = b"%060d" % rng.randrange(10**60)
        for count in range(1, 60):
            connection = Arrivals(*split(sent, rng))
            data, rest = both(recv_exactly(connection, count))
            kept = rest + connection.unread()
            assert data == sent[:count]
            assert kept == sent[count:]

    def test_all_in_one_piece(self, rng):
        """What one piece brings beyond `count` is not part of the answer, and not lost."""
        sent = b"%060d" % rng.randrange(10**60)
        connection = Arrivals(sent)
        data, rest = both(recv_exactly(connection, 45))
        kept = rest + connection.unread()
        assert data == sent[:45]
        assert kept == sent[45:]

    def test_received_before(self, rng):
        """`received` counts: with enough bytes here already, `recv` is not called at all."""
        sent = b"%020d" % rng.randrange(10**20)
        for here in range(20):
            data, rest = both(recv_exactly(Arrivals(sent[here:]), 20, sent[:here]))
            assert data == sent
            assert rest == b""
        for count in (0, 13, 20):
            data, rest = both(recv_exactly(Arrivals(), count, sent))
            assert data == sent[:count]
            assert rest == sent[count:]

    def test_end_of_stream(self, rng):
        """Where the client closes before enough has come, EOFError is raised: never fewer bytes."""
        sent = b"%020d" % rng.randrange(10**20)
        for here in range(20):
            come = sent[:here]
            must_raise(EOFError, recv_exactly, Arrivals(come, closes=True), count=20)
            must_raise(EOFError, recv_exactly, Arrivals(closes=True), count=20, received=come)

    def test_over_a_real_connection(self, rng):
        """A mebibyte through a real socket arrives whole, in as many pieces as it takes."""
        sent = rng.randbytes(2**20)
        ours, theirs = socket.socketpair()
        sender = threading.Thread(target=send_and_close, args=(theirs, sent), daemon=True)
        with ours:
            ours.settimeout(5)
            sender.start()
            data, rest = both(recv_exactly(ours, len(sent)))
        sender.join(5)
        if len(data) != len(sent):
            raise AssertionError(f"{len(sent):,} bytes were asked for, {len(data):,} came back")
        assert data == sent
        assert rest == b""


def send_and_close(connection: socket.socket, data: bytes) -> None:
    """Send it all, or as much as the other side takes before it leaves."""
    with connection, contextlib.suppress(OSError):
        connection.sendall(data)
