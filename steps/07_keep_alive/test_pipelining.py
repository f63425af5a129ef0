"""Exercise 07.6: a client that sends all its requests at once, and takes the answers apart."""

import contextlib
import socket
import threading

import pytest

from errors import HTTPError
from pipelining import Answer, Incoming, ask_all, main, read_answer

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

OK = b"HTTP/1.1 200 OK\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n2;x=1\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\nX-Word: yes\r\n\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
LAST = OK + b"Connection: x, Close\r\nContent-Length: 4\r\n\r\nlast"
TO_THE_END = OK + b"\r\nto the end"

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")


def outcome(method: str, *pieces: bytes, ended: bool = False):
    """What these pieces come to: the answer, None for "need more", or the status of an error."""
    received = Incoming()
    reading = read_answer(received, method)
    try:
        next(reading)
        for piece in pieces:
            received += piece
            next(reading)
        if ended:
            received.ended = True
            next(reading)
    except StopIteration as finished:
        return finished.value, bytes(received)
    except HTTPError as error:
        return error.status
    return None


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


@pytest.mark.exercise("07.6")
class TestReadAnswer:
    """Where an answer ends (RFC 9112, section 6.3)."""

    @pytest.mark.parametrize(
        ("method", "sent", "status", "content"),
        [
            ("GET", HELLO, 200, b"hello"),
            ("GET", CHUNKED, 200, b"hello"),
            ("GET", EMPTY, 200, b""),
            ("GET", NO_CONTENT, 204, b""),
            ("GET", NOT_MODIFIED, 304, b""),
            ("HEAD", HELLO[:-5], 200, b""),
            ("HEAD", OK + b"Transfer-Encoding: chunked\r\n\r\n", 200, b""),
            ("HEAD", OK + b"\r\n", 200, b""),
            ("GET", CONTINUE + HELLO, 200, b"hello"),
            ("GET", HINTS + CONTINUE + CHUNKED, 200, b"hello"),
            ("GET", HELLO.replace(b"200 OK", b"404"), 404, b"hello"),
            ("GET", HELLO.replace(b"200 OK", b"404 "), 404, b"hello"),
        ],
        ids=[
            "length",
            "chunks",
            "nothing",
            "204",
            "304",
            "HEAD, length",
            "HEAD, chunks",
            "HEAD, neither",
            "behind 100",
            "behind 103 and 100",
            "no phrase",
            "an empty phrase",
        ],
    )
    def test_answer(self, method, sent, status, content):
        """By chunks, by length, or at once: whole, byte by byte, and with the next one behind."""
        for pieces in ([sent], one_by_one(sent)):
            answer, rest = outcome(method, *pieces)
            assert (answer.status, answer.content, rest) == (status, content, b"")
        answer, rest = outcome(method, sent + HELLO)
        assert (answer.status, answer.content) == (status, content)
        assert rest == HELLO, "what follows belongs to the next answer"

    def test_need_more(self):
        """Before its last byte it is "need more", wherever it is cut."""
        for sent in (HELLO, CHUNKED, CONTINUE + HELLO):
            for cut in range(len(sent)):
                assert outcome("GET", sent[:cut]) is None

    def test_to_the_end(self):
        """Without length or chunks the content ends with the connection."""
        assert outcome("GET", TO_THE_END) is None
        answer, _ = outcome("GET", TO_THE_END, b", and on", ended=True)
        assert answer.content == b"to the end, and on"

    def test_fields(self):
        """The fields are those of the answer, not of an interim one, and not its trailers."""
        answer, _ = outcome("GET", HINTS + CHUNKED)
        assert list(answer.fields) == [("Transfer-Encoding", "chunked")]

    @pytest.mark.parametrize(
        "sent",
        [
            b"hello\r\n",
            b"HTTP/2 200 OK\r\n",
            b"HTTP/1.1 20 OK\r\n",
            b"HTTP/1.1 2000 OK\r\n",
            b"HTTP/1.1 200OK\r\n",
            OK + b"no field\r\n\r\n",
            OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            OK + b"Content-Length: x\r\n\r\n",
            OK + b"Content-Length: +5\r\n\r\nhello",
            OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            OK + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
            OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        ],
        ids=repr,
    )
    def test_malformed(self, sent):
        """What is no answer, or has two opinions on its length, is an error."""
        assert isinstance(outcome("GET", sent), int)


class Host:
    """A server for one client, that does what a check says."""

    def __init__(self, serve) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.port = self.listener.getsockname()[1]
        self.requests = b""
        self.has_left = threading.Event()
        self.thread = threading.Thread(target=self.work, args=(serve,), daemon=True)
        self.thread.start()

    def work(self, serve) -> None:
        """Take the client, and do it."""
        with self.listener.accept()[0] as connection, contextlib.suppress(ConnectionError):
            connection.settimeout(SECONDS)
            serve(self, connection)
            connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65536):
                self.requests += data
        self.has_left.set()

    def reads(self, connection: socket.socket, count: int) -> None:
        """Wait until so many requests have come."""
        while self.requests.count(b"\r\n\r\n") < count:
            data = connection.recv(65536)
            assert data
            self.requests += data

    def asked(self, *requests: bytes) -> list[Answer]:
        """What the client gets for these."""
        return list(ask_all("127.0.0.1", self.port, list(requests)))

    def close(self) -> None:
        """Nothing is left of it."""
        self.thread.join(SECONDS)
        self.listener.close()


@pytest.fixture
def host():
    """Makes such a server."""
    hosts: list[Host] = []

    def make(serve) -> Host:
        hosts.append(Host(serve))
        return hosts[-1]

    yield make
    for one in hosts:
        one.close()


@pytest.mark.exercise("07.6")
class TestAskAll:
    """All requests at once, and their answers."""

    def test_all_at_once(self, host):
        """No answer is waited for before all requests are sent (RFC 9112, section 9.3.2)."""

        def serve(one: Host, connection: socket.socket) -> None:
            one.reads(connection, 4)
            connection.sendall(HELLO + CHUNKED + NO_CONTENT + LAST)

        answers = host(serve).asked(GET, GET, GET, GET)
        assert [one.content for one in answers] == [b"hello", b"hello", b"", b"last"]

    def test_methods(self, host):
        """Whether an answer has content depends on the method of its own request."""

        def serve(one: Host, connection: socket.socket) -> None:
            one.reads(connection, 4)
            connection.sendall(HELLO + HELLO[:-5] + HELLO + HELLO[:-5])

        answers = host(serve).asked(GET, HEAD, GET, HEAD)
        assert [one.content for one in answers] == [b"hello", b"", b"hello", b""]

    def test_requests(self, host):
        """What is sent is the requests, and nothing else."""

        def serve(one: Host, connection: socket.socket) -> None:
            one.reads(connection, 2)
            connection.sendall(HELLO * 2)

        one = host(serve)
        one.asked(GET, HEAD)
        assert one.has_left.wait(SECONDS), "after the last answer the client leaves"
        assert one.requests == GET + HEAD

    def test_byte_by_byte(self, host):
        """Answers may be cut anywhere."""

        def serve(one: Host, connection: socket.socket) -> None:
            for byte in one_by_one(HELLO + CONTINUE + CHUNKED + NOT_MODIFIED):
                connection.sendall(byte)

        answers = host(serve).asked(GET, GET, GET)
        assert [one.status for one in answers] == [200, 200, 304]

    def test_as_soon_as_it_is_whole(self, host):
        """An answer is given when it is there, and not when all are."""
        first_seen = threading.Event()

        def serve(one: Host, connection: socket.socket) -> None:
            connection.sendall(HELLO)
            if first_seen.wait(SECONDS):
                connection.sendall(CHUNKED)

        answers = iter(ask_all("127.0.0.1", host(serve).port, [GET, GET]))
        assert next(answers).status == 200
        first_seen.set()
        assert [one.content for one in answers] == [b"hello"]

    def test_server_that_ends_it(self, host):
        """Who is told `close` stops there: fewer answers, and what follows is no answer."""

        def serve(one: Host, connection: socket.socket) -> None:
            one.reads(connection, 3)
            connection.sendall(HELLO + LAST + HELLO)

        assert [one.content for one in host(serve).asked(GET, GET, GET)] == [b"hello", b"last"]

    def test_server_that_ends_without_a_word(self, host):
        """The same where it closes between two answers."""
        one = host(lambda one, connection: connection.sendall(HELLO))
        assert len(one.asked(GET, GET, GET)) == 1
        assert host(lambda one, connection: None).asked(GET) == []

    def test_to_the_end(self, host):
        """An answer without length is the last one, and whole with the end of the connection."""
        one = host(lambda one, connection: connection.sendall(HELLO + TO_THE_END))
        assert [found.content for found in one.asked(GET, GET, GET)] == [b"hello", b"to the end"]

    @pytest.mark.parametrize("half", [HELLO[:-1], CHUNKED[:-2], OK, b"H", CONTINUE], ids=repr)
    def test_half_an_answer(self, host, half):
        """An end in the middle of an answer is an error: half a file is no file."""
        one = host(lambda one, connection: connection.sendall(HELLO + half))
        with pytest.raises(ConnectionError):
            one.asked(GET, GET)

    def test_malformed(self, host):
        """An error goes on, and the connection is closed all the same."""
        one = host(lambda one, connection: connection.sendall(HELLO + b"nonsense\r\n"))
        with pytest.raises(HTTPError):
            one.asked(GET, GET)
        assert one.has_left.wait(SECONDS)

    def test_more_than_fits(self, host):
        """A server that cannot send does not read: who sends all first waits for ever."""
        large = OK + b"Content-Length: 200000\r\n\r\n" + bytes(200_000)
        asked = GET[:-4] + b"\r\nX-Padding: " + b"x" * 50_000 + b"\r\n\r\n"

        def serve(one: Host, connection: socket.socket) -> None:
            for count in range(1, 101):
                one.reads(connection, count)
                connection.sendall(large)

        assert len(host(serve).asked(*[asked] * 100)) == 100

    def test_server_that_stops_reading(self, host):
        """A server that says `close` need not take the other requests: nobody waits for that."""
        asked = GET[:-4] + b"\r\nX-Padding: " + b"x" * 1_000_000 + b"\r\n\r\n"

        def serve(one: Host, connection: socket.socket) -> None:
            connection.sendall(LAST)
            one.has_left.wait(0.05)

        assert len(host(serve).asked(*[asked] * 20)) == 1


def test_program(host, monkeypatch, capsys):
    """The program asks for its paths, and prints what came, and what did not."""

    def serve(one: Host, connection: socket.socket) -> None:
        one.reads(connection, 3)
        connection.sendall(HELLO + LAST)

    one = host(serve)
    words = ["pipelining", "--port", str(one.port), "/one?a=b", "/two words", "/three"]
    monkeypatch.setattr("sys.argv", words)
    main()
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.endswith(" s  /one?a=b: 200, 5 bytes")
    assert second.endswith(" s  /two words: 200, 4 bytes")
    assert third == "The connection has ended. No answer to: /three"
    assert b"GET /one?a=b HTTP/1.1\r\n" in one.requests
    assert b"GET /two%20words HTTP/1.1\r\n" in one.requests


def test_program_without_a_server(monkeypatch):
    """Where nobody listens it says so, in one line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setattr("sys.argv", ["pipelining", "--port", str(port), "/"])
    with pytest.raises(SystemExit, match="It breaks off: "):
        main()
