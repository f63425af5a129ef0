"""A thread for each connection, up to a bound; beyond that some wait, and the rest is refused."""

import threading
from collections import deque
from types import SimpleNamespace

import pytest

import threads as module
from threads import Threads

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""


class Visitors:
    """Stands in for conversations: each goes on until it is let go."""

    all_may_go = False

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.changed = threading.Condition()
        self.gates: dict[str, threading.Event] = {}

    def attend(self, connection: str, service: object) -> None:
        """The conversation on this connection."""
        with self.changed:
            gate = self.gates[connection] = threading.Event()
            self.begun.append(connection)
            self.changed.notify_all()
            if self.all_may_go:
                return
        gate.wait(SECONDS)

    def expect(self, *names: str) -> None:
        """Just these have begun, in any order."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.begun) >= len(names), SECONDS)
            assert sorted(self.begun) == sorted(names)

    def let_go(self, name: str) -> None:
        """End this conversation."""
        self.gates[name].set()

    def let_all_go(self) -> None:
        """End them all, those that have not begun yet too."""
        with self.changed:
            self.all_may_go = True
        for gate in self.gates.values():
            gate.set()


@pytest.fixture
def visitors(monkeypatch):
    """The conversations."""
    visitors = Visitors()
    monkeypatch.setattr(module, "attend", visitors.attend)
    return visitors


@pytest.fixture
def some(visitors):
    """Two places, and room for one who waits."""
    some = Threads(SimpleNamespace(max_connections=2, queue=1))
    yield some
    visitors.let_all_go()
    some.finish(SECONDS)


def test_each_has_its_own_thread(some, visitors):
    """Two are served at the same time."""
    assert some.take("a")
    assert some.take("b")
    visitors.expect("a", "b")


def test_bound(some, visitors):
    """So many are served, so many more wait, and nobody else is taken."""
    assert [some.take(name) for name in "abcde"] == [True, True, True, False, False]
    visitors.expect("a", "b")


def test_queue_moves_on(some, visitors):
    """Who waits is served when a place is free, and there is room for the next one."""
    for name in "abc":
        some.take(name)
    visitors.expect("a", "b")
    visitors.let_go("a")
    visitors.expect("a", "b", "c")
    assert some.take("d")
    visitors.let_go("c")
    visitors.expect("a", "b", "c", "d")


def test_place_and_queue_are_one_look(some, monkeypatch):
    """Between the look at the places and what follows from it no thread may end its work.

    A client that is queued when the last thread has just gone would wait for ever.
    """
    held = []

    class Waiting(deque):
        def append(self, connection: str) -> None:
            held.append(some.lock.locked())

    monkeypatch.setattr(some, "start", lambda connection: held.append(some.lock.locked()))
    some.waiting = Waiting()
    some.take("served")
    some.running = {"a thread", "another one"}
    some.take("queued")
    some.running = set()
    assert held == [True, True], "the lock has to be held"


def test_ctrl_c_of_a_handler(some, monkeypatch):
    """KeyboardInterrupt of a handler ends no thread: who waits is served, and the place is free."""
    served = []

    def attend(connection: str, service: object) -> None:
        served.append(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "attend", attend)
    some.running.add(threading.current_thread())
    some.waiting.append("b")
    try:
        some.work("a")
    except KeyboardInterrupt:
        some.running.clear()
        pytest.fail("the thread has died of it")
    assert served == ["a", "b"]
    assert some.running == set()


def test_finish(some, visitors):
    """At the end it waits for those who are served, and for those who wait."""
    for name in "abc":
        some.take(name)
    visitors.expect("a", "b")
    finishing = threading.Thread(target=some.finish, args=(SECONDS,), daemon=True)
    finishing.start()
    visitors.let_go("a")
    visitors.expect("a", "b", "c")
    assert finishing.is_alive()
    visitors.let_go("b")
    visitors.let_go("c")
    finishing.join(SECONDS)
    assert not finishing.is_alive()
    assert some.running == set()


def test_finish_does_not_wait_for_ever(some, visitors):
    """Who takes longer than the grace is left, and its thread keeps no program from ending."""
    some.take("a")
    visitors.expect("a")
    some.finish(0.01)
    [thread] = some.running
    assert thread.daemon


def test_no_more_threads(some, visitors, monkeypatch):
    """Where the system gives no thread the client is refused, and no place is lost."""

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert not some.take("a")
        assert not some.take("b")
    assert some.running == set()
    assert some.take("c")
    visitors.expect("c")
