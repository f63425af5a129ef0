"""What every model promises, whatever it is made of; and how one is chosen and started.

The models run in a thread of this process, with handlers that tell when they are at work. All but
`fork`, whose processes would not share these handlers: test_server.py has it over the wire.
"""

import argparse
import asyncio
import contextlib
import os
import select
import signal
import socket
import threading
import time
from types import SimpleNamespace

import pytest

import app
import blocking
import coroutines
import event_loop
import serving as module
from listening import listen
from request import Request
from response import Response
from service import Service
from serving import MODELS, add_options, run, service_for
from stopping import Stop

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

MOMENT_SECONDS = 0.05
"""Who does not wait for a handler has ended by then."""

IN_ONE_PROCESS = [name for name in MODELS if name != "fork"]
AT_THE_SAME_TIME = [name for name in IN_ONE_PROCESS if name != "one"]

WAYS_TO_WAIT = ["threads", "selectors", "asyncio"]
"""`one` and `pool` wait for a client with the very code that `threads` waits with."""

every_model = pytest.mark.parametrize("model", IN_ONE_PROCESS)
every_concurrent_model = pytest.mark.parametrize("model", AT_THE_SAME_TIME)


class Running:
    """A model at work, in a thread."""

    def __init__(self, model: str, handler, **limits: float) -> None:
        few = {"read_timeout": SECONDS, "grace": SECONDS, "workers": 3}
        few |= {"max_connections": 20, "queue": 20}
        self.listener, self.stop = listen("127.0.0.1", 0), Stop()
        self.address = self.listener.getsockname()
        service = Service(handler, self.listener, self.stop, **(few | limits))
        self.thread = threading.Thread(target=MODELS[model], args=(service,), daemon=True)
        self.thread.start()

    def begin(self, path: str = "/", whole: bool = True) -> socket.socket:
        """A connection on which this was asked, or half of it."""
        connection = socket.create_connection(self.address, timeout=SECONDS)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(head.encode() + (b"\r\n" if whole else b""))
        return connection

    def ask(self, path: str = "/") -> bytes:
        """The answer to this."""
        return heard(self.begin(path))

    def end(self) -> None:
        """Tell it to stop; it must."""
        self.stop.request()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive(), "it does not stop"

    def close(self) -> None:
        """Let nothing be left of it."""
        if not self.stop.requested:
            self.end()
        self.listener.close()
        self.stop.close()


def heard(connection: socket.socket) -> bytes:
    """All that comes until the server ends the conversation, or breaks it off."""
    answer = b""
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(65536):
            answer += data
    return answer


def status(answer: bytes) -> int:
    """The status of an answer; 0 where there is none."""
    return int(answer.split(b" ")[1]) if answer else 0


def hello(request: Request) -> Response:
    """A handler that is done at once."""
    return Response.text(f"hello from {request.path}")


class Gate:
    """A handler that answers /at-once at once, and everything else when it is let go."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Semaphore(0), threading.Event()

    def __call__(self, request: Request) -> Response:
        """The answer, sooner or later."""
        if request.path != "/at-once":
            self.entered.release()
            self.open.wait(SECONDS)
        return hello(request)

    def expect(self, count: int) -> None:
        """So many requests have come in here."""
        for _ in range(count):
            assert self.entered.acquire(timeout=SECONDS), "it does not reach the handler"


@pytest.fixture
def start(monkeypatch):
    """Start a model with a handler and limits of one's own."""
    running: list[Running] = []
    monkeypatch.setattr(event_loop, "SWEEP_SECONDS", 0.02)  # so that nobody waits long in here
    for one in (blocking, coroutines, event_loop):
        monkeypatch.setattr(one, "LAST_CALL_SECONDS", 0.02)

    def begin(model: str, handler=hello, **limits: float) -> Running:
        running.append(Running(model, handler, **limits))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@every_model
def test_each_client_gets_its_own_answer(start, model):
    """Many requests, all at once: each is answered, with what belongs to it."""
    running = start(model)
    paths = [f"/{number}" for number in range(20)]
    connections = [running.begin(path) for path in paths]
    for path, connection in zip(paths, connections, strict=True):
        assert heard(connection).endswith(f"hello from {path}".encode())


@every_concurrent_model
def test_all_are_served_at_the_same_time(start, model):
    """Three handlers that wait for each other: none goes on before all three are at work."""
    together = threading.Barrier(3)

    def handler(request: Request) -> Response:
        try:
            together.wait(1)
        except threading.BrokenBarrierError:
            return Response.text("the others did not come while I was at work", 500)
        return hello(request)

    running = start(model, handler)
    connections = [running.begin() for _ in range(3)]
    answers = [heard(connection).rpartition(b"\r\n")[2] for connection in connections]
    assert answers == [b"hello from /"] * 3


@every_concurrent_model
def test_slow_clients_hold_up_nobody(start, model):
    """Some have said half of what they want, some nothing, one does not read: others go on."""
    large = bytes(3_000_000)

    def handler(request: Request) -> Response:
        return Response(200, large) if request.path == "/large" else hello(request)

    running = start(model, handler, workers=6)
    halves = [running.begin(whole=False) for _ in range(2)]
    silent = socket.create_connection(running.address, timeout=SECONDS)
    lazy = running.begin("/large")
    assert lazy.recv(1) == b"H"
    for _ in range(5):
        assert status(running.ask()) == 200
    for half in halves:
        half.sendall(b"\r\n")
        assert status(heard(half)) == 200
    assert len(heard(lazy)) > len(large)
    silent.close()


@every_model
def test_handler_that_fails_costs_nothing(start, model, capsys):
    """More exceptions than there are workers: each is a 500, and the next request is answered."""
    errors = [ValueError(), SystemExit(), asyncio.CancelledError()] * 2

    def handler(request: Request) -> Response:
        if request.path == "/fail":
            raise errors.pop()
        return hello(request)

    running = start(model, handler, workers=2)
    assert [status(running.ask("/fail")) for _ in range(6)] == [500] * 6
    assert status(running.ask()) == 200


class Breaks(Response):
    """An answer that ends in the middle."""

    def __init__(self, error: BaseException) -> None:
        """So many bytes are promised, and then this error comes."""
        super().__init__(200, b"hello")
        self.error = error

    def blocks(self):
        """One piece, and then the error."""
        yield b"he"
        raise self.error


@every_model
def test_answer_that_breaks_off_costs_nothing(start, model, capsys):
    """An answer that fails while it is sent ends its own connection, and the log says why."""
    errors = [ValueError(), SystemExit(), asyncio.CancelledError()]
    errors += [TimeoutError("the database"), ConnectionResetError("a friend"), BlockingIOError("!")]

    def handler(request: Request) -> Response:
        return Breaks(errors.pop()) if request.path == "/fail" else hello(request)

    running = start(model, handler, workers=2)
    assert [running.ask("/fail").endswith(b"\r\n\r\nhe") for _ in range(6)] == [True] * 6
    assert status(running.ask()) == 200
    told = capsys.readouterr().err
    assert all(text in told for text in ("the database", "a friend", "BlockingIOError: !"))


@every_model
def test_clients_that_leave_cost_nothing(start, model, capsys):
    """Who leaves in the middle, or without a word, is no error, and leaves nothing behind."""
    running = start(model, workers=2)
    for number in range(6):
        running.begin(whole=number % 2 == 0).close()
        socket.create_connection(running.address, timeout=SECONDS).close()
    assert status(running.ask()) == 200
    assert capsys.readouterr().err == ""


def test_time_limit(start):
    """Who has begun a request and does not end it is told 408; who says nothing is let go."""
    running = [start(model, read_timeout=0.03) for model in WAYS_TO_WAIT]
    halves = [one.begin(whole=False) for one in running]
    silent = [socket.create_connection(one.address, timeout=SECONDS) for one in running]
    assert [status(heard(half)) for half in halves] == [408] * len(running)
    assert [heard(one) for one in silent] == [b""] * len(running)


def test_trickle(start):
    """A byte now and then keeps nobody's place: the time limit is for the whole request."""
    trickles = {
        start(model, read_timeout=0.08).begin("/" + 500 * "x", whole=False): model
        for model in WAYS_TO_WAIT
    }
    for _ in range(300):
        if not trickles:
            break
        for answered in select.select(list(trickles), [], [], 0.002)[0]:
            del trickles[answered]
            assert status(heard(answered)) == 408
        for trickle in trickles:
            trickle.sendall(b"x")
    for trickle in trickles:
        trickle.close()
    patient = sorted(trickles.values())
    assert patient == [], "300 bytes later it still waits for the rest"


class Endless(Response):
    """An answer that has no end, and tells when it is let go."""

    def __init__(self) -> None:
        super().__init__(200, b"hello")
        self.let_go = threading.Event()

    def blocks(self):
        """Piece after piece."""
        try:
            while True:
                yield bytes(65536)
        finally:
            self.let_go.set()


def test_client_that_takes_nothing(start):
    """Who takes nothing of its answer is given up after the time limit for writing.

    With it goes what the answer has open; and the time limit for reading is another one.
    """
    answers = {model: Endless() for model in WAYS_TO_WAIT}
    clients = [
        start(model, lambda request, answer=answer: answer, write_timeout=0.03).begin()
        for model, answer in answers.items()
    ]
    patient = [model for model, answer in answers.items() if not answer.let_go.wait(1)]
    assert patient == [], "it still waits for a client that takes nothing"
    for client in clients:
        client.close()


@pytest.mark.parametrize("model", WAYS_TO_WAIT)
def test_what_comes_after_the_answer(start, model):
    """The server reads on until the client ends its side.

    Bytes that nobody reads would make the kernel reset the connection, and that can destroy an
    answer on its way (RFC 9112, section 9.6).
    """
    with start(model).begin() as client:
        while client.recv(65536):
            pass
        for _ in range(3):
            client.sendall(b"more")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""


@every_concurrent_model
def test_bound(start, model):
    """One is served, one waits, the third is told to come again; then all is as before."""
    gate = Gate()
    running = start(model, gate, workers=1, max_connections=1, queue=1)
    first = running.begin()
    gate.expect(1)
    second = running.begin()
    refused = running.ask()
    assert status(refused) == 503
    assert b"\r\nRetry-After: 1\r\n" in refused
    assert b"\r\nConnection: close\r\n" in refused
    gate.open.set()
    assert [status(heard(one)) for one in (first, second)] == [200, 200]
    assert status(running.ask("/at-once")) == 200


@every_model
def test_stop_loses_nobody(start, model):
    """Who is served when the order to stop comes, or waits for that, gets an answer; then it ends.

    That is so for those in our queue, and for those in the kernel's. No thread is left over.
    """
    gate, before = Gate(), set(threading.enumerate())
    running = start(model, gate, workers=1, max_connections=1)
    first = running.begin()
    gate.expect(1)
    others = [running.begin(f"/{number}") for number in range(5)]
    running.stop.request()
    gate.open.set()
    assert status(heard(first)) == 200
    assert [status(heard(one)) for one in others] == [200] * 5
    running.thread.join(SECONDS)
    assert not running.thread.is_alive(), "it does not stop"
    with pytest.raises(OSError):
        running.begin()
    threads = set(threading.enumerate()) - before
    for thread in threads:
        thread.join(1)
    assert not any(thread.is_alive() for thread in threads), "its threads go on"


def test_stop_waits_for_handlers(start):
    """No model ends while a handler is at work on what came before the order to stop."""
    gate = Gate()
    running = {model: start(model, gate) for model in IN_ONE_PROCESS}
    connections = [one.begin() for one in running.values()]
    gate.expect(len(connections))
    for one in running.values():
        one.stop.request()
    until = time.monotonic() + MOMENT_SECONDS
    for one in running.values():
        one.thread.join(max(0.0, until - time.monotonic()))
    hasty = [model for model, one in running.items() if not one.thread.is_alive()]
    gate.open.set()
    assert hasty == [], "it has ended, and a handler is still at work"
    assert [status(heard(one)) for one in connections] == [200] * len(connections)


@pytest.mark.parametrize("model", ["selectors", "asyncio"])
def test_stop_while_a_handler_has_the_loop(start, model):
    """Who has come by the time the loop looks up is answered, though it is to stop by then."""
    gate = Gate()
    running = start(model, gate, workers=0)
    first = running.begin()
    gate.expect(1)
    running.stop.request()
    others = [running.begin("/at-once") for _ in range(5)]
    gate.open.set()
    assert [status(heard(one)) for one in [first, *others]] == [200] * 6


@every_model
def test_stop_does_not_wait_for_the_silent(start, model):
    """A client that has said nothing yet, as browsers do, keeps no server from stopping."""
    running = start(model, read_timeout=60, grace=60)
    with socket.create_connection(running.address, timeout=SECONDS):
        running.end()


@every_concurrent_model
def test_grace_ends(start, model):
    """A request that takes longer than the grace does not keep the server from stopping."""
    gate = Gate()
    running = start(model, gate, grace=0.02)
    with running.begin():
        gate.expect(1)
        running.end()
        gate.open.set()


@pytest.mark.parametrize("model", ["selectors", "asyncio"])
def test_handlers_in_the_loop(start, model):
    """Without workers the loop runs the handlers itself, in its one thread."""
    threads = []

    def handler(request: Request) -> Response:
        threads.append(threading.current_thread())
        return hello(request)

    running = start(model, handler, workers=0)
    assert [status(running.ask()) for _ in range(3)] == [200] * 3
    assert threads == [running.thread] * 3


@every_concurrent_model
def test_slow_answer(start, model, monkeypatch):
    """/slow takes its time; who asks meanwhile does not wait for it."""
    over = threading.Event()
    monkeypatch.setattr(app, "time", SimpleNamespace(sleep=lambda seconds: over.wait(SECONDS)))
    running = start(model, app.router)
    slow = running.begin("/slow")
    assert running.ask("/echo/quick").endswith(b"quick")
    over.set()
    assert heard(slow).endswith(b"That took 1 s.\n")


def options(*words: str) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--read-timeout", type=float, default=5.0)
    add_options(parser)
    return parser.parse_args(words)


def limits(*words: str) -> Service:
    """What the models are given then."""
    return service_for(hello, None, None, options(*words))


@pytest.mark.parametrize(
    "words",
    [
        ["--model", "nothing"],
        ["--model", "Threads"],
        ["--workers", "x"],
        ["--workers", "-1"],
        ["--workers", "1.5"],
        ["--max-connections", "0"],
        ["--queue", "0"],
        ["--grace", "0"],
        ["--grace", "nan"],
    ],
    ids=" ".join,
)
def test_options_that_mean_nothing(words, capsys):
    """One line says what is wrong, and what would be right."""
    with pytest.raises(SystemExit) as error:
        options(*words)
    assert error.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"not {words[1]!r}") or "0" in words[1]


def test_system_without_fork(monkeypatch, capsys):
    """Where the system has no fork the error says so, and what to take instead."""
    monkeypatch.delattr(os, "fork", raising=False)
    with pytest.raises(SystemExit):
        options("--model", "fork")
    assert "no fork; take pool, or selectors" in capsys.readouterr().err


@pytest.mark.parametrize("model", ["pool", "fork"])
def test_nobody_to_work(model, monkeypatch):
    """A pool without threads could do nothing: an error, and no server that stands still."""
    monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    with pytest.raises(SystemExit, match=f"The model {model} can do nothing without workers"):
        limits("--model", model, "--workers", "0")


def test_limits_of_the_system(monkeypatch):
    """No more connections are served than there can be open files, and some files are kept."""
    monkeypatch.setattr(module, "open_files", lambda wanted: 400)
    service = limits("--max-connections", "10000", "--queue", "10000")
    assert service.max_connections + service.queue < 400
    assert service.max_connections == 300
    monkeypatch.setattr(module, "open_files", lambda wanted: 100_000)
    service = limits("--max-connections", "10000", "--queue", "500")
    assert (service.max_connections, service.queue) == (10000, 500)


def test_workers():
    """Each model has as many workers as are asked for, or a number that fits it."""
    assert limits("--model", "pool").workers == 32
    assert limits("--model", "selectors").workers == limits("--model", "asyncio").workers == 32
    assert limits("--model", "pool").max_connections == 32
    assert limits("--model", "selectors", "--workers", "0").workers == 0
    assert limits("--model", "pool", "--workers", "5").max_connections == 5
    few = limits("--model", "pool", "--max-connections", "2")
    assert (few.workers, few.max_connections) == (2, 2), "each of its workers serves one"


def test_times():
    """Each time limit is the one that its option names."""
    service = limits("--read-timeout", "1", "--write-timeout", "2", "--grace", "3")
    assert (service.read_timeout, service.write_timeout, service.grace) == (1.0, 2.0, 3.0)


@pytest.fixture
def run_model(monkeypatch):
    """Runs the program, with a model of one's own; gives the codes that it ended itself with."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)

    def run_it(model, threads: int = 1) -> list[int]:
        monkeypatch.setitem(MODELS, "threads", model)
        monkeypatch.setattr(threading, "active_count", lambda: threads)
        arguments = options()
        arguments.host, arguments.port = "127.0.0.1", 0
        run(hello, arguments)
        return codes

    return run_it


def test_ctrl_c(run_model, capsys):
    """Ctrl-C is an order to the model; when that has ended the server says so, and ends too."""
    seen = []

    def model(service: Service) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        seen.append(service.stop.requested)

    assert run_model(model) == []
    assert seen == [True], "the model is not told"
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("Serving on http://127.0.0.1:")
    assert last == "Stopped."


def test_second_ctrl_c(run_model):
    """Who asks twice does not want to wait: one line says what that means, and no traceback."""

    def model(service: Service) -> None:
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises((SystemExit, KeyboardInterrupt)) as ended:
        run_model(model)
    assert str(ended.value) == "Stopped at once; what was in flight is lost."


def test_thread_that_does_not_end(run_model):
    """A handler's thread that is left over, daemon or not, keeps no server from ending."""
    assert run_model(lambda service: None, threads=2) == [0]


def test_port_that_is_taken(capsys):
    """A port that somebody else has is told in one line."""
    with listen("127.0.0.1", 0) as taken:
        arguments = options()
        arguments.host, arguments.port = taken.getsockname()
        with pytest.raises(SystemExit, match=r"Cannot listen on 127.0.0.1:.* Try another --port"):
            run(hello, arguments)
