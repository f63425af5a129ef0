"""Connections as they come: taken from the listening socket, or turned away."""

import errno
import itertools
import select
import socket
from types import SimpleNamespace

import pytest

import arrivals as module
from arrivals import MAX_LEAVING, Leaving, Shortage, address, arrivals, busy, waiting
from listening import BACKLOG, SEND_BUFFER_BYTES, listen
from service import Service
from stopping import Stop

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Listener:
    """A listening socket whose `accept` gives or raises one thing after the other."""

    def __init__(self, *things: object) -> None:
        self.things = list(things)

    def accept(self) -> tuple[object, object]:
        """The next one."""
        thing = self.things.pop(0)
        if isinstance(thing, OSError):
            raise thing
        return thing, None


@pytest.fixture
def service():
    """What is served: nothing, but there is a door."""
    with listen("127.0.0.1", 0) as listener:
        stop = Stop()
        yield Service(None, listener, stop, 5.0, 5.0, 1, 10, 10)
        stop.close()


def client(service: Service) -> socket.socket:
    """Somebody who connects."""
    return socket.create_connection(service.listener.getsockname(), timeout=SECONDS)


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side ends."""
    data = b""
    while more := connection.recv(65536):
        data += more
    return data


def test_whoever_waits():
    """All who wait are taken, up to the first time that there is nobody."""
    assert list(waiting(Listener("a", "b", BlockingIOError(), "c"))) == ["a", "b"]


@pytest.mark.parametrize("error", [ConnectionAbortedError, ConnectionResetError])
def test_who_has_gone_again(error):
    """Who has gone before we took the connection is no reason to leave out the next one."""
    assert list(waiting(Listener(error(), "b", BlockingIOError()))) == ["b"]


def test_in_their_order(service):
    """Connections come in the order in which they were made."""
    clients = [client(service) for _ in range(5)]
    came = itertools.islice(arrivals(service), 5)
    peers = []
    for connection in came:
        peers.append(connection.getpeername())
        connection.close()
    assert peers == [one.getsockname() for one in clients]
    for one in clients:
        one.close()


def test_who_came_before_the_order_to_stop(service):
    """After the order to stop those who wait in the kernel's queue are taken; then none is."""
    clients = [client(service) for _ in range(3)]
    service.stop.request()
    came = list(arrivals(service))
    assert [one.getpeername() for one in came] == [one.getsockname() for one in clients]
    assert service.listener.fileno() == -1
    for one in clients + came:
        one.close()


def test_late_comers_and_the_grace(service, monkeypatch):
    """After the order to stop nobody is taken any more once the grace is over."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    clients = [client(service) for _ in range(3)]
    service.stop.request()
    came = []
    for connection in arrivals(service):
        came.append(connection)
        clock.now += service.grace - 1
    assert len(came) == 2
    for one in clients + came:
        one.close()


def test_those_who_leave_are_looked_after(service):
    """Clients that were turned away are let go, each time that we look who has come."""
    tidied = []
    visits = arrivals(service, SimpleNamespace(tidy=lambda: tidied.append(True)))
    with client(service), next(visits):
        assert tidied == [True]
    visits.close()


def test_room_for_an_answer(service):
    """The kernel keeps a bounded part of each answer: then a slow reader is no dead one for us."""
    with client(service), service.listener.accept()[0] as connection:
        room = connection.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    assert SEND_BUFFER_BYTES <= room <= 2 * SEND_BUFFER_BYTES  # Linux doubles what it is told


def test_clients_that_never_cease_to_come(service, monkeypatch):
    """Whoever comes after the order to stop is no reason to go on for ever."""
    endless = itertools.count()
    monkeypatch.setattr(module, "waiting", lambda listener: endless)
    monkeypatch.setattr(module, "TURN_SECONDS", 0)
    for number in arrivals(service):
        if number == 3:
            service.stop.request()
        assert number < 2 * BACKLOG, "the order to stop is not seen while clients come"


def test_order_to_stop_wakes(service):
    """Who waits for a connection is woken by the order to stop."""
    service.stop.request()
    assert list(arrivals(service)) == []


def test_other_signals_wake_once(service):
    """Whatever wakes the loop without an order does so once: it does not go round and round."""
    service.stop.wake()
    visits = arrivals(service)
    with client(service), next(visits):
        assert select.select([service.stop], [], [], 0)[0] == []
    visits.close()


def test_shortage(service, monkeypatch, capsys):
    """Without descriptors new clients wait, the log is told once, and then it goes on."""
    monkeypatch.setattr(module, "SHORTAGE_SECONDS", 0)
    real, errors = waiting, [OSError(errno.EMFILE, "Too many open files")] * 3

    def scarce(listener):
        if errors:
            raise errors.pop()
        yield from real(listener)

    monkeypatch.setattr(module, "waiting", scarce)
    with client(service), next(arrivals(service)):
        pass
    assert errors == []
    assert capsys.readouterr().err == "New clients have to wait: Too many open files.\n"


PASSING = [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ENETDOWN, errno.EPROTO]


@pytest.mark.parametrize("code", PASSING, ids=errno.errorcode.get)
def test_shortages_pass(code, capsys):
    """A shortage, or a trouble of the network, is told, and ends nothing; it is told once."""
    shortage = Shortage()
    for _ in range(100):
        shortage.report(OSError(code, "none left"))
    assert capsys.readouterr().err == "New clients have to wait: none left.\n"


def test_other_errors_do_not():
    """Where there is no listening socket any more, no waiting mends it: the error goes on."""
    with pytest.raises(OSError, match="bad descriptor"):
        Shortage().report(OSError(errno.EBADF, "bad descriptor"))


def test_busy():
    """The answer is 503, says when to come again, and that the connection ends here."""
    said = busy()
    assert said.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: 1\r\n" in said
    assert b"\r\nConnection: close\r\n" in said
    assert b"\r\nContent-Length: 0\r\n" in said
    assert said.endswith(b"\r\n\r\n")


class TestLeaving:
    """Clients that were told to come again."""

    def test_answer_arrives(self, service):
        """The 503 arrives whole, and then the end: no reset, though nobody reads the request."""
        with client(service) as visitor:
            visitor.sendall(GET)
            connection = service.listener.accept()[0]
            select.select([connection], [], [], SECONDS)
            leaving = Leaving()
            leaving.add(connection)
            assert received(visitor) == busy()
            visitor.sendall(b"more of it")
            assert connection.fileno() != -1, "closed with bytes unread: that is a reset"
            connection.close()

    def test_let_go_later(self, service, monkeypatch):
        """After a moment it is closed."""
        clock = SimpleNamespace(now=0.0)
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
        with client(service) as visitor:
            visitor.sendall(GET)
            connection = service.listener.accept()[0]
            leaving = Leaving()
            leaving.add(connection)
            leaving.tidy()
            assert connection.fileno() != -1
            clock.now = 60.0
            leaving.tidy()
            assert connection.fileno() == -1
            assert received(visitor) == busy()

    def test_request_is_read_before_the_end(self):
        """To close with its request unread would reset the connection, and destroy the answer."""
        seen: list[str] = []

        class Connection:
            def __enter__(self) -> "Connection":
                return self

            def recv(self, count: int) -> bytes:
                assert count > len(GET), "so little may leave a part of it"
                seen.append("read")
                return GET

            def __exit__(self, *error: object) -> None:
                seen.append("closed")

        leaving = Leaving()
        leaving.clients.append((float("-inf"), Connection()))
        leaving.tidy()
        assert seen == ["read", "closed"]

    def test_not_too_many(self):
        """No more than MAX_LEAVING are leaving at a time: they have descriptors, too."""
        leaving = Leaving()
        pairs = [socket.socketpair() for _ in range(MAX_LEAVING + 3)]
        for ours, _ in pairs:
            leaving.add(ours)
        assert [ours.fileno() == -1 for ours, _ in pairs] == [True] * 3 + [False] * MAX_LEAVING
        for ours, theirs in pairs:
            ours.close()
            theirs.close()

    def test_log(self, capsys, monkeypatch):
        """The log is told that some are turned away, once in a while and not for each of them."""
        clock = SimpleNamespace(now=0.0)
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
        leaving = Leaving()
        for moment in (0, 0, 1, module.TELL_SECONDS, module.TELL_SECONDS):
            clock.now = moment
            ours, theirs = socket.socketpair()
            leaving.add(ours)
            ours.close()
            theirs.close()
        assert capsys.readouterr().err == f"{module.REFUSED}\n" * 2

    def test_who_has_gone_already(self):
        """A client that does not even wait for that is no error."""
        ours, theirs = socket.socketpair()
        theirs.close()
        leaving = Leaving()
        leaving.add(ours)
        leaving.tidy()
        ours.close()


def test_address(service):
    """The client's IP address, or "-" where nobody is there any more."""
    with client(service), service.listener.accept()[0] as connection:
        assert address(connection) == "127.0.0.1"
    assert address(connection) == "-"
