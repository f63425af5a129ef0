"""The connection without its socket, and exercise 07.4: where next.

Bytes go in, states and bytes come out. What is drawn in the chapter, and what is driven by each of
the six models, is this machine.
"""

import asyncio
import gc
import itertools
import re
import weakref

import pytest

from connection import TABLE, Connection, Event, State
from errors import HTTPError
from fields import Fields
from generated import GeneratedResponse
from limits import Limits
from patience import LEAST_BYTES_PER_SECOND
from persistence import CONTINUE
from request import Request
from response import Response

LIMITS = Limits(
    read_timeout=1.0,
    body_timeout=2.0,
    idle_timeout=3.0,
    write_timeout=4.0,
    max_body=100,
    max_requests=1000,
)


def get(path: str = "/hello", *lines: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    """A request without a body."""
    return "\r\n".join([f"{method} {path} {version}", "Host: localhost", *lines, "", ""]).encode()


def post(body: bytes, *lines: str) -> bytes:
    """A request with a body."""
    return get("/echo", f"Content-Length: {len(body)}", *lines, method="POST") + body


GET = get()
POST = post(b"hello")
HALF = GET[:20]
HALF_BODY = POST[:-2]
CHUNKED = (
    get("/echo", "Transfer-Encoding: chunked", method="POST") + b"2\r\nhi\r\n0\r\nX: y\r\n\r\n"
)
BAD = b"nonsense\r\n"
CLOSE = get("/hello", "Connection: close")


def echo(request: Request) -> Response:
    """A handler that says what it was asked."""
    return Response.text(f"<{request.method} {request.path} {request.body.decode()}>")


def raising(error: BaseException):
    """A handler that fails."""

    def handler(request: Request) -> Response:
        raise error

    return handler


class Watched(Connection):
    """A connection that notes what happens, and lets nobody but `happens` change its state."""

    def __init__(self, handler=echo, limits=LIMITS, ends=bool) -> None:
        self.history: list[tuple[State, Event]] = []
        self.is_told = True
        super().__init__(handler, "192.0.2.7", limits, ends)
        self.is_told = False

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        assert self.is_told, "the state is not set by hand: let an event happen"
        self._state = state

    def happens(self, event: Event) -> None:
        """Note it, and go on."""
        self.history.append((self.state, event))
        self.is_told = True
        super().happens(event)
        self.is_told = False


def answered(connection: Connection) -> bytes:
    """All that is sent now: as a model of serving does it, which has a socket."""
    sent = b""
    for _ in range(1000):
        if connection.state is not State.ANSWERING:
            return sent + b"".join(connection.interim())
        sent += b"".join(connection.answer())
        connection.sent()
    raise AssertionError("it answers again and again")


def talk(connection: Connection, *pieces: bytes) -> bytes:
    """All that is sent to a client that sends these pieces, one after the other."""
    sent = b""
    for piece in pieces:
        connection.receive(piece)
        sent += answered(connection)
    return sent


def statuses(sent: bytes) -> list[int]:
    """The status of each answer."""
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", sent)]


def contents(sent: bytes) -> list[bytes]:
    """What the handler `echo` has said, in its order."""
    return re.findall(rb"<[^>]*>", sent)


def says_close(sent: bytes) -> bool:
    """Whether the last answer says that it is the last one."""
    *_, last = re.finditer(rb"HTTP/1\.1 \d{3} (?s:.*?\r\n)\r\n", sent)
    return b"\r\nConnection: close\r\n" in last[0]


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


REACHED = {
    (State.IDLE, Event.BEGUN): [b"G"],
    (State.IDLE, Event.ENDED): [b""],
    (State.IDLE, Event.TIMED_OUT): [None],
    (State.HEAD, Event.HEAD_READ): [HALF_BODY],
    (State.HEAD, Event.REFUSED): [BAD],
    (State.HEAD, Event.ENDED): [HALF, b""],
    (State.HEAD, Event.TIMED_OUT): [HALF, None],
    (State.BODY, Event.REQUEST_READ): [GET],
    (State.BODY, Event.REFUSED): [get("/", "Transfer-Encoding: chunked") + b"x\r\n"],
    (State.BODY, Event.ENDED): [HALF_BODY, b""],
    (State.BODY, Event.TIMED_OUT): [HALF_BODY, None],
    (State.ANSWERING, Event.ANSWERED): [GET],
    (State.ANSWERING, Event.LAST_ANSWERED): [CLOSE],
    (State.LINGERING, Event.ENDED): [CLOSE, b""],
    (State.LINGERING, Event.TIMED_OUT): [CLOSE, None],
}
"""For each row of the table, what a client has to send; None where it lets the time run out."""


@pytest.mark.exercise("07.4")
class TestTable:
    """What can happen, and what cannot."""

    @pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0].name}-{row[1].name}")
    def test_every_row_is_reached(self, row):
        """No row is there for nothing: real bytes lead to it, and it leads where it says."""
        connection = Watched()
        for piece in REACHED[row]:
            if piece is None:
                connection.time_out()
                answered(connection)
            else:
                talk(connection, piece)
        assert row in connection.history
        at = connection.history.index(row)
        after = [state for state, _ in connection.history[at + 1 :]] + [connection.state]
        assert after[0] is TABLE[row]

    @pytest.mark.parametrize("state", State, ids=lambda state: state.name)
    def test_all_else_cannot_happen(self, state):
        """An event that has no row is a mistake of ours: LookupError, and nothing has changed."""
        for event in Event:
            if (state, event) not in TABLE:
                connection = Connection(echo, "-", LIMITS)
                connection.state = state
                with pytest.raises(LookupError):
                    connection.happens(event)
                assert connection.state is state

    def test_from_closed_nothing_leads_on(self):
        """CLOSED is the end, and from everywhere it can be reached."""
        leads = {state: {TABLE[row] for row in TABLE if row[0] is state} for state in State}
        assert leads[State.CLOSED] == set()
        for state in State:
            seen, front = {state}, {state}
            while front:
                front = set().union(*(leads[one] for one in front)) - seen
                seen |= front
            assert State.CLOSED in seen


@pytest.mark.exercise("07.4")
class TestAdvance:
    """How a request goes through the states."""

    def test_step_by_step(self):
        """IDLE until its first byte, HEAD until the empty line, BODY until its last byte."""
        connection = Watched()
        head = POST.index(b"\r\n\r\n") + 4
        for at, byte in enumerate(one_by_one(POST)):
            expected = State.IDLE if at == 0 else State.HEAD if at < head else State.BODY
            assert connection.state is expected
            connection.receive(byte)
        assert connection.state is State.ANSWERING
        events = [event for _, event in connection.history]
        assert events == [Event.BEGUN, Event.HEAD_READ, Event.REQUEST_READ]

    @pytest.mark.parametrize("sent", [GET, POST, CHUNKED], ids=["get", "post", "chunked"])
    def test_all_at_once(self, sent):
        """A request in one piece goes through the same states, and no event is left out."""
        connection = Watched()
        connection.receive(sent)
        events = [event for _, event in connection.history]
        assert events == [Event.BEGUN, Event.HEAD_READ, Event.REQUEST_READ]
        assert connection.state is State.ANSWERING

    def test_each_event_once(self):
        """Bytes that bring nothing new let nothing happen."""
        connection = Watched()
        for byte in one_by_one(HALF_BODY):
            connection.receive(byte)
        assert [event for _, event in connection.history] == [Event.BEGUN, Event.HEAD_READ]

    def test_empty_line_before_a_request(self):
        """An empty line is no request: the connection stays idle (RFC 9112, section 2.2)."""
        connection = Watched()
        connection.receive(b"\r\n")
        assert connection.state is State.IDLE
        assert contents(talk(connection, GET)) == [b"<GET /hello >"]

    @pytest.mark.parametrize("bad", [BAD, b"\n\n", b"\rGET", b"GET / HTTP/2.0\r\n"], ids=repr)
    def test_malformed(self, bad):
        """What is malformed is an event, wherever it comes: BEGUN, then REFUSED."""
        connection = Watched()
        connection.receive(bad)
        assert [event for _, event in connection.history] == [Event.BEGUN, Event.REFUSED]
        assert connection.state is State.ANSWERING

    def test_malformed_body(self):
        """A body may be malformed, too, when its head was fine."""
        connection = Watched()
        connection.receive(get("/", "Transfer-Encoding: chunked"))
        assert connection.state is State.BODY
        connection.receive(b"0x5\r\n")
        assert connection.history[-1] == (State.BODY, Event.REFUSED)


@pytest.mark.exercise("07.4")
class TestSent:
    """After an answer: the next request, or the end."""

    def test_nothing_behind(self):
        """No bytes behind the request are not the client's end."""
        connection = Watched()
        talk(connection, GET)
        ended = (State.IDLE, Event.ENDED)
        assert connection.history[-1] != ended, 'receive(b"") says that the client has ended'
        assert connection.history[-1] == (State.ANSWERING, Event.ANSWERED)

    def test_idle_again(self):
        """After an answer the connection is idle, and takes the next request."""
        connection = Watched()
        for number in range(5):
            sent = talk(connection, get(f"/{number}"))
            assert contents(sent) == [b"<GET /%d >" % number]
            assert not says_close(sent)
            assert connection.state is State.IDLE
        assert connection.answers == 5

    def test_pipelined(self):
        """What came with the request before is the next one: all are answered, in order.

        RFC 9112, section 9.3.2.
        """
        connection = Watched()
        sent = talk(connection, b"".join(get(f"/{number}") for number in range(10)))
        assert contents(sent) == [b"<GET /%d >" % number for number in range(10)]
        assert connection.answers == 10
        assert connection.state is State.IDLE

    def test_pipelined_bodies(self):
        """Bodies of both kinds end where they say, and what follows is the next request."""
        sent = talk(Watched(), POST + CHUNKED + GET + POST)
        assert contents(sent) == [
            b"<POST /echo hello>",
            b"<POST /echo hi>",
            b"<GET /hello >",
            b"<POST /echo hello>",
        ]

    def test_one_after_the_other(self):
        """The second request reaches the handler when the answer to the first one is sent."""
        seen: list[str] = []
        connection = Watched(lambda request: seen.append(request.path) or echo(request))
        connection.receive(get("/1") + get("/2"))
        for count in (1, 2):
            pieces = list(connection.answer())
            assert seen == ["/1", "/2"][:count]
            assert contents(b"".join(pieces)) == [b"<GET /%d >" % count]
            connection.sent()

    def test_half_a_request_behind(self):
        """The beginning of the next request is kept until the rest of it comes."""
        connection = Watched()
        assert len(contents(talk(connection, GET + HALF))) == 1
        assert connection.state is State.HEAD
        assert contents(talk(connection, GET[len(HALF) :])) == [b"<GET /hello >"]

    def test_bad_request_behind_a_good_one(self):
        """The good one is answered, then the bad one, and that is the end."""
        connection = Watched()
        sent = talk(connection, GET + BAD + GET)
        assert statuses(sent) == [200, 400]
        assert says_close(sent)
        assert connection.state is State.LINGERING

    def test_last_one(self):
        """After the last answer nothing is looked at any more, whatever came with it."""
        seen: list[str] = []
        connection = Watched(lambda request: seen.append(request.path) or echo(request))
        sent = talk(connection, CLOSE + get("/evil") + get("/evil"))
        assert statuses(sent) == [200]
        assert seen == ["/hello"]
        assert connection.state is State.LINGERING

    def test_answer_is_closed(self):
        """What the answer has open is given back once, before the next request is looked at."""
        closed: list[int] = []
        source = Source(closed)
        connection = Watched(lambda request: GeneratedResponse(source=source))
        connection.receive(GET + GET)
        b"".join(connection.answer())
        assert closed == []
        connection.sent()
        assert closed == [1]

    def test_any_pieces(self, rng):
        """However the stream is cut, the same requests are answered in the same way."""
        stream = GET + POST + CHUNKED + b"\r\n" + get("/other") + CLOSE
        whole = contents(talk(Watched(), stream))
        assert len(whole) == 5
        assert contents(talk(Watched(), *one_by_one(stream))) == whole
        for _ in range(20):
            cuts = sorted(rng.choices(range(len(stream)), k=5))
            pieces = [stream[i:j] for i, j in itertools.pairwise([0, *cuts, len(stream)])]
            assert contents(talk(Watched(), *filter(None, pieces))) == whole


class TestLastAnswers:
    """Which answers say that they are the last one (RFC 9112, section 9.3)."""

    @pytest.mark.parametrize(
        ("request_", "last"),
        [
            (get("/"), False),
            (get("/", "Connection: keep-alive"), False),
            (get("/", "Connection: close"), True),
            (get("/", "Connection: CLOSE"), True),
            (get("/", "Connection: x, close"), True),
            (get("/", version="HTTP/1.0"), True),
            (get("/", "Connection: keep-alive", version="HTTP/1.0"), False),
            (get("/", method="HEAD"), False),
            (get("/", "Upgrade: websocket", "Connection: Upgrade"), False),
            (POST, False),
        ],
        ids=lambda value: value.decode() if isinstance(value, bytes) else value,
    )
    def test_as_the_client_asks(self, request_, last):
        """The version and the Connection field decide, and the answer says so."""
        connection = Watched()
        sent = talk(connection, request_)
        assert says_close(sent) is last
        assert connection.state is (State.LINGERING if last else State.IDLE)

    def test_1_0_is_told(self):
        """A client of HTTP/1.0 that asked is told that it goes on; one of 1.1 knows it."""
        asked = get("/", "Connection: keep-alive", version="HTTP/1.0")
        assert b"\r\nConnection: keep-alive\r\n" in talk(Watched(), asked)
        assert b"\r\nConnection:" not in talk(Watched(), GET)

    @pytest.mark.parametrize(
        ("bad", "status"),
        [
            (BAD, 400),
            (get("/", version="HTTP/3.0"), 505),
            (get("/", "Content-Length: x"), 400),
            (get("/", "Expect: cookies"), 417),
            (get("/", "Content-Length: 101", method="POST"), 413),
            (get("/", method="POST"), 411),
            (b"GET /" + b"x" * 9000, 414),
        ],
    )
    def test_errors_in_a_request(self, bad, status):
        """Nobody knows where the next request would begin: it ends, whatever came behind."""
        connection = Watched(raising(AssertionError("no handler sees it")))
        sent = talk(connection, bad + GET)
        assert statuses(sent) == [status]
        assert says_close(sent)

    def test_errors_of_a_handler(self):
        """After an error of the handler it goes on: the request was whole."""
        connection = Watched(raising(HTTPError(404, "Not here.")))
        sent = talk(connection, GET + GET)
        assert statuses(sent) == [404, 404]
        assert not says_close(sent)

    def test_many_requests(self):
        """The answer to the request number `max_requests` is the last one."""
        connection = Watched(limits=Limits(max_requests=3))
        assert not says_close(talk(connection, GET + GET))
        sent = talk(connection, GET + GET)
        assert statuses(sent) == [200]
        assert says_close(sent)

    def test_others_wait(self):
        """Where the server is to stop, or others wait for the place, the answer says so."""
        crowded = [False]
        connection = Watched(ends=lambda: crowded[0])
        assert not says_close(talk(connection, GET))
        crowded[0] = True
        sent = talk(connection, GET + GET)
        assert statuses(sent) == [200]
        assert says_close(sent)

    def test_handler_that_ends_it(self):
        """A handler may say `close`; what else it says about the connection is left out."""
        for value, last in (("close", True), ("Close", True), ("keep-alive", False)):
            response = Response(200, b"", Fields({"Connection": value, "X-Word": "yes"}))
            sent = talk(Watched(lambda request, response=response: response), GET)
            assert says_close(sent) is last
            assert sent.count(b"Connection:") == last
            assert b"\r\nX-Word: yes\r\n" in sent

    def test_lingering(self):
        """What still comes after the last answer is dropped, until the client ends its side."""
        connection = Watched()
        talk(connection, CLOSE)
        assert talk(connection, GET, BAD, b"x" * 100_000) == b""
        assert connection.state is State.LINGERING
        connection.receive(b"")
        assert connection.state is State.CLOSED


class TestTheClientStops:
    """Who ends its side, or lets its time run out."""

    @pytest.mark.parametrize("before", [b"", b"\r\n", GET, GET + b"\r\n"], ids=repr)
    def test_idle(self, before):
        """Between requests nothing was asked, so nothing is answered: not even 408."""
        for stop in (Connection.time_out, lambda connection: connection.receive(b"")):
            connection = Watched()
            talk(connection, *[before] * bool(before))
            stop(connection)
            assert answered(connection) == b"", "nobody has asked anything"
            assert connection.state is State.CLOSED

    @pytest.mark.parametrize("half", [b"G", HALF, HALF_BODY, CHUNKED[:-1]], ids=repr)
    def test_in_the_middle(self, half):
        """Half a request is answered: 400 at the end, 408 after silence (RFC 9110, 15.5.9)."""
        for before in ([], [GET]):
            connection = Watched()
            talk(connection, *before, half)
            connection.time_out()
            sent = answered(connection)
            assert statuses(sent) == [408]
            assert says_close(sent)
            connection = Watched()
            sent = talk(connection, *before, half, b"")
            assert statuses(sent)[-1] == 400
            assert says_close(sent)
            assert connection.state is State.LINGERING

    def test_after_its_last_word(self):
        """Who ends its side behind a whole request is answered, and then it is over."""
        connection = Watched()
        assert contents(talk(connection, GET)) == [b"<GET /hello >"]
        connection.receive(b"")
        assert connection.state is State.CLOSED


class TestTimeLimits:
    """Each state has a time limit of its own; the clock is somebody else's."""

    def test_limits(self):
        """The first byte, the head, the body, the answer, and between two requests."""
        connection = Watched()
        assert connection.patience.left == 1.0, "before its first request: as with a head"
        for sent, seconds in ((HALF, 1.0), (GET[len(HALF) :], 4.0)):
            connection.receive(sent)
            assert connection.patience.left == seconds
        answered(connection)
        assert connection.patience.left == 3.0
        connection.receive(HALF_BODY)
        assert connection.patience.left == 2.0

    def test_begins_anew_with_each_request(self):
        """What a client has taken for one request is not taken from the next one."""
        connection = Watched()
        connection.receive(HALF)
        connection.waited(0.75, 0)
        talk(connection, GET[len(HALF) :])
        connection.receive(HALF)
        assert connection.patience.left == 1.0

    def test_bytes_of_a_request_buy_time(self):
        """Who sends a body fast enough may take any time for it."""
        connection = Watched()
        connection.receive(HALF_BODY)
        for _ in range(100):
            connection.waited(1.0, LEAST_BYTES_PER_SECOND)
        assert connection.patience.left == 2.0

    @pytest.mark.parametrize("before", [[], [GET]], ids=["new", "idle"])
    def test_bytes_that_are_none_buy_nothing(self, before):
        """Empty lines keep nobody's place."""
        connection = Watched()
        talk(connection, *before)
        left = connection.patience.left
        connection.waited(0.5, 10 * LEAST_BYTES_PER_SECOND)
        assert connection.patience.left == left - 0.5


class TestMemory:
    """What a client has sent is given back when it has gone, not when the collector passes by."""

    @pytest.mark.parametrize(
        "sent",
        [b"", HALF, HALF_BODY, GET, b"G\0 / HTTP/1.1\r\n", GET + b"no request\r\n"],
        ids=["nothing", "half", "half a body", "whole", "malformed", "malformed behind a good one"],
    )
    def test_nothing_is_left(self, sent):
        """Not a circle of objects that hold each other, each of them a body long."""
        connection = Connection(echo, "127.0.0.1", Limits())
        if sent:
            connection.receive(sent)
            while connection.state is State.ANSWERING:
                b"".join(connection.answer())
                connection.sent()
        left = [weakref.ref(connection), weakref.ref(connection.parser)]
        connection.close()
        gc.disable()
        try:
            del connection
            assert [one() for one in left] == [None, None]
        finally:
            gc.enable()


class TestContinue:
    """100 (Continue), for a client that waits for it (RFC 9110, section 10.1.1)."""

    def head(self, *lines: str, version: str = "HTTP/1.1") -> bytes:
        """The head of a request with five bytes of body that is not sent yet."""
        lines = ("Content-Length: 5", "Expect: 100-continue", *lines)
        return get("/echo", *lines, method="POST", version=version)

    def test_once(self):
        """It is sent when the head is whole, and once, however the body comes."""
        connection = Watched()
        assert talk(connection, self.head()) == CONTINUE
        sent = talk(connection, *one_by_one(b"hello"))
        assert statuses(sent) == [200]
        assert contents(sent) == [b"<POST /echo hello>"]

    def test_for_each_request(self):
        """The next request may expect it, too."""
        connection = Watched()
        for _ in range(3):
            assert statuses(talk(connection, self.head(), b"hello")) == [100, 200]

    def test_pipelined(self):
        """It may have come with the request before: then it is told after that one's answer."""
        sent = talk(Watched(), GET + self.head(), b"hello")
        assert statuses(sent) == [200, 100, 200]

    @pytest.mark.parametrize("body", [b"h", b"hello"])
    def test_body_that_is_here(self, body):
        """Who sends its body at once does not wait, and is not told."""
        sent = talk(Watched(), self.head() + body, b"hello"[len(body) :] or b"\r\n")
        assert statuses(sent) == [200]

    def test_no_body(self):
        """Where there is no body to wait for there is the answer, and nothing before it."""
        assert statuses(talk(Watched(), get("/", "Expect: 100-continue"))) == [200]

    def test_1_0(self):
        """A client of HTTP/1.0 is never sent one: it would take it for the answer."""
        sent = talk(Watched(), self.head(version="HTTP/1.0"), b"hello")
        assert statuses(sent) == [200]

    def test_body_that_nobody_wants(self):
        """A body that is too long is refused in its place, before it is sent."""
        head = get("/echo", "Content-Length: 101", "Expect: 100-continue", method="POST")
        assert statuses(talk(Watched(), head)) == [413]

    def test_any_other_expectation(self):
        """Another expectation is 417."""
        assert statuses(talk(Watched(), get("/", "Expect: cookies"))) == [417]


class Source:
    """What a generated answer is made from: some pieces, and an error perhaps."""

    def __init__(self, closed: list[int], *pieces: bytes, error: BaseException | None = None):
        self.closed, self.pieces, self.error = closed, pieces, error

    def __iter__(self):
        yield from self.pieces
        if self.error:
            raise self.error

    def close(self) -> None:
        """Note it."""
        self.closed.append(1)


class TestGenerated:
    """Answers whose length nobody knows yet."""

    def connection(self, *pieces: bytes, error: BaseException | None = None) -> Watched:
        """A connection whose handler gives such an answer."""
        self.closed: list[int] = []
        source = Source(self.closed, *pieces, error=error)
        return Watched(lambda request: GeneratedResponse(source=source))

    def test_chunks(self):
        """It comes in chunks, and the connection goes on."""
        connection = self.connection(b"hello", b"", b"world")
        sent = talk(connection, GET)
        assert b"\r\nTransfer-Encoding: chunked\r\n" in sent
        assert sent.endswith(b"\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n")
        assert not says_close(sent)
        assert self.closed == [1]

    @pytest.mark.parametrize("lines", [[], ["Connection: keep-alive"]], ids=str)
    def test_1_0(self, lines):
        """For HTTP/1.0 there are no chunks, and its end is the end of the connection."""
        connection = self.connection(b"hello", b"world")
        sent = talk(connection, get("/", *lines, version="HTTP/1.0"))
        assert sent.endswith(b"\r\n\r\nhelloworld")
        assert b"Transfer-Encoding" not in sent
        assert b"Content-Length" not in sent
        assert says_close(sent)
        assert self.closed == [1]

    def test_head(self):
        """The answer to HEAD has the same head, and no content; its source is closed."""
        sent = talk(self.connection(b"hello"), get("/", method="HEAD"))
        assert b"\r\nTransfer-Encoding: chunked\r\n" in sent
        assert sent.endswith(b"\r\n\r\n")
        assert self.closed == [1]

    def test_generates(self):
        """Whoever has the socket is told that the next piece may take its time."""
        connection = self.connection(b"hello")
        connection.receive(GET)
        connection.answer()
        assert connection.generates
        connection = Watched()
        connection.receive(GET)
        connection.answer()
        assert not connection.generates

    def test_source_that_fails(self):
        """Where it fails the error comes through, there is no last chunk, and it is closed."""
        connection = self.connection(b"hello", error=OSError("the disk"))
        connection.receive(GET)
        sent = b""
        with pytest.raises(OSError, match="the disk"):
            for piece in connection.answer():
                sent += piece
        assert sent.endswith(b"\r\n\r\n5\r\nhello\r\n")
        connection.close()
        assert self.closed == [1]

    @pytest.mark.parametrize("error", [ConnectionResetError("the database"), TimeoutError("it")])
    def test_connection_of_the_handlers_own(self, error):
        """What a handler's database does is not taken for what the client does: it is told."""
        connection = self.connection(b"hello", error=error)
        connection.receive(GET)
        with pytest.raises(RuntimeError, match="broke off") as caught:
            b"".join(connection.answer())
        assert caught.value.__cause__ is error
        connection.close()

    def test_client_that_leaves_in_the_middle(self):
        """What it has open is given back, though not all of it was sent."""
        connection = self.connection(b"hello", b"world")
        connection.receive(GET)
        pieces = connection.answer()
        next(pieces)
        pieces.close()
        assert self.closed == []
        connection.close()
        connection.close()
        assert self.closed == [1], "it is closed once"

    def test_client_that_leaves_before(self):
        """The same where nothing of it was sent."""
        connection = self.connection(b"hello")
        connection.receive(GET)
        connection.answer()
        connection.close()
        assert self.closed == [1]


class TestHandlers:
    """The handler, and what it may do wrong."""

    def test_runs_when_the_answer_is_asked_for(self):
        """To receive runs no handler: it may take its time, and whoever receives has none."""
        seen: list[int] = []
        connection = Watched(lambda request: seen.append(1) or echo(request))
        connection.receive(GET)
        assert seen == []
        connection.answer()
        assert seen == [1]

    def test_client_is_known(self):
        """The handler learns the client's address, with each request."""
        seen: list[Request] = []
        talk(Watched(lambda request: seen.append(request) or echo(request)), GET + GET)
        assert [one.context["client"] for one in seen] == ["192.0.2.7"] * 2
        assert seen[0].context is not seen[1].context

    def test_trailers(self):
        """The handler sees trailers, apart from the fields."""
        seen: list[Request] = []
        talk(Watched(lambda request: seen.append(request) or echo(request)), CHUNKED)
        assert list(seen[0].trailers) == [("X", "y")]
        assert "X" not in seen[0].fields

    def test_head(self):
        """The answer to HEAD has no content, also where it is an error, or one behind it is."""
        for sent in (get(method="HEAD"), get(method="HEAD", version="HTTP/3.0")):
            assert talk(Watched(), sent).endswith(b"\r\n\r\n")
        sent = talk(Watched(), get(method="HEAD") + GET)
        assert contents(sent) == [b"<GET /hello >"]

    @pytest.mark.parametrize(
        "error",
        [ValueError("secret"), SystemExit("secret"), asyncio.CancelledError("secret")],
        ids=lambda error: type(error).__name__,
    )
    def test_handler_that_fails(self, error, capsys):
        """Whatever a handler raises is a 500 that tells nothing; the connection goes on."""
        connection = Watched(raising(error))
        sent = talk(connection, GET + GET)
        assert statuses(sent) == [500, 500]
        assert b"secret" not in sent
        log = capsys.readouterr().err
        assert log.count("Traceback") == 2
        assert type(error).__name__ in log

    def test_handler_that_returns_nothing(self, capsys):
        """A handler that forgets its answer is a 500, too, and the log says what it returned."""
        assert statuses(talk(Watched(lambda request: None), GET)) == [500]
        assert "returns a Response, not None" in capsys.readouterr().err

    def test_ctrl_c_is_no_fault_of_the_handler(self):
        """Ctrl-C while a handler runs in the main thread ends the server, as it should."""
        with pytest.raises(KeyboardInterrupt):
            talk(Watched(raising(KeyboardInterrupt())), GET)

    def test_error_comes_as_the_client_reads_it(self):
        """An HTTPError is answered in the form that Accept asks for (RFC 9110, section 12.5.1)."""
        connection = Watched(raising(HTTPError(404, "Not here.")))
        sent = talk(connection, get("/", "Accept: application/json"))
        assert b"\r\nContent-Type: application/json\r\n" in sent

    def test_small_answer_is_one_piece(self):
        """Head and content leave together, so that a small answer fits into one packet."""
        connection = Watched()
        connection.receive(GET)
        assert len(list(connection.answer())) == 1
