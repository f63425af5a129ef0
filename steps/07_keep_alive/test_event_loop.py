"""The event loop by hand, with connections that stay: who gives way, and who is never held up.

A stand-in for the selector keeps what it is told. What `turn` and `follow` promised in step 06
they promise still.
"""

import selectors
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from types import SimpleNamespace

import pytest

from event_loop import NEVER, EventLoop
from generated import GeneratedResponse
from limits import Limits
from request import Request
from response import Response
from service import Service

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
CLOSE = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Selector:
    """What is registered, as strict as the real one."""

    def __init__(self) -> None:
        self.watched: dict[object, SelectorKey] = {}

    def register(self, thing, events: int, data=None) -> None:
        """From now on wait for it."""
        assert thing not in self.watched, "it is registered already"
        assert events in (EVENT_READ, EVENT_WRITE)
        self.watched[thing] = SelectorKey(thing, 0, events, data)

    def modify(self, thing, events: int, data=None) -> None:
        """Wait for something else."""
        self.unregister(thing)
        self.register(thing, events, data)

    def unregister(self, thing) -> None:
        """Don't wait for it any more."""
        assert not getattr(thing, "closed", False), "unregister it before it is closed"
        del self.watched[thing]

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """All that has something to read, or room for something to write."""
        return [
            (key, key.events)
            for key in list(self.watched.values())
            if key.events == EVENT_WRITE or getattr(key.fileobj, "waiting", None)
        ]

    def close(self) -> None:
        """Nothing to give back."""


class Client:
    """A socket whose client sends these pieces, and takes everything."""

    def __init__(self, *waiting: bytes, address: str = "192.0.2.1") -> None:
        self.waiting, self.address = deque(waiting), address
        self.taken, self.closed, self.ended = b"", False, False

    def setblocking(self, flag: bool) -> None:
        """It does not wait."""

    def getpeername(self) -> tuple[str, int]:
        """Where the client is."""
        return self.address, 50000

    def recv(self, count: int) -> bytes:
        """What has come."""
        if not self.waiting:
            raise BlockingIOError
        return self.waiting.popleft()

    def send(self, data: bytes) -> int:
        """All of it is taken."""
        self.taken += bytes(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """Our side ends."""
        self.ended = True

    def close(self) -> None:
        """That was all."""
        self.closed = True


class Bell:
    """What the loop is woken with: the order to stop, and answers that are ready."""

    def __init__(self) -> None:
        self.waiting: list[bool] = []
        self.requested = False

    def wake(self) -> None:
        """Ring."""
        self.waiting.append(True)

    def woken(self) -> None:
        """It was heard."""
        self.waiting.clear()


class Door:
    """A listening socket at which these clients wait."""

    def __init__(self, *clients: Client) -> None:
        self.waiting = list(clients)

    def accept(self) -> tuple[Client, object]:
        """The next one; BlockingIOError where there is none."""
        if not self.waiting:
            raise BlockingIOError
        return self.waiting.pop(0), None

    def setblocking(self, flag: bool) -> None:
        """It does not wait."""

    def close(self) -> None:
        """The door is closed."""


class Guests:
    """Lets in whoever is not from this address."""

    def __init__(self, unwelcome: str) -> None:
        self.unwelcome = unwelcome

    def admit(self, connection: Client, address: str) -> Client | None:
        """The connection, or None."""
        return None if address == self.unwelcome else connection


def hello(request: Request) -> Response:
    """A handler."""
    return Response.text("<hello>")


@pytest.fixture
def make_loop(monkeypatch):
    """Makes a loop at the stand-in's selector, with these at its door; handlers run in the loop."""
    monkeypatch.setattr(selectors, "DefaultSelector", Selector)

    def make(*clients: Client, handler=hello, max_connections: int = 10, queue: int = 10):
        service = Service(
            handler=handler,
            listener=Door(*clients),
            stop=Bell(),
            limits=Limits(read_timeout=5.0, idle_timeout=7.0),
            visitors=Guests("192.0.2.66"),
            grace=5.0,
            workers=0,
            max_connections=max_connections,
            queue=queue,
        )
        loop = EventLoop(service)
        loop.selector.register(service.stop, EVENT_READ, service.stop.woken)
        loop.sweep(0.0)
        loop.sweep_at = NEVER
        return loop

    return make


def turns(loop: EventLoop, count: int = 20) -> None:
    """Go round so often."""
    for _ in range(count):
        loop.turn()


def test_one_request_after_the_other(make_loop):
    """The connection is kept, and watched again after each answer."""
    client = Client(GET, GET)
    loop = make_loop(client)
    turns(loop)
    assert client.taken.count(b"<hello>") == 2
    assert loop.selector.watched[client].events == EVENT_READ
    client.waiting.append(CLOSE)
    turns(loop)
    assert client.taken.count(b"<hello>") == 3
    assert client.ended
    client.waiting.append(b"")
    turns(loop)
    assert client.closed
    assert not loop.peers


def test_pipelined(make_loop):
    """Nobody waits for bytes that are here already."""
    client = Client(GET * 5)
    loop = make_loop(client)
    turns(loop)
    assert client.taken.count(b"<hello>") == 5


def test_generated(make_loop):
    """Pieces that a handler makes are made one by one, and all are sent."""
    client = Client(GET)
    loop = make_loop(client, handler=lambda request: GeneratedResponse(source=[b"a", b"b"]))
    turns(loop)
    assert client.taken.endswith(b"\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")
    assert not client.ended


def test_each_job_goes_to_a_thread_once(make_loop):
    """While a handler is at work nobody waits for its socket, and no other begins with its job."""
    client = Client(GET)
    loop = make_loop(client)
    given: list[object] = []
    loop.handlers = SimpleNamespace(submit=lambda job: given.append(job) or Future())
    turns(loop)
    [peer] = loop.peers
    loop.follow(peer)
    loop.follow(peer)
    assert len(given) == 1
    assert client not in loop.selector.watched


def test_order_to_stop(make_loop):
    """From the order on, each answer is the last one; who is idle is let go at the last call."""
    idle, busy, silent, half = Client(GET), Client(GET), Client(), Client(GET[:10])
    loop = make_loop(idle, busy, silent, half)
    turns(loop)
    loop.service.stop.requested = True
    busy.waiting.append(GET)
    turns(loop)
    assert busy.taken.count(b"\r\nConnection: close\r\n") == 1
    assert busy.ended
    loop.close_door()
    loop.sweep(loop.last_call - 0.01)
    assert not idle.closed
    loop.sweep(loop.last_call)
    assert idle.closed
    assert silent.closed
    assert not half.closed, "it has begun a request, so it is waited for"


def test_idle_client_gives_way(make_loop):
    """Where others wait in the queue, who is idle after an answer gives up its place."""
    idle, silent, waits = Client(GET), Client(), Client(GET)
    loop = make_loop(idle, silent, max_connections=2)
    turns(loop)
    loop.service.listener.waiting.append(waits)
    turns(loop)
    assert loop.queue
    assert not idle.closed
    loop.sweep(time.monotonic())
    assert idle.closed
    assert not silent.closed, "it was never answered: its turn has only begun"
    turns(loop)
    assert waits.taken.count(b"<hello>") == 1


def test_last_answer_where_others_wait(make_loop):
    """While somebody is in the queue, each answer says that it is the last one."""
    first, second = Client(), Client(GET)
    loop = make_loop(first, second, max_connections=1)
    turns(loop)
    first.waiting.append(GET + GET)
    turns(loop)
    assert first.taken.count(b"<hello>") == 1
    assert b"\r\nConnection: close\r\n" in first.taken
    first.waiting.append(b"")
    turns(loop)
    assert second.taken.count(b"<hello>") == 1
    assert b"\r\nConnection: close\r\n" not in second.taken


def test_who_waits_in_the_queue_is_not_idle(make_loop):
    """Nobody is dropped while it waits for its turn; its time begins when it is served."""
    first, second = Client(), Client(GET)
    loop = make_loop(first, second, max_connections=1)
    turns(loop)
    [peer] = loop.queue
    assert peer.deadline == NEVER
    assert not peer.is_idle


def test_idle_for_too_long(make_loop):
    """An idle connection is closed without a word; half a request is told 408."""
    idle, half = Client(GET), Client(GET[:10])
    loop = make_loop(idle, half)
    turns(loop)
    before = idle.taken
    loop.sweep(time.monotonic() + 6)
    assert not idle.closed
    turns(loop)
    assert half.taken.startswith(b"HTTP/1.1 408 ")
    loop.sweep(time.monotonic() + 8)
    assert idle.closed
    assert idle.taken == before


def test_too_many_of_one_address(make_loop):
    """Who has too many connections already is told that we are busy, and takes no place."""
    unwelcome, other = Client(GET, address="192.0.2.66"), Client(GET)
    loop = make_loop(unwelcome, other)
    turns(loop)
    assert unwelcome.taken.startswith(b"HTTP/1.1 503 ")
    assert len(loop.peers) == 1
    assert other.taken.count(b"<hello>") == 1


def test_handler_that_breaks(make_loop, capsys):
    """An answer that cannot even be begun ends its connection, and the loop goes on."""
    client = Client()
    loop = make_loop(client)
    turns(loop)
    [peer] = loop.peers
    peer.job = partial(hello, None)
    result: Future = Future()
    result.set_exception(ValueError("broken"))
    loop.take_result(peer, result)
    assert client.closed
    assert "broken" in capsys.readouterr().err
