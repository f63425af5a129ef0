"""The limits of a connection, and the options that set them."""

import argparse

import pytest

from connection import State
from limits import DRAIN_SECONDS, Limits, limits_from
from listening import options
from patience import LINGER_SECONDS
from serving import add_options


def parsed(*words: str) -> argparse.Namespace:
    """What the command line says."""
    parser = options("A server.")
    add_options(parser)
    return parser.parse_args(words)


def test_every_state_has_a_limit():
    """No state of a connection is without a time limit; only CLOSED waits for nobody."""
    limits = Limits(1.0, 2.0, 3.0, 4.0)
    found = [limits.patience(name).left for name in ("HEAD", "BODY", "IDLE", "ANSWERING")]
    assert found == [1.0, 2.0, 3.0, 4.0]
    unlimited = [one.name for one in State if limits.patience(one.name).left == float("inf")]
    assert unlimited == ["CLOSED"]


def test_farewell():
    """Bytes buy time while we linger; silence ends it sooner, and DRAIN_SECONDS end it at last."""
    patience = Limits().patience("LINGERING")
    gone = 0.0
    while patience.left > 0:
        assert patience.left <= LINGER_SECONDS
        patience.spend(0.5, 100_000)
        gone += 0.5
    assert gone == DRAIN_SECONDS
    patience = Limits().patience("LINGERING")
    patience.spend(LINGER_SECONDS, 0)
    assert patience.left == 0


def test_without_options():
    """Without options the defaults stand, and the options say the same as the class."""
    assert limits_from(parsed()) == Limits()


def test_options():
    """Each option sets its own limit."""
    words = "--read-timeout 1 --body-timeout 2 --idle-timeout 3 --write-timeout 4"
    found = limits_from(parsed(*words.split(), "--max-body", "5", "--max-requests", "6"))
    assert found == Limits(1.0, 2.0, 3.0, 4.0, 5, 6)


def test_a_body_may_take_as_long_as_a_head():
    """Without an option of its own the body has the time of the head."""
    assert limits_from(parsed("--read-timeout", "7")).body_timeout == 7.0


@pytest.mark.parametrize(
    "words",
    [
        "--max-body -1",
        "--max-body 1.5",
        "--max-body +5",
        "--max-body 10M",
        "--max-body 99999999999999999999",
        "--max-requests 0",
        "--max-requests x",
        "--max-requests \u0661",
        "--max-per-address 0",
        "--max-per-address -1",
        "--idle-timeout 0",
        "--idle-timeout nan",
        "--body-timeout -1",
        "--write-timeout soon",
    ],
)
def test_what_cannot_be(words, capsys):
    """One line says what is wrong with an option."""
    with pytest.raises(SystemExit) as error:
        parsed(*words.split())
    assert error.value.code == 2
    assert words.split()[1] in capsys.readouterr().err.splitlines()[-1]


def test_no_body_at_all():
    """A server may take no bodies; a connection serves one request at least."""
    assert limits_from(parsed("--max-body", "0")).max_body == 0
    assert limits_from(parsed("--max-requests", "1")).max_requests == 1
