"""Who is let in. How connections are taken, and how a 503 leaves, is checked in step 06."""

import socket
from types import SimpleNamespace

import pytest

from arrivals import Leaving, admitted
from visitors import Visitors


@pytest.fixture
def pairs():
    """Six connections with their other ends."""
    made = [socket.socketpair() for _ in range(6)]
    yield made
    for pair in made:
        for end in pair:
            end.close()


def test_no_more_of_one_address(pairs, monkeypatch):
    """So many of one address are let in; the others are told that we are busy, at once."""
    monkeypatch.setattr("arrivals.address", lambda connection: "192.0.2.1")
    service = SimpleNamespace(visitors=Visitors(2))
    inside = list(admitted(service, (ours for ours, _ in pairs), Leaving()))
    assert len(inside) == 2
    for _, theirs in pairs[2:]:
        assert theirs.recv(65536).startswith(b"HTTP/1.1 503 ")
    for one in inside:
        one.close()


def test_where_nobody_can_be_told(pairs, monkeypatch):
    """A model without time for that cuts them off."""
    monkeypatch.setattr("arrivals.address", lambda connection: "192.0.2.1")
    service = SimpleNamespace(visitors=Visitors(1))
    [inside] = admitted(service, (ours for ours, _ in pairs), None)
    for _, theirs in pairs[1:]:
        assert theirs.recv(65536) == b""
    inside.close()


def test_each_address_for_itself(pairs, monkeypatch):
    """What one address takes is not taken from another one."""
    names = iter(["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.2", "192.0.2.3"])
    monkeypatch.setattr("arrivals.address", lambda connection: next(names))
    service = SimpleNamespace(visitors=Visitors(1))
    inside = list(admitted(service, (ours for ours, _ in pairs), None))
    assert len(inside) == 3
    for one in inside:
        one.close()
