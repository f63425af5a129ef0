"""Exercise 06.1: patience is a bucket of seconds, which waiting empties and bytes fill."""

import pytest

from patience import LEAST_BYTES_PER_SECOND, Patience

pytestmark = pytest.mark.exercise("06.1")


def test_at_first():
    """At first there is as much as was given."""
    assert Patience(5).left == 5


def test_waiting_is_taken_off():
    """What was waited is taken off, each time."""
    patience = Patience(5)
    patience.spend(1.5, 0)
    assert patience.left == 3.5
    patience.spend(2, 0)
    assert patience.left == 1.5


def test_bytes_give_time_back():
    """LEAST_BYTES_PER_SECOND bytes give a second back, and fewer a part of one."""
    patience = Patience(5)
    patience.spend(3, LEAST_BYTES_PER_SECOND)
    assert patience.left == 3
    patience.spend(0, LEAST_BYTES_PER_SECOND // 2)
    assert patience.left == 3.5


def test_never_more_than_at_first():
    """A fast start is no licence to be slow later: there is never more than at first."""
    patience = Patience(5)
    patience.spend(0, 100 * LEAST_BYTES_PER_SECOND)
    assert patience.left == 5
    patience.spend(4, 100 * LEAST_BYTES_PER_SECOND)
    assert patience.left == 5


def test_who_waits_too_long_has_nothing_left():
    """Who waits longer than there was has nothing left."""
    patience = Patience(5)
    patience.spend(5, 0)
    assert patience.left <= 0
    patience = Patience(0.5)
    patience.spend(60, 10)
    assert patience.left <= 0


def test_trickle_stretches_nothing():
    """A client that sends a byte now and then is given up after little more than the time."""
    for pause in (0.1, 0.9, 4.9):
        patience, waited = Patience(5), 0.0
        while patience.left > 0 and waited < 50:
            patience.spend(pause, 1)
            waited += pause
        assert waited < 5 + 2 * pause


def test_who_is_fast_enough_is_never_given_up(rng):
    """A client with at least LEAST_BYTES_PER_SECOND may go on for hours, a pause included."""
    patience = Patience(5)
    for _ in range(10_000):
        pause = rng.uniform(0.01, 4)
        patience.spend(pause, round(pause * LEAST_BYTES_PER_SECOND) + 1)
        assert patience.left > 0


def test_time_is_told_not_looked_up(monkeypatch):
    """Patience knows no clock: the same is left, however long that takes here."""

    def clock():
        raise AssertionError("a clock was looked at: how long it was is what `spend` is told")

    for name in ("time", "monotonic", "perf_counter"):
        monkeypatch.setattr(f"time.{name}", clock)
    patience = Patience(5)
    patience.spend(1, 0)
    left = patience.left
    monkeypatch.undo()
    assert left == 4
