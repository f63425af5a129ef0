"""The order to stop: a signal, as something that a loop can wait for beside its sockets."""

import select
import signal

import pytest

from stopping import Stop


@pytest.fixture
def stop():
    """Nobody has ordered anything yet."""
    stop = Stop()
    yield stop
    stop.close()


def is_readable(stop: Stop) -> bool:
    """Whether a selector would say so."""
    return bool(select.select([stop], [], [], 0)[0])


def test_at_first(stop):
    """At first nothing is requested, and there is nothing to read."""
    assert not stop.requested
    assert not is_readable(stop)


def test_request(stop):
    """A request can be seen, and it wakes who waits for it."""
    stop.request()
    assert stop.requested
    assert is_readable(stop)


def test_second_request(stop):
    """Who asks twice wants it at once: KeyboardInterrupt."""
    stop.request()
    with pytest.raises(KeyboardInterrupt):
        stop.request()


def test_wake(stop):
    """To wake is no order to stop; who was woken can wait again."""
    stop.wake()
    assert is_readable(stop)
    assert not stop.requested
    stop.woken()
    assert not is_readable(stop)
    stop.woken()


def test_wake_never_waits(stop):
    """However often it is called, with nobody there to read, `wake` comes back."""
    for _ in range(10_000):
        stop.wake()
    assert is_readable(stop)
    stop.woken()
    assert not is_readable(stop)


def test_wake_after_the_end(stop):
    """A handler's thread may be done after all is over: that is no error."""
    stop.close()
    stop.wake()


def test_wakes_before_python_code_runs(stop):
    """A signal wakes the loop by itself: what Python does about one comes only after the wait."""
    stop.wake = lambda: None
    with stop.on_signals():
        signal.raise_signal(signal.SIGTERM)
        assert is_readable(stop), "a loop that waits in a call of the system would sleep on"
    assert signal.set_wakeup_fd(-1) == -1, "the next signal would write to a socket that is closed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_signals(stop, number):
    """Ctrl-C and SIGTERM are requests to stop, while it is on; then all is as it was."""
    before = signal.getsignal(number)
    with stop.on_signals():
        signal.raise_signal(number)
        assert stop.requested
        assert is_readable(stop)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before
