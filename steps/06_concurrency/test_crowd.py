"""Exercise 06.6: a crowd asks at the same moment, and each visit is noted down."""

import contextlib
import select
import socket
import threading
import time

import pytest

import crowd as module
from crowd import NO_ANSWER, Visit, crowd, main, timeline, visit

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

MOMENT_SECONDS = 0.05
"""How long a server lets its client wait between the first piece of an answer and the rest."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


class Host:
    """A server that waits until so many clients have asked, and then gives each the answer."""

    def __init__(self, count: int, *answer: bytes) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=count)
        self.listener.settimeout(SECONDS)
        self.name, self.port = self.listener.getsockname()
        self.requests: list[bytes] = []
        self.asked: list[float] = []
        self.answered: list[float] = []
        self.thread = threading.Thread(target=self.serve, args=(count, answer), daemon=True)
        self.thread.start()

    def serve(self, count: int, answer: tuple[bytes, ...]) -> None:
        """Let all come in, then answer all."""
        connections = []
        for _ in range(count):
            connection = self.listener.accept()[0]
            connection.settimeout(SECONDS)
            self.asked.append(time.perf_counter())
            connections.append(connection)
        for connection in connections:
            with connection, contextlib.suppress(OSError):
                request = b""
                while not request.endswith(b"\r\n\r\n"):
                    request += connection.recv(1)
                self.requests.append(request)
                self.answered.append(time.perf_counter())
                for piece in answer[:1]:
                    connection.sendall(piece)
                if answer[1:]:  # a client that takes the first piece for all of it leaves now
                    select.select([connection], [], [], MOMENT_SECONDS)
                for piece in answer[1:]:
                    connection.sendall(piece)

    def close(self) -> None:
        """Nothing is left of it."""
        self.listener.close()
        self.thread.join(SECONDS)


@pytest.fixture
def host():
    """Makes such a server."""
    hosts: list[Host] = []

    def make(count: int, *answer: bytes) -> Host:
        hosts.append(Host(count, *answer))
        return hosts[-1]

    yield make
    for one in hosts:
        one.close()


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.exercise("06.6")
class TestVisit:
    """One request on a connection of its own."""

    def test_request(self, host):
        """What is sent is a whole request: GET, the path, Host; and it asks for no other."""
        one = host(1, OK)
        visit(one.name, one.port, "/slow?x=1")
        [request] = one.requests
        line, *fields = request.decode().split("\r\n")
        assert line == "GET /slow?x=1 HTTP/1.1"
        assert f"Host: {one.name}:{one.port}" in fields
        assert "Connection: close" in fields

    def test_outcome(self, host):
        """The outcome is the status: code and reason."""
        one = host(1, OK)
        assert visit(one.name, one.port, "/").outcome == "200 OK"
        one = host(1, b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        assert visit(one.name, one.port, "/").outcome == "503 Service Unavailable"

    def test_answer_in_pieces(self, host):
        """The answer may come byte by byte; it is read to its end."""
        pieces = [OK[at : at + 1] for at in range(len(OK))]
        one = host(1, *pieces)
        found = visit(one.name, one.port, "/")
        assert found.outcome == "200 OK"
        assert found.ended >= one.answered[0]

    def test_times_are_in_order(self, host):
        """It begins before it is asked, is answered after the server does, and then it ends."""
        one = host(1, OK)
        found = visit(one.name, one.port, "/")
        assert found.began <= one.asked[0]
        assert one.answered[0] <= found.answered <= found.ended <= time.perf_counter()

    def test_nobody_listens(self):
        """Where nobody listens the error's text is the outcome; the times are in order, too."""
        found = visit("127.0.0.1", closed_port(), "/")
        assert found.outcome
        assert not found.outcome[0].isdigit()
        assert found.began <= found.answered == found.ended

    @pytest.mark.parametrize("part", [b"", OK[:20]], ids=["silent", "stops in the middle"])
    def test_answer_that_does_not_come(self, monkeypatch, part):
        """A server that is silent for ANSWER_SECONDS is given up, and the outcome is the error.

        That is so too where a part of its answer has come: the request has got none.
        """
        monkeypatch.setattr(module, "ANSWER_SECONDS", 0.02)
        found = []
        with socket.create_server(("127.0.0.1", 0)) as listener:
            place = listener.getsockname()
            visitor = threading.Thread(target=lambda: found.append(visit(*place, "/")), daemon=True)
            visitor.start()
            listener.settimeout(SECONDS)
            with listener.accept()[0] as connection:
                connection.sendall(part)
                visitor.join(1)
        assert found, "it waits for ever"
        [outcome] = [one.outcome for one in found]
        assert outcome != NO_ANSWER, "the error's text is the outcome"
        assert not outcome.startswith("200"), f"{outcome!r}, and the answer never came to its end"

    def test_no_answer(self, host):
        """A server that closes without a word has not answered."""
        one = host(1)
        found = visit(one.name, one.port, "/")
        assert found.outcome == NO_ANSWER
        assert found.answered == found.ended


@pytest.mark.exercise("06.6")
class TestCrowd:
    """Many visits at the same moment."""

    def test_all_at_once(self, host):
        """All ask before one is answered: a server that waits for all of them gets all."""
        one = host(8, OK)
        visits = crowd(one.name, one.port, "/", 8)
        assert [found.outcome for found in visits] == ["200 OK"] * 8
        assert max(found.began for found in visits) <= min(found.answered for found in visits)

    def test_one_alone(self, host):
        """A crowd of one is a visit."""
        one = host(1, OK)
        [found] = crowd(one.name, one.port, "/", 1)
        assert found.outcome == "200 OK"

    def test_those_who_fail_are_counted_too(self):
        """Nobody is lost: who gets no answer is one of the visits."""
        visits = crowd("127.0.0.1", closed_port(), "/", 5)
        assert len(visits) == 5
        assert not any(found.outcome[0].isdigit() for found in visits)

    def test_all_begin_together(self, monkeypatch):
        """Nobody begins before all are ready: the last thread is no later than the first."""
        inside = threading.Barrier(10)

        def together(host: str, port: int, path: str) -> Visit:
            inside.wait(SECONDS)
            return Visit(0.0, 0.0, 0.0, f"{host} {port} {path}")

        monkeypatch.setattr(module, "visit", together)
        visits = crowd("localhost", 8080, "/slow", 10)
        assert [found.outcome for found in visits] == ["localhost 8080 /slow"] * 10


def test_timeline():
    """Dots while a client waits, # while its answer comes; from the first moment to the last."""
    first, second = timeline([Visit(10, 11, 12, "200 OK"), Visit(10, 12, 12, "no answer")])
    assert first.startswith("   1 |")
    assert first.endswith("|   0.00   1.00   2.00  200 OK")
    bar = first.split("|")[1]
    assert bar.strip(".") == bar.strip(".").count("#") * "#"
    assert 23 <= bar.count(".") <= 26
    assert second.split("|")[1].count(".") == 49
    assert second.endswith("no answer")


def test_timeline_of_no_time():
    """Visits that took no time at all are drawn all the same."""
    [line] = timeline([Visit(1, 1, 1, "200 OK")])
    assert "|#" in line


def test_program(host, monkeypatch, capsys):
    """The program asks as its options say, and draws a line for each visit."""
    one = host(3, OK)
    words = ["crowd", "--host", one.name, "--port", str(one.port), "--path", "/x", "--count", "3"]
    monkeypatch.setattr("sys.argv", words)
    main()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:5] for line in lines[:3]] == ["   1 ", "   2 ", "   3 "]
    assert all(line.endswith("  200 OK") for line in lines[:3])
    assert all(request.startswith(b"GET /x HTTP/1.1\r\n") for request in one.requests)


def test_program_without_a_server(monkeypatch):
    """Where nobody listens it says so, in one line."""
    monkeypatch.setattr("sys.argv", ["crowd", "--port", str(closed_port()), "--count", "2"])
    with pytest.raises(SystemExit, match=r"Nobody answers at http://127.0.0.1:\d+: "):
        main()


@pytest.mark.parametrize(
    "words",
    [["--count", "0"], ["--count", "many"], ["--path", "slow"], ["--path", "/a b"]],
    ids=" ".join,
)
def test_options_that_mean_nothing(words, monkeypatch, capsys):
    """One line says what is wrong."""
    monkeypatch.setattr("sys.argv", ["crowd", *words])
    with pytest.raises(SystemExit) as error:
        main()
    assert error.value.code == 2
    assert repr(words[1]) in capsys.readouterr().err
