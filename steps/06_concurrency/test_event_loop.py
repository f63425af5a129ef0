"""The event loop by hand, and exercise 06.5: wait for all at once.

A stand-in for the selector keeps what it is told, and is as strict as the real one.
"""

import errno
import itertools
import selectors
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from types import SimpleNamespace

import pytest

import event_loop
from event_loop import NEVER, SWEEP_SECONDS, EventLoop
from peer import Stage
from request import Request
from response import Response
from service import Service
from stopping import Stop

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Selector:
    """What is registered, and with which events; `ready` is what the next select gives."""

    def __init__(self) -> None:
        self.watched: dict[object, SelectorKey] = {}
        self.ready: list[SelectorKey] = []
        self.calls: list[str] = []
        self.timeouts: list[float | None] = []

    def register(self, thing, events: int, data=None) -> None:
        """From now on wait for it."""
        self.calls.append("register")
        if thing in self.watched:
            raise KeyError(f"{thing!r} is registered already")
        if events not in (EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE):
            raise ValueError(f"invalid events: {events!r}")
        self.watched[thing] = SelectorKey(thing, 0, events, data)

    def modify(self, thing, events: int, data=None) -> None:
        """Wait for something else."""
        self.unregister(thing)
        self.register(thing, events, data)
        self.calls[-2:] = ["modify"]

    def unregister(self, thing) -> None:
        """Don't wait for it any more."""
        self.calls.append("unregister")
        if thing not in self.watched:
            raise KeyError(f"{thing!r} is not registered")
        if getattr(thing, "closed", False):
            raise ValueError("a socket that is closed has no descriptor: unregister it before")
        del self.watched[thing]

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """What is ready."""
        self.timeouts.append(timeout)
        ready, self.ready = self.ready, []
        return [(key, key.events) for key in ready]

    def close(self) -> None:
        """Nothing to give back."""


class Connection:
    """A socket whose client has sent these bytes, and takes everything."""

    def __init__(self, sent: bytes = b"") -> None:
        self.sent, self.taken, self.closed = sent, b"", False

    def setblocking(self, flag: bool) -> None:
        """It does not wait."""

    def getpeername(self) -> tuple[str, int]:
        """Where the client is."""
        return "192.0.2.1", 50000

    def recv(self, count: int) -> bytes:
        """What has come."""
        data, self.sent = self.sent[:count], self.sent[count:]
        if not data:
            raise BlockingIOError
        return data

    def send(self, data: bytes) -> int:
        """All of it is taken."""
        self.taken += bytes(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """Our side ends."""

    def close(self) -> None:
        """That was all."""
        self.closed = True


class Peer:
    """A stand-in for a connection at some stage, with the events that it waits for."""

    def __init__(self, stage: Stage, waits_for: int = 0) -> None:
        self.stage, self.waits_for = stage, waits_for
        self.connection = Connection()

    def become(self, stage: Stage, waits_for: int = 0) -> None:
        """Go on to another stage."""
        self.stage, self.waits_for = stage, waits_for

    def close(self) -> None:
        """The connection is closed with it."""
        self.connection.close()


class Listener:
    """A listening socket at which these connections wait, or an error."""

    def __init__(self, *waiting: Connection | OSError) -> None:
        self.waiting = list(waiting)

    def accept(self) -> tuple[Connection, object]:
        """The next one; BlockingIOError where there is none."""
        if not self.waiting:
            raise BlockingIOError
        if isinstance(self.waiting[0], OSError):
            raise self.waiting[0]
        return self.waiting.pop(0), None

    def setblocking(self, flag: bool) -> None:
        """It does not wait."""

    def close(self) -> None:
        """The door is closed."""


def hello(request: Request) -> Response:
    """A handler."""
    return Response.text(f"hello from {request.path}")


@pytest.fixture
def make_loop(monkeypatch):
    """Makes a loop with these limits, at the stand-in's selector; handlers run in the loop."""
    monkeypatch.setattr(selectors, "DefaultSelector", Selector)

    def make(*waiting: Connection | OSError, max_connections: int = 10, queue: int = 10):
        stop = SimpleNamespace(requested=False, wake=lambda: None)
        service = Service(
            handler=hello,
            listener=Listener(*waiting),
            stop=stop,
            read_timeout=5.0,
            grace=5.0,
            workers=0,
            max_connections=max_connections,
            queue=queue,
        )
        return EventLoop(service)

    return make


@pytest.fixture
def loop(make_loop):
    """A loop that has swept just now."""
    loop = make_loop()
    loop.sweep_at = time.monotonic() + 1000
    return loop


def known(loop: EventLoop, peer: Peer, events: int = 0) -> Peer:
    """The peer, which the loop knows and waits for already."""
    if events:
        loop.selector.register(peer.connection, events, lambda: None)
        loop.selector.calls.clear()
    loop.peers[peer] = events
    return peer


def events_on(loop: EventLoop, peer: Peer) -> int:
    """What the selector waits for on this connection."""
    key = loop.selector.watched.get(peer.connection)
    return key.events if key else 0


@pytest.mark.exercise("06.5")
class TestFollow:
    """The selector waits for what the connection waits for."""

    @pytest.mark.parametrize("events", [EVENT_READ, EVENT_WRITE], ids=["read", "write"])
    def test_begin_to_wait(self, loop, events):
        """A connection that waits for something is registered, for that and nothing else."""
        peer = known(loop, Peer(Stage.RECEIVING, events))
        loop.follow(peer)
        assert events_on(loop, peer) == events
        assert loop.peers[peer] == events

    def test_call(self, loop):
        """What is ready is called: `go_on`, with the connection that it belongs to."""
        called: list[Peer] = []
        loop.go_on = called.append
        peers = [known(loop, Peer(Stage.RECEIVING, EVENT_READ)) for _ in range(2)]
        for peer in peers:
            loop.follow(peer)
        for peer in reversed(peers):
            data = loop.selector.watched[peer.connection].data
            assert callable(data), "the data of what is registered is what `turn` calls"
            data()
        assert called == peers[::-1]

    def test_wait_for_something_else(self, loop):
        """From reading to writing: the selector follows, and still calls the right one."""
        called: list[Peer] = []
        loop.go_on = called.append
        peer = known(loop, Peer(Stage.SENDING, EVENT_WRITE), EVENT_READ)
        loop.follow(peer)
        assert events_on(loop, peer) == EVENT_WRITE
        assert loop.peers[peer] == EVENT_WRITE
        loop.selector.watched[peer.connection].data()
        assert called == [peer]

    def test_wait_for_nothing(self, loop):
        """While the handler is at work its socket is ready all the time: nobody waits for it."""
        peer = known(loop, Peer(Stage.ANSWERING), EVENT_READ)
        loop.follow(peer)
        assert events_on(loop, peer) == 0
        assert loop.peers == {peer: 0}
        assert not peer.connection.closed

    def test_and_again(self, loop):
        """After the handler it waits again."""
        peer = known(loop, Peer(Stage.ANSWERING), EVENT_READ)
        loop.follow(peer)
        peer.become(Stage.SENDING, EVENT_WRITE)
        loop.follow(peer)
        assert events_on(loop, peer) == EVENT_WRITE

    def test_nothing_changes(self, loop):
        """Where nothing changes the selector is not asked: each call costs a call of the system."""
        peers = [
            known(loop, Peer(Stage.RECEIVING, EVENT_READ), EVENT_READ),
            known(loop, Peer(Stage.QUEUED)),
        ]
        for peer in peers:
            loop.follow(peer)
        assert loop.selector.calls == []
        assert list(loop.peers) == peers

    @pytest.mark.parametrize("events", [EVENT_READ, EVENT_WRITE, 0], ids=["read", "write", "not"])
    def test_done(self, loop, events):
        """A connection that is done is unregistered, forgotten and closed."""
        peer = known(loop, Peer(Stage.DONE), events)
        loop.follow(peer)
        assert loop.selector.watched == {}
        assert loop.peers == {}
        assert peer.connection.closed

    def test_only_that_one(self, loop):
        """The others stay as they are."""
        other = known(loop, Peer(Stage.RECEIVING, EVENT_READ), EVENT_READ)
        loop.follow(known(loop, Peer(Stage.DONE), EVENT_READ))
        assert loop.peers == {other: EVENT_READ}
        assert not other.connection.closed


@pytest.mark.exercise("06.5")
class TestTurn:
    """Wait until something is ready, and do whatever is."""

    def test_all_that_is_ready(self, loop):
        """Each thing that is ready is called, once."""
        called: list[str] = []
        loop.selector.ready = [
            SelectorKey(None, 0, EVENT_READ, partial(called.append, name)) for name in "abc"
        ]
        loop.turn()
        assert called == ["a", "b", "c"]

    def test_waits_but_not_for_ever(self, loop):
        """It waits for SWEEP_SECONDS at the most, so as to see whose time is up, in one place."""
        loop.turn()
        assert loop.selector.timeouts == [SWEEP_SECONDS]

    def test_answers(self, loop):
        """All answers that handlers have finished are sent, in their order, also new ones."""
        sent: list[tuple[str, str]] = []

        def send_answer(peer: str, answer: str) -> None:
            sent.append((peer, answer))
            if peer == "two":
                loop.answered.append(("three", "c"))

        loop.send_answer = send_answer
        loop.answered.extend([("one", "a"), ("two", "b")])
        loop.selector.ready = [SelectorKey(None, 0, EVENT_READ, lambda: None)]  # the wake-up
        loop.turn()
        assert sent == [("one", "a"), ("two", "b"), ("three", "c")]
        assert not loop.answered

    def test_answer_that_is_ready_in_this_turn(self, loop):
        """What is called may bring an answer: it does not have to wait for the next turn."""
        sent: list[str] = []
        loop.send_answer = lambda peer, answer: sent.append(peer)
        bring = partial(loop.answered.append, ("now", None))
        loop.selector.ready = [SelectorKey(None, 0, EVENT_READ, bring)]
        loop.turn()
        assert sent == ["now"]

    def test_answer_does_not_wait_for_the_next_handler(self, loop):
        """With no threads a handler is done when its call is: its answer goes out at once."""
        happened: list[str] = []
        loop.send_answer = lambda peer, answer: happened.append(f"answer {peer}")

        def handle(number: int) -> None:
            happened.append(f"handler {number}")
            loop.answered.append((number, None))

        loop.selector.ready = [
            SelectorKey(None, 0, EVENT_READ, partial(handle, number)) for number in (1, 2)
        ]
        loop.turn()
        assert happened == ["handler 1", "answer 1", "handler 2", "answer 2"]

    def test_sweep(self, loop):
        """It is swept when it is time for that, and then not again before the next time."""
        swept: list[float] = []
        loop.sweep = swept.append
        loop.sweep_at = before = time.monotonic()
        loop.turn()
        loop.turn()
        assert len(swept) == 1
        assert before <= swept[0] <= time.monotonic()
        assert loop.sweep_at == pytest.approx(swept[0] + SWEEP_SECONDS)

    def test_who_comes_while_the_loop_is_busy(self, loop, monkeypatch):
        """Whose time is up is asked of the moment before the work: who came later is not late."""
        now, swept = [100.0], []
        monkeypatch.setattr(event_loop, "time", SimpleNamespace(monotonic=lambda: now[0]))
        loop.sweep, loop.sweep_at = swept.append, 100.0
        work = partial(now.__setitem__, 0, 160.0)
        loop.selector.ready = [SelectorKey(None, 0, EVENT_READ, work)]
        loop.turn()
        assert swept == [100.0], "a client would be dropped for the loop's own slowness"

    def test_those_in_the_queue(self, make_loop):
        """Who waits in the queue is served as soon as a place is free."""
        loop = make_loop(max_connections=1)
        loop.sweep_at = time.monotonic() + 1000
        first, second = Connection(GET), Connection(GET)
        loop.add(first)
        loop.add(second)
        loop.turn()
        assert list(loop.selector.watched) == [first]
        [peer] = [peer for peer in loop.peers if peer.connection is first]
        peer.stage = Stage.DONE
        loop.selector.ready = [SelectorKey(None, 0, EVENT_READ, partial(loop.follow, peer))]
        loop.turn()
        assert [peer.connection for peer in loop.peers] == [second]
        assert not loop.queue


def test_one_conversation(make_loop):
    """From the door to the answer, turn by turn."""
    connection = Connection(GET)
    loop = make_loop(connection)
    loop.turn()
    [door] = loop.selector.watched.values()
    loop.selector.ready = [door]
    loop.turn()
    loop.selector.ready = [loop.selector.watched[connection]]
    loop.turn()
    assert connection.taken.endswith(b"\r\n\r\nhello from /hello")


def test_bound(make_loop):
    """So many are served, so many more wait; who comes then is told 503, and when to come again."""
    loop = make_loop(max_connections=2, queue=1)
    connections = [Connection() for _ in range(4)]
    for connection in connections:
        loop.add(connection)
    assert list(loop.selector.watched) == connections[:2]
    assert [peer.connection for peer in loop.queue] == connections[2:3]
    assert connections[3].taken.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: " in connections[3].taken


def test_time_in_the_queue(make_loop, monkeypatch):
    """The time of who had to wait for a place begins when there is one: it was not silent."""
    now = [1000.0]
    monkeypatch.setattr(event_loop, "time", SimpleNamespace(monotonic=lambda: now[0]))
    loop = make_loop(max_connections=1)
    first, second = Connection(), Connection()
    loop.add(first)
    loop.add(second)
    [waiting] = loop.queue
    [served] = [peer for peer in loop.peers if peer is not waiting]
    now[0] += 60.0
    served.stage = Stage.DONE
    loop.follow(served)
    loop.seat()
    assert waiting.deadline == pytest.approx(now[0] + loop.service.read_timeout)


def test_time_limits(make_loop):
    """Who asks has the time limit for reading, who is answered the one for writing."""
    loop = make_loop()
    loop.service = replace(loop.service, read_timeout=3.0, write_timeout=7.0)
    loop.add(Connection())
    [peer] = loop.peers
    assert peer.patience.left == 3.0
    assert peer.write_seconds == 7.0


def test_those_who_leave_take_no_place(make_loop):
    """Clients that were told 503 and do not leave keep nobody in the queue waiting."""
    loop = make_loop(max_connections=1, queue=1)
    first, second = Connection(), Connection(GET)
    for connection in (first, second, Connection(), Connection(), Connection()):
        loop.add(connection)
    [peer] = [peer for peer in loop.peers if peer.connection is first]
    peer.stage = Stage.DONE
    loop.follow(peer)
    loop.seat()
    assert not loop.queue
    assert [peer.connection for peer in loop.peers] == [second]


def test_shortage(make_loop, capsys):
    """Without descriptors the door is left alone for a moment, and watched again later."""
    loop = make_loop(OSError(errno.EMFILE, "Too many open files"))
    listener = loop.service.listener
    loop.sweep(now=0.0)
    assert listener in loop.selector.watched
    loop.welcome()
    assert listener not in loop.selector.watched, "a door that is ready all the time makes it spin"
    assert "Too many open files" in capsys.readouterr().err
    loop.sweep(now=time.monotonic() + 1000)
    assert listener in loop.selector.watched


def test_crowd_at_the_door(make_loop, monkeypatch):
    """However many come, the others have a turn after BACKLOG of them."""
    monkeypatch.setattr(event_loop, "BACKLOG", 5)
    endless = (Connection() for _ in itertools.count())
    monkeypatch.setattr(event_loop, "waiting", lambda listener: endless)
    loop = make_loop(max_connections=50, queue=50)
    loop.leaving = SimpleNamespace(add=lambda connection: pytest.fail("it goes on and on"))
    loop.welcome()
    assert len(loop.peers) == 5


def test_those_who_leave_are_looked_after(make_loop):
    """Clients that were turned away are let go, as often as it is swept."""
    loop, tidied = make_loop(), []
    loop.leaving = SimpleNamespace(tidy=lambda: tidied.append(True))
    loop.sweep(now=0.0)
    assert tidied == [True]


def test_end_of_the_grace(make_loop):
    """Who is not done by then is closed; and the handlers' threads end, or are left, as well."""
    begun = Connection(GET[:10])
    loop, left = make_loop(begun), []
    loop.handlers = SimpleNamespace(finish=left.append)
    with closing(Stop()) as stop:
        loop.service = replace(loop.service, grace=0.0, stop=stop)
        stop.request()
        loop.run()
    assert begun.closed
    assert [seconds <= 0 for seconds in left] == [True]


def test_stop_in_a_shortage(make_loop, capsys):
    """The order to stop may come while there are no descriptors."""
    loop = make_loop(OSError(errno.EMFILE, "Too many open files"))
    loop.sweep(now=0.0)
    loop.welcome()
    loop.close_door()
    assert loop.selector.watched == {}


def test_door_is_closed(make_loop):
    """Those who wait at the door are taken, and nobody after them."""
    loop = make_loop(Connection(), Connection())
    loop.sweep(now=0.0)
    loop.close_door()
    assert len(loop.peers) == 2
    assert loop.service.listener not in loop.selector.watched
    loop.sweep(now=time.monotonic())
    assert loop.service.listener not in loop.selector.watched


def test_time_is_up(make_loop):
    """Who is silent for too long is let go; who has begun is told 408."""
    silent, slow = Connection(), Connection(GET[:10])
    loop = make_loop(silent, slow)
    loop.sweep(now=0.0)
    loop.welcome()
    loop.selector.watched[slow].data()
    loop.sweep(now=time.monotonic() + 4)
    assert silent in loop.selector.watched
    loop.sweep(now=time.monotonic() + 6)
    assert silent.closed
    assert silent.taken == b""
    assert slow.taken.startswith(b"HTTP/1.1 408 ")


def test_last_call(make_loop):
    """After the order to stop, who has said nothing is not waited for as long as otherwise."""
    silent, begun = Connection(), Connection(GET[:10])
    loop = make_loop(silent, begun)
    loop.sweep(now=0.0)
    loop.welcome()
    loop.selector.watched[begun].data()
    loop.close_door()
    assert loop.last_call < NEVER
    loop.sweep(now=loop.last_call)
    assert silent.closed
    assert begun in loop.selector.watched


def test_handler_that_breaks(make_loop, capsys):
    """An answer that cannot even be begun ends its connection, and the loop goes on."""
    connection = Connection(GET)
    loop = make_loop(connection)
    loop.sweep(now=0.0)
    loop.welcome()
    [peer] = loop.peers
    future = event_loop.Future()
    future.set_exception(ValueError("broken"))
    loop.send_answer(peer, future)
    assert connection.closed
    assert "broken" in capsys.readouterr().err
