"""How many connections each address has."""

import socket
import threading

import pytest

from visitors import Visitors


@pytest.fixture
def connection():
    """Makes connections; all are closed in the end."""
    made: list[socket.socket] = []

    def make() -> socket.socket:
        ours, theirs = socket.socketpair()
        made.extend([ours, theirs])
        make.other_end = theirs
        return ours

    yield make
    for one in made:
        one.close()


def test_no_more_than_the_most(connection):
    """So many are let in from one address, and no more; another address has places of its own."""
    visitors = Visitors(2)
    inside = [visitors.admit(connection(), "192.0.2.1") for _ in range(2)]
    assert all(inside)
    turned_away = connection()
    assert visitors.admit(turned_away, "192.0.2.1") is None
    assert turned_away.fileno() != -1, "who is turned away is to be told so"
    other = visitors.admit(connection(), "192.0.2.2")
    assert other
    for one in (*inside, other):
        one.close()


def test_who_leaves_makes_room(connection):
    """A connection that is closed counts no more: by `close`, or at the end of a `with`."""
    visitors = Visitors(1)
    with visitors.admit(connection(), "192.0.2.1"):
        assert visitors.admit(connection(), "192.0.2.1") is None
    second = visitors.admit(connection(), "192.0.2.1")
    assert second
    second.close()
    third = visitors.admit(connection(), "192.0.2.1")
    assert third
    third.close()


def test_closed_twice(connection):
    """To close a connection again gives nobody a second place."""
    visitors = Visitors(2)
    first, second = (visitors.admit(connection(), "192.0.2.1") for _ in range(2))
    for _ in range(3):
        first.close()
    third = visitors.admit(connection(), "192.0.2.1")
    assert third
    assert visitors.admit(connection(), "192.0.2.1") is None
    second.close()
    third.close()


def test_nothing_is_left(connection):
    """An address without connections is forgotten: there are more addresses than memory."""
    visitors = Visitors(1)
    for number in range(100):
        visitors.admit(connection(), f"192.0.2.{number}").close()
    assert not visitors.visits
    assert not visitors.counts


def test_it_is_the_same_connection(connection):
    """What is let in is the connection, with all that a socket can do."""
    one = connection()
    number = one.fileno()
    visit = Visitors(1).admit(one, "192.0.2.1")
    assert visit.fileno() == number
    visit.sendall(b"hello")
    assert connection.other_end.recv(100) == b"hello"
    visit.close()
    assert connection.other_end.recv(100) == b""


def test_several_threads(connection):
    """Of many threads at the same moment no more get in than there are places."""
    visitors, inside = Visitors(3), []
    connections = [connection() for _ in range(16)]
    gate = threading.Barrier(len(connections))

    def come(one: socket.socket) -> None:
        gate.wait(5)
        if visit := visitors.admit(one, "192.0.2.1"):
            inside.append(visit)

    threads = [threading.Thread(target=come, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(inside) == 3
    for visit in inside:
        visit.close()
