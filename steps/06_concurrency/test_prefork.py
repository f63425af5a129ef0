"""The parent of the processes, and exercise 06.3: no zombies.

No process is made here. A stand-in answers for `os.waitpid`: so these checks run on every system.
"""

import os
import signal
from types import SimpleNamespace

import pytest

import prefork
from prefork import RESTART_SECONDS, ChildStop, Family

NOW = 1000.0

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
