"""A conversation whose thread waits for its client: every such wait has an end."""

import errno
from types import SimpleNamespace

import pytest

import blocking
from blocking import attend, linger, send
from patience import LEAST_BYTES_PER_SECOND, LINGER_SECONDS

NEVER = float("inf")


class Connection:
    """A socket on which each wait takes so many seconds, on a clock of its own.

    After it so many bytes go through. As with a real one, the time limit is for each call, and for
    all that `sendall` does.
    """

    def __init__(self, seconds: float, count: int) -> None:
        self.seconds, self.count, self.limit = seconds, count, NEVER
        self.now, self.taken = 0.0, 0
        self.ended = self.closed = False

    def settimeout(self, seconds: float | None) -> None:
        """From now on each call may take so long; None: any time."""
        self.limit = NEVER if seconds is None else seconds

    def wait(self, limit: float) -> None:
        """Until something goes through. TimeoutError where that takes longer than the limit."""
        self.now += min(self.seconds, limit)
        assert self.now < 1000, "it waits for ever"
        if self.seconds > limit:
            raise TimeoutError("timed out")

    def send(self, data: bytes) -> int:
        """The client takes a part of it."""
        self.wait(self.limit)
        count = min(self.count, len(data))
        self.taken += count
        return count

    def sendall(self, data: bytes) -> None:
        """The client takes one part after the other."""
        until = self.now + self.limit
        for _ in range(0, len(data), self.count or 1):
            self.wait(until - self.now)
            self.taken += self.count

    def recv(self, count: int) -> bytes:
        """The client sends more."""
        self.wait(self.limit)
        return bytes(self.count)

    def shutdown(self, how: int) -> None:
        """Our side ends."""
        self.ended = True

    def getpeername(self) -> tuple[str, int]:
        """Where the client is."""
        return "192.0.2.1", 50000

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *error: object) -> None:
        self.closed = True


@pytest.fixture
def connect(monkeypatch):
    """Makes such a connection, and lets its clock be the one that counts."""

    def make(seconds: float, count: int) -> Connection:
        connection = Connection(seconds, count)
        clock = SimpleNamespace(monotonic=lambda: connection.now)
        monkeypatch.setattr(blocking, "time", clock)
        return connection

    return make


SLOW = LEAST_BYTES_PER_SECOND // 4


@pytest.mark.parametrize(
    ("seconds", "count", "size"),
    [(NEVER, 0, 65536), (1, SLOW, 65536), (1, SLOW, SLOW), (4.9, 1, 65536)],
    ids=["nothing", "slow", "slow, in small pieces", "a byte now and then"],
)
def test_client_that_takes_too_little(connect, seconds, count, size):
    """Who takes nothing of its answer, or too little, is given up: the limit is for the answer.

    And what the answer has open is closed then, not later.
    """
    closed = []

    def endless():
        try:
            while True:
                yield bytes(size)
        finally:
            closed.append(True)

    client, pieces = connect(seconds, count), endless()
    with pytest.raises(TimeoutError):
        send(client, pieces, 5.0)
    assert client.now < 11, "5 seconds are the limit"
    assert closed == [True]


def test_client_that_is_slow_and_steady(connect):
    """Who takes LEAST_BYTES_PER_SECOND may go on for as long as the answer is large."""
    client, pieces = connect(1, LEAST_BYTES_PER_SECOND), [bytes(64 * 1024)] * 3
    send(client, (piece for piece in pieces), 5.0)
    assert client.taken == 3 * 64 * 1024
    assert client.now == pytest.approx(3 * 64 * 1024 / LEAST_BYTES_PER_SECOND)


@pytest.mark.parametrize(("seconds", "count"), [(NEVER, 0), (0.3, 100)], ids=["silent", "chatty"])
def test_client_that_does_not_leave(connect, seconds, count):
    """After the answer we wait for the client's end, but for LINGER_SECONDS and no longer.

    That is so for a client that goes on sending, too (RFC 9112, section 9.6).
    """
    client = connect(seconds, count)
    linger(client)
    assert client.ended
    assert client.now == pytest.approx(LINGER_SECONDS)


def attended(connection: Connection, error: OSError) -> None:
    """A conversation on a connection that fails with this error when it is read."""

    def recv(count: int) -> bytes:
        raise error

    connection.recv = recv
    stop = SimpleNamespace(requested=False)
    attend(connection, SimpleNamespace(handler=None, stop=stop, read_timeout=5.0))
    assert connection.closed


def test_client_that_has_left(connect, capsys):
    """A client that breaks off is no error."""
    attended(connect(1, 1), ConnectionResetError(errno.ECONNRESET, "reset by peer"))
    assert capsys.readouterr().err == ""


def test_error_that_is_none_of_the_clients(connect, capsys):
    """Every other error ends one conversation, and the log says why: no client has caused it."""
    attended(connect(1, 1), OSError(errno.EINVAL, "of ours"))
    assert "of ours" in capsys.readouterr().err
