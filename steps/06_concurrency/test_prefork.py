"""The parent of the processes, and exercise 06.3: no zombies.

No process is made here. A stand-in answers for `os.waitpid`: so the exercise's checks run on every
system.
"""

import os
import signal
from types import SimpleNamespace

import pytest

import prefork
from prefork import (
    ORDERS,
    RESTART_SECONDS,
    ChildStop,
    Family,
    live_as_child,
    serve_as_child,
    serve_fork,
)
from service import Service
from stopping import Stop

NOW = 1000.0

has_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

CRASHED = 256
"""What waitpid says of a process that has ended with exit code 1."""


class Kernel:
    """Knows which children have ended, and forgets each when it is asked."""

    def __init__(self, alive: list[int], ended: dict[int, int]) -> None:
        self.alive, self.ended, self.calls = alive, ended, 0

    def waitpid(self, pid: int, options: int) -> tuple[int, int]:
        """As os.waitpid: (0, 0) where none has ended, ChildProcessError where there is none."""
        self.calls += 1
        assert self.calls < 100, "os.waitpid is called again and again, long after it said (0, 0)"
        assert options == os.WNOHANG, "waitpid without WNOHANG waits until a child has ended"
        if not self.alive and not self.ended:
            raise ChildProcessError("there is no child to wait for: look at self.children first")
        for child in [child for child in self.ended if pid in (-1, child)]:
            return child, self.ended.pop(child)
        return 0, 0


@pytest.fixture
def family(monkeypatch):
    """Makes a family whose children were born long ago, at NOW, and of which some have ended."""

    def make(born: dict[int, float], ended: dict[int, int]) -> Family:
        kernel = Kernel([child for child in born if child not in ended], dict(ended))
        monkeypatch.setattr(os, "WNOHANG", 1, raising=False)
        monkeypatch.setattr(os, "waitpid", kernel.waitpid, raising=False)
        monkeypatch.setattr(prefork, "time", SimpleNamespace(monotonic=lambda: NOW))
        family = Family(SimpleNamespace(workers=3))
        family.children = dict(born)
        family.kernel = kernel
        return family

    return make


@pytest.mark.exercise("06.3")
class TestReap:
    """Taking leave of the children that have ended."""

    def test_nobody_has_ended(self, family):
        """While all live, nothing changes, and nobody waits for one to end."""
        one = family({11: 5.0, 12: 5.0}, ended={})
        one.reap()
        assert one.children == {11: 5.0, 12: 5.0}

    def test_without_children(self, family):
        """Without any child there is nobody to ask for: no error."""
        family({}, ended={}).reap()

    def test_child_that_has_ended(self, family):
        """A child that has ended is one of the children no more."""
        one = family({11: 5.0, 12: 5.0, 13: 5.0}, ended={12: 0})
        one.reap()
        assert one.children == {11: 5.0, 13: 5.0}
        assert not one.kernel.ended

    def test_all_that_have_ended(self, family):
        """One signal may stand for several deaths: all are taken leave of, also all at once."""
        for born in ({11: 5.0, 12: 5.0, 13: 5.0, 14: 5.0}, {11: 5.0, 12: 5.0, 13: 5.0}):
            one = family(born, ended={11: 0, 12: CRASHED, 13: 9})
            one.reap()
            zombies = list(one.kernel.ended)
            assert zombies == []
            assert one.children.keys() == born.keys() - {11, 12, 13}

    def test_child_of_somebody_else(self, family):
        """A child that we have not made, left by what this process was before, is no error."""
        one = family({11: 5.0}, ended={99: CRASHED})
        one.reap()
        assert one.children == {11: 5.0}
        assert not one.kernel.ended

    def test_crash_at_birth(self, family):
        """After a child that fails at birth none is born for RESTART_SECONDS from this moment."""
        one = family({11: NOW - RESTART_SECONDS / 2}, ended={11: CRASHED})
        one.reap()
        assert one.rest_until == NOW + RESTART_SECONDS

    def test_crash_later_on(self, family):
        """A child that has lived a while, whatever it died of, is replaced at once."""
        one = family({11: NOW - 2 * RESTART_SECONDS}, ended={11: CRASHED})
        one.reap()
        assert one.rest_until <= NOW

    def test_end_in_order(self, family):
        """A child that has ended with 0 is no fault, however soon it was."""
        one = family({11: NOW - RESTART_SECONDS / 2}, ended={11: 0})
        one.reap()
        assert one.rest_until <= NOW


@pytest.mark.exercise("06.3")
def test_every_child_that_has_ended_is_taken_leave_of(family, rng):
    """Of any number of children just those are left that live."""
    for _ in range(20):
        born = dict.fromkeys(rng.sample(range(2, 30000), rng.randint(1, 10)), 5.0)
        ended = rng.sample(sorted(born), rng.randint(0, len(born)))
        one = family(born, dict.fromkeys(ended, rng.choice([0, CRASHED, 9])))
        one.reap()
        assert sorted(one.children) == sorted(born.keys() - set(ended))


def test_no_more_processes(family, monkeypatch, capsys):
    """Where the system makes no process the log says so, and it is tried again later."""
    if not hasattr(signal, "pthread_sigmask"):
        pytest.skip("this system has no fork, and no signals to hold back meanwhile")

    def fork():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork, raising=False)
    one = family({11: 5.0}, ended={})
    assert one.lacks_one()
    one.bear(os.getpid())
    assert one.children == {11: 5.0}
    assert not one.lacks_one()
    assert capsys.readouterr().err == "No child can be made: Resource temporarily unavailable.\n"
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_signals_go_to_every_child(family, monkeypatch):
    """Each child is told, and one that is gone already does not keep the others from it."""
    told = []

    def kill(pid: int, number: int) -> None:
        told.append((pid, number))
        if pid == 12:
            raise ProcessLookupError

    monkeypatch.setattr(os, "kill", kill)
    family({11: 5.0, 12: 5.0, 13: 5.0}, ended={}).tell(signal.SIGTERM)
    assert told == [(11, signal.SIGTERM), (12, signal.SIGTERM), (13, signal.SIGTERM)]


def test_order_to_a_child():
    """A child stops when it is told, and to be told twice is no more than once."""
    stop = ChildStop(os.getppid())
    assert not stop.requested
    stop.request()
    stop.request()
    assert stop.requested
    stop.close()


def test_orphan():
    """A child whose parent is another one than it was stops: nobody would ever tell it."""
    stop = ChildStop(os.getppid() + 1)
    assert stop.requested
    stop.close()


class System:
    """Children that end so many seconds after SIGTERM, or at SIGKILL; and what happened, in order.

    It is the clock, too, and that goes on while somebody sleeps.
    """

    def __init__(self, **seconds: float) -> None:
        """Each child is named by its process id: `_11` is 11."""
        self.seconds = {int(name[1:]): value for name, value in seconds.items()}
        self.ends: dict[int, float] = {}
        self.now, self.happened = NOW, []

    def monotonic(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """It goes on."""
        self.now += seconds

    def close(self) -> None:
        """The door is closed."""
        self.happened.append("door")

    def kill(self, child: int, number: int) -> None:
        """A child is told."""
        self.happened.append((child, signal.Signals(number).name))
        self.ends[child] = self.now + (self.seconds[child] if number == signal.SIGTERM else 0)

    def waitpid(self, pid: int, options: int) -> tuple[int, int]:
        """Take leave of one that has ended; with options 0 wait for that."""
        for child, end in list(self.ends.items()):
            if pid in (-1, child) and end <= self.now:
                del self.ends[child]
                self.happened.append((child, "reaped"))
                return child, 0
        assert options == os.WNOHANG, f"{pid} is waited for, and does not end"
        return 0, 0


@pytest.fixture
def parent(monkeypatch):
    """Makes a parent of such children, which gives them 5 seconds."""

    def make(system: System) -> Family:
        monkeypatch.setattr(prefork, "time", system)
        monkeypatch.setattr(os, "kill", system.kill)
        monkeypatch.setattr(os, "waitpid", system.waitpid)
        family = Family(SimpleNamespace(grace=5.0, listener=system))
        family.children = dict.fromkeys(system.seconds, 5.0)
        return family

    return make


@has_fork
def test_end_waits_for_all(parent):
    """At the end the door is closed, each child is told, and what it has in flight waited for."""
    system = System(_11=3.0, _12=0.2)
    one = parent(system)
    one.end()
    one.kill()
    assert system.happened == [
        "door",
        (11, "SIGTERM"),
        (12, "SIGTERM"),
        (12, "reaped"),
        (11, "reaped"),
    ]


@has_fork
def test_end_does_not_wait_for_ever(parent):
    """A child that takes longer than the grace is killed, and not left as a zombie either."""
    system = System(_11=60.0, _12=0.2)
    one = parent(system)
    one.end()
    assert system.now < NOW + 6, "the grace is 5 seconds"
    one.kill()
    assert system.happened[-2:] == [(11, "SIGKILL"), (11, "reaped")]


@has_fork
def test_nobody_is_left_behind(monkeypatch):
    """Whatever ends the parent, a second Ctrl-C too: its children end with it."""
    happened, before = [], signal.getsignal(signal.SIGCHLD)

    class Interrupted:
        def __init__(self, service: object) -> None:
            """Its life is short."""

        def live(self) -> None:
            raise KeyboardInterrupt

        def kill(self) -> None:
            happened.append("killed")

    monkeypatch.setattr(prefork, "Family", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        serve_fork(None)
    assert happened == ["killed"]
    assert signal.getsignal(signal.SIGCHLD) is before


def test_parent_is_woken_once(monkeypatch):
    """What wakes the parent is taken out: it does not go round and round from then on."""
    stop = Stop()
    family = Family(SimpleNamespace(stop=stop, workers=0))

    def reap() -> None:
        with pytest.raises(BlockingIOError):
            stop.reader.recv(1)
        stop.requested = True

    monkeypatch.setattr(family, "reap", reap)
    stop.wake()
    family.live()
    assert stop.requested
    stop.close()


def blocked() -> set[int]:
    """The signals that are held back now."""
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, []))


@has_fork
def test_order_that_comes_at_birth(family, monkeypatch):
    """Around the fork orders are held back: one that comes then would be lost to the child."""
    held = []
    monkeypatch.setattr(os, "fork", lambda: held.extend(blocked()) or 14)
    one = family({11: 5.0}, ended={})
    one.bear(os.getpid())
    assert set(held) >= ORDERS
    assert not blocked() & ORDERS
    assert one.children == {11: 5.0, 14: NOW}


@has_fork
def test_signals_of_a_child(monkeypatch):
    """A child is told by SIGTERM; Ctrl-C is for its parent to see, and its parent's children too.

    From here on what was held back at its birth comes in.
    """
    handled = {}

    def arrivals(service: Service) -> list:
        for number in (signal.SIGINT, signal.SIGCHLD):
            handled[number] = signal.getsignal(number)
        handled["held back"] = blocked() & ORDERS
        service.stop.request()
        handled["told"] = service.stop.requested and not stop.requested
        return []

    stop = Stop()
    monkeypatch.setattr(prefork, "arrivals", arrivals)
    before = signal.signal(signal.SIGCHLD, lambda *signal_and_frame: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
    try:
        serve_as_child(Service(None, None, stop, 5.0, 5.0, 1, 10, 10), os.getppid())
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
        signal.signal(signal.SIGCHLD, before)
        stop.close()
    assert handled == {
        signal.SIGINT: signal.SIG_IGN,
        signal.SIGCHLD: signal.SIG_DFL,
        "held back": set(),
        "told": True,
    }


class Gone(BaseException):
    """The process has ended, in the place of `os._exit`."""


@pytest.mark.parametrize(("error", "code"), [(None, 0), (ValueError("x"), 1), (SystemExit(3), 1)])
def test_child_never_comes_back(error, code, monkeypatch, capsys):
    """However a child's life ends, its process does: the code around the fork is its parent's."""

    def life(service: object, parent: int) -> None:
        if error:
            raise error

    def end(status: int) -> None:
        raise Gone(status)

    monkeypatch.setattr(prefork, "serve_as_child", life)
    monkeypatch.setattr(os, "_exit", end)
    with pytest.raises((Gone, SystemExit)) as ended:
        live_as_child(None, os.getppid())
    assert isinstance(ended.value, Gone), "the child goes on as its parent would"
    assert ended.value.args == (code,)
    assert bool(error) == ("Traceback" in capsys.readouterr().err)
