"""What every model promises about connections that stay, whatever it is made of.

The models run in a thread of this process, with handlers that tell when they are at work. All but
`fork`, whose processes would not share these handlers.
"""

import contextlib
import socket
import threading

import pytest

import blocking
import coroutines
import event_loop
from generated import GeneratedResponse
from limits import Limits
from listening import listen
from persistence import CONTINUE
from request import Request
from response import Response
from service import Service
from serving import MODELS
from stopping import Stop
from visitors import Visitors

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

IN_ONE_PROCESS = [name for name in MODELS if name != "fork"]

WAYS_TO_WAIT = ["threads", "selectors", "asyncio"]
"""`one` and `pool` wait for a client with the very code that `threads` waits with."""

AT_THE_SAME_TIME = ["threads", "pool", "selectors", "asyncio"]

CLOSE = b"\r\nConnection: close\r\n"

every_model = pytest.mark.parametrize("model", IN_ONE_PROCESS)
every_way_to_wait = pytest.mark.parametrize("model", WAYS_TO_WAIT)
every_concurrent_model = pytest.mark.parametrize("model", AT_THE_SAME_TIME)


def get(path: str = "/", *lines: str) -> bytes:
    """A request."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def post(body: bytes, *lines: str) -> bytes:
    """A request with a body."""
    head = ["POST /echo HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


class Client:
    """One connection to a model."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=SECONDS)
        self.came = b""

    def says(self, data: bytes) -> None:
        """Send it."""
        self.socket.sendall(data)

    def hears(self, end: bytes) -> bytes:
        """What comes up to these bytes; what follows them stays."""
        while end not in self.came:
            data = self.socket.recv(65536)
            assert data, f"the connection ended after {self.came!r}, without {end!r}"
            self.came += data
        at = self.came.index(end) + len(end)
        heard, self.came = self.came[:at], self.came[at:]
        return heard

    def ends(self) -> bytes:
        """All that comes until the server ends its side."""
        with contextlib.suppress(ConnectionError):
            while data := self.socket.recv(65536):
                self.came += data
        return self.came


class Running:
    """A model at work, in a thread."""

    def __init__(self, model: str, handler, most: int = 1000, **named: float) -> None:
        times = {"read_timeout": SECONDS, "body_timeout": SECONDS, "idle_timeout": 60.0}
        few = {"grace": SECONDS, "workers": 3, "max_connections": 20, "queue": 20}
        limits = times | {key: value for key, value in named.items() if key not in few}
        self.listener, self.stop = listen("127.0.0.1", 0), Stop()
        self.address = self.listener.getsockname()
        self.clients: list[Client] = []
        service = Service(
            handler=handler,
            listener=self.listener,
            stop=self.stop,
            limits=Limits(**limits),
            visitors=Visitors(most),
            **{key: named.get(key, value) for key, value in few.items()},
        )
        self.thread = threading.Thread(target=MODELS[model], args=(service,), daemon=True)
        self.thread.start()

    def client(self, data: bytes = b"") -> Client:
        """Somebody who connects, and says this."""
        self.clients.append(Client(self.address))
        self.clients[-1].says(data)
        return self.clients[-1]

    def end(self) -> None:
        """Tell it to stop; it must."""
        if not self.stop.requested:
            self.stop.request()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive(), "it does not stop"

    def close(self) -> None:
        """Let nothing be left of it."""
        for client in self.clients:
            client.socket.close()
        self.end()
        self.listener.close()
        self.stop.close()


def echo(request: Request) -> Response:
    """A handler that says what it was asked."""
    return Response.text(f"<{request.path}{request.body.decode()}>")


class Gate:
    """A handler that answers /wait when it is let go, and everything else at once."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Semaphore(0), threading.Event()

    def __call__(self, request: Request) -> Response:
        """The answer, sooner or later."""
        if request.path == "/wait":
            self.entered.release()
            self.open.wait(SECONDS)
        return echo(request)

    def expect(self) -> None:
        """A request has come in here."""
        assert self.entered.acquire(timeout=SECONDS), "it does not reach the handler"


@pytest.fixture
def start(monkeypatch):
    """Start a model with a handler and limits of one's own."""
    running: list[Running] = []
    monkeypatch.setattr(event_loop, "SWEEP_SECONDS", 0.02)  # so that nobody waits long in here
    for one in (blocking, coroutines, event_loop):
        monkeypatch.setattr(one, "LAST_CALL_SECONDS", 0.02)

    def begin(model: str, handler=echo, **named: float) -> Running:
        running.append(Running(model, handler, **named))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@every_model
def test_many_requests_on_one_connection(start, model):
    """Request after request, with bodies and without, and the connection stays."""
    client = start(model).client()
    for number in range(5):
        client.says(get(f"/{number}"))
        assert CLOSE not in client.hears(f"</{number}>".encode())
        client.says(post(b"x" * number))
        client.hears(b"</echo" + b"x" * number + b">")
    client.says(get("/last", "Connection: close"))
    assert CLOSE in client.hears(b"</last>")
    assert client.ends() == b""


@every_way_to_wait
def test_pipelined(start, model):
    """Requests that come at once are all answered, in their order (RFC 9112, section 9.3.2)."""
    client = start(model).client(b"".join(get(f"/{number}") for number in range(20)))
    for number in range(20):
        assert client.hears(b">").endswith(f"</{number}>".encode())


@every_way_to_wait
def test_byte_by_byte(start, model):
    """However it was cut, and with the next request behind it."""
    client = start(model).client()
    for byte in post(b"hello") + get("/behind"):
        client.says(bytes([byte]))
    client.hears(b"</echohello>")
    client.hears(b"</behind>")


@every_way_to_wait
def test_100_continue(start, model):
    """It is sent while the body is waited for, and once (RFC 9110, section 10.1.1)."""
    client = start(model).client(post(b"hello", "Expect: 100-continue")[:-5])
    assert client.hears(b"\r\n\r\n") == CONTINUE
    client.says(b"hello")
    answer = client.hears(b"</echohello>")
    assert answer.startswith(b"HTTP/1.1 200 ")


@every_way_to_wait
def test_100_continue_pipelined(start, model):
    """The same where the head has come together with the request before it."""
    client = start(model).client(get() + post(b"hello", "Expect: 100-continue")[:-5])
    client.hears(b"</>")
    assert client.hears(b"\r\n\r\n") == CONTINUE
    client.says(b"hello")
    client.hears(b"</echohello>")


@every_way_to_wait
def test_generated(start, model):
    """Each piece is sent when it is there, and not when all are; then the connection goes on."""
    next_one = threading.Semaphore(0)

    def source():
        for number in range(3):
            assert next_one.acquire(timeout=SECONDS)
            yield b"<%d>" % number

    def handler(request: Request) -> Response:
        return GeneratedResponse(source=source()) if request.path == "/count" else echo(request)

    client = start(model, handler).client(get("/count") + get("/behind"))
    for number in range(3):
        next_one.release()
        client.hears(b"3\r\n<%d>\r\n" % number)
    assert client.hears(b"0\r\n\r\n") == b"0\r\n\r\n"
    client.hears(b"</behind>")


@every_way_to_wait
def test_generated_answer_that_fails(start, model, capsys):
    """The connection ends without a last chunk, so that nobody takes it for whole.

    Its source is closed, and nobody else is the worse for it.
    """
    closed: list[int] = []

    def source():
        try:
            yield b"half"
            raise errors.pop()
        finally:
            closed.append(1)

    def handler(request: Request) -> Response:
        return GeneratedResponse(source=source()) if request.path == "/fail" else echo(request)

    errors = [ValueError("of a source"), SystemExit("of a source")] * 2
    running = start(model, handler, workers=2)
    for _ in range(4):
        assert running.client(get("/fail") + get("/next")).ends().endswith(b"4\r\nhalf\r\n")
    running.client(get("/fine")).hears(b"</fine>")
    assert closed == [1] * 4
    assert capsys.readouterr().err.count("of a source") >= 4


@every_way_to_wait
def test_idle_connections_end(start, model):
    """Who says nothing more after an answer is let go without a word; nobody counts as slow."""
    client = start(model, idle_timeout=0.03).client(get())
    client.hears(b"</>")
    assert client.ends() == b""


@every_way_to_wait
def test_half_a_request_ends_with_408(start, model):
    """Who does not go on is told so, within its head, within its body, and after an answer."""
    running = start(model, read_timeout=0.1, body_timeout=0.1)
    halves = [get()[:20], post(b"hello")[:-1], get() + get()[:20]]
    for client in [running.client(half) for half in halves]:
        answer = client.ends()
        assert b"HTTP/1.1 408 " in answer
        assert CLOSE in answer


@every_way_to_wait
def test_empty_line_is_no_request(start, model):
    """Who sends an empty line, and no more, has asked nothing: it is let go without a word."""
    assert start(model, read_timeout=0.05).client(b"\r\n").ends() == b""


@every_model
def test_idle_clients_give_way(start, model):
    """Who has been answered gives up its place when somebody waits for one."""
    running = start(model, workers=1, max_connections=1)
    idle = running.client(get())
    idle.hears(b"</>")
    second = running.client(get("/second"))
    assert idle.ends() == b""
    idle.socket.close()
    second.hears(b"</second>")


def is_waiting(running: Running, model: str) -> None:
    """Whoever came last waits for a place: the queue has one, so the next one is told 503."""
    if model != "one":  # there the kernel's queue is all there is
        assert running.client().ends().startswith(b"HTTP/1.1 503 ")


@every_model
def test_last_answer_where_others_wait(start, model):
    """Where somebody waits the answer says that it is the last one; then it is their turn."""
    gate = Gate()
    running = start(model, gate, workers=1, max_connections=1, queue=1)
    first = running.client(get("/wait") + get("/lost"))
    gate.expect()
    second = running.client(get("/second"))
    is_waiting(running, model)
    gate.open.set()
    answer = first.ends()
    assert CLOSE in answer
    assert b"</lost>" not in answer
    first.socket.close()
    second.hears(b"</second>")


@every_model
def test_who_comes_while_an_answer_is_sent(start, model):
    """An answer that has begun cannot say any more that it is the last one.

    All the same its client gives up the place once it is idle.
    """

    def handler(request: Request) -> Response:
        large = Response(200, 1_500_000 * b"x" + b"<end>")
        return large if request.path == "/large" else echo(request)

    running = start(model, handler, workers=1, max_connections=1, queue=1)
    first = running.client(get("/large"))
    assert CLOSE not in first.hears(b"\r\n\r\n")
    second = running.client(get("/second"))
    is_waiting(running, model)
    first.hears(b"<end>")
    assert first.ends() == b""
    second.hears(b"</second>")


@every_model
def test_stop(start, model):
    """Who is at work when the order comes is answered, and told that this was the last one.

    Idle connections, and those that were silent from the beginning, hold up nothing.
    """
    gate = Gate()
    running = start(model, gate)
    if model != "one":
        idle = running.client(get())
        idle.hears(b"</>")
        silent = running.client()
    first = running.client(get("/wait") + get("/lost"))
    gate.expect()
    running.stop.request()
    gate.open.set()
    answer = first.ends()
    assert answer.endswith(b"</wait>")
    assert CLOSE in answer
    first.socket.close()
    running.thread.join(SECONDS)
    assert not running.thread.is_alive(), "it does not stop"
    if model != "one":
        assert idle.ends() == silent.ends() == b""


@every_way_to_wait
def test_errors_reach_the_client(start, model):
    """A request that is refused while it is still being sent: the answer arrives all the same."""
    running = start(model, max_body=10)
    client = running.client(post(b"x" * 300_000))
    answer = client.ends()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert CLOSE in answer


@every_concurrent_model
def test_too_many_of_one_address(start, model):
    """An address has so many connections at a time; the next one is told 503."""
    running = start(model, most=2)
    inside = [running.client(get()) for _ in range(2)]
    for client in inside:
        client.hears(b"</>")
    assert running.client().ends().startswith(b"HTTP/1.1 503 ")
    inside[0].says(get("/", "Connection: close"))
    inside[0].ends()
    inside[0].socket.close()
    for _ in range(1000):
        answer = running.client(get("/", "Connection: close")).ends()
        if answer.startswith(b"HTTP/1.1 200 "):
            break
    assert answer.startswith(b"HTTP/1.1 200 "), "who has left still counts"


@every_way_to_wait
def test_clients_that_leave_cost_nothing(start, model, capsys):
    """Who leaves in the middle, or between two requests, is no error, and leaves nothing."""
    running = start(model, workers=2)
    for half in (b"", get()[:20], post(b"hello")[:-1], get(), get() + get()[:10]):
        client = running.client(half)
        if half.startswith(get()):
            client.hears(b"</>")
        client.socket.close()
    running.client(get("/fine")).hears(b"</fine>")
    assert capsys.readouterr().err == ""


@every_model
def test_many_clients(start, model):
    """Each gets its own answers, on connections that are kept, with no word of another's."""
    running = start(model, workers=8)
    clients = []
    for _ in range(1 if model == "one" else 8):  # one by one: who waits for a place ends others
        clients.append(running.client(get()))
        clients[-1].hears(b"</>")
    for turn in range(5):
        for number, client in enumerate(clients):
            client.says(get(f"/{number}-{turn}"))
        for number, client in enumerate(clients):
            assert client.hears(b">").endswith(f"</{number}-{turn}>".encode())
