"""What is particular to the model `asyncio`; what all models promise is in test_serving.py."""

import asyncio
import contextlib
import errno
import socket
from types import SimpleNamespace

import pytest

import coroutines as module
import streaming
from coroutines import Coroutines
from exchange import Exchange
from listening import listen
from patience import LEAST_BYTES_PER_SECOND
from response import Response
from service import Service
from stopping import Stop
from streaming import LeavingTasks, linger, receive, send

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""


def with_streams(work):
    """Run a coroutine on the two ends of a connection: streams here, a socket there."""

    async def conversation() -> object:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader, writer = await asyncio.open_connection(sock=ours)
        writer.transport.set_write_buffer_limits(0)
        with theirs:
            try:
                return await asyncio.wait_for(work(reader, writer, theirs), SECONDS)
            finally:
                writer.transport.abort()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    return asyncio.run(conversation())


def exchange() -> Exchange:
    """A conversation."""
    return Exchange(lambda request: Response.text("hello"), "-")


def test_crowd_at_the_door(monkeypatch):
    """However many come at once, those who are inside have a turn in between."""
    monkeypatch.setattr(module, "BACKLOG", 4)
    come, seen = [], set()

    async def insider() -> None:
        while len(come) < 12:
            seen.add(len(come))
            await asyncio.sleep(0)

    async def together(service) -> None:
        coroutines = Coroutines(service)
        coroutines.welcome = come.append
        door = asyncio.create_task(coroutines.accept())
        await asyncio.wait_for(insider(), SECONDS)
        door.cancel()

    with listen("127.0.0.1", 0) as listener, contextlib.ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(socket.create_connection(listener.getsockname(), SECONDS))
        asyncio.run(
            together(SimpleNamespace(listener=listener, workers=0, max_connections=1, queue=1))
        )
        for connection in come:
            connection.close()
    assert seen & set(range(1, 12)), "nobody inside had a turn before all had come"


@pytest.fixture
def service():
    """What is served: nothing, but there is a door."""
    with listen("127.0.0.1", 0) as listener, contextlib.closing(Stop()) as stop:
        yield Service(None, listener, stop, 5.0, 5.0, 0, 10, 10)


def test_shortage(service, monkeypatch, capsys):
    """Without descriptors new clients wait for a moment, in which others have their turn.

    Then they are taken: a shortage ends nothing.
    """
    monkeypatch.setattr(module, "SHORTAGE_SECONDS", 0.002)
    calls, come = [], []

    async def accept(listener) -> tuple[str, None]:
        calls.append(listener)
        assert len(calls) < 100, "it asks again and again, and nobody else has a turn"
        if len(calls) < 3:
            raise OSError(errno.EMFILE, "Too many open files")
        if len(calls) > 3:
            await asyncio.sleep(SECONDS)
        return "somebody", None

    async def together() -> int:
        asyncio.get_running_loop().sock_accept = accept
        coroutines = Coroutines(service)
        coroutines.welcome = come.append
        door = asyncio.create_task(coroutines.accept())
        for _ in range(3):
            await asyncio.sleep(0)
        at_first = len(calls)
        while not come and not door.done():
            await asyncio.sleep(0)
        door.cancel()
        return at_first

    assert asyncio.run(together()) == 1, "it asks again at once"
    assert come == ["somebody"], "nobody is taken any more"
    assert capsys.readouterr().err == "New clients have to wait: Too many open files.\n"


def test_door_that_breaks(service):
    """An error that ends the door ends the server, and is told: it would serve nobody any more."""
    service.listener.close()
    with pytest.raises(OSError):
        asyncio.run(asyncio.wait_for(Coroutines(service).run(), SECONDS))


def test_who_comes_in_as_the_door_is_closed():
    """Whom the kernel has handed over in the very moment in which the door is closed is served."""
    come, stop = [], Stop()

    async def together() -> None:
        loop = asyncio.get_running_loop()
        last, door_is_closed = loop.create_future(), loop.create_future()
        door_is_closed.set_exception(OSError(errno.EBADF, "Bad file descriptor"))
        futures = [last, door_is_closed]
        loop.sock_accept = lambda listener: futures.pop(0)
        listener = SimpleNamespace(
            setblocking=lambda flag: None, close=lambda: last.set_result(("somebody", None))
        )
        service = Service(None, listener, stop, 5.0, 5.0, 0, 10, 10)
        coroutines = Coroutines(service)
        coroutines.welcome = come.append
        stop.request()
        await asyncio.wait_for(coroutines.run(), SECONDS)

    asyncio.run(together())
    stop.close()
    assert come == ["somebody"]


class Late:
    """A client that says nothing until somebody has looked at it twice."""

    def __init__(self) -> None:
        self.looks, self.spoken = 0, asyncio.Event()

    @property
    def started(self) -> bool:
        """Whether it has said anything."""
        self.looks += 1
        if self.looks == 2:
            self.spoken.set()
        return self.looks >= 2


def test_silent_client_has_a_last_call(service, monkeypatch):
    """After the order to stop a silent client has a whole last call to begin in, and is waited for.

    The threads of handlers end with the conversations, within what is left of the grace.
    """
    monkeypatch.setattr(module, "LAST_CALL_SECONDS", 0.001)
    left = []

    async def together() -> bool:
        coroutines, late = Coroutines(service), Late()
        coroutines.handlers = SimpleNamespace(finish=left.append)
        task = asyncio.create_task(late.spoken.wait())
        coroutines.tasks, coroutines.served = {task}, {task: late}
        task.add_done_callback(coroutines.tasks.discard)
        await coroutines.finish()
        return task.done() and not task.cancelled()

    assert asyncio.run(together()), "it was dropped before its time"
    assert [0 < seconds <= service.grace for seconds in left] == [True], "handlers are waited for"


def test_not_too_many_leave(monkeypatch):
    """No more than MAX_LEAVING are leaving at a time: they have descriptors, too."""
    monkeypatch.setattr(streaming, "MAX_LEAVING", 2)

    async def together() -> list[bool]:
        leaving = LeavingTasks()
        for ours, _ in pairs:
            leaving.add(ours)
        cut_off = [ours.fileno() == -1 for ours, _ in pairs]
        for task in leaving.tasks:
            task.cancel()
        await asyncio.gather(*leaving.tasks, return_exceptions=True)
        return cut_off

    pairs = [socket.socketpair() for _ in range(4)]
    assert asyncio.run(together()) == [False, False, True, True]
    for pair in pairs:
        for end in pair:
            end.close()


def test_client_that_has_gone_before_we_begin(monkeypatch):
    """Some systems say of a socket whose client has gone that it is invalid: no error of ours."""

    async def gone(**options):
        raise OSError(22, "Invalid argument")

    async def work() -> None:
        limits = SimpleNamespace(handler=None, workers=0, max_connections=1, queue=1)
        await Coroutines(limits).attend(ours)

    ours, theirs = socket.socketpair()
    monkeypatch.setattr(asyncio, "open_connection", gone)
    with theirs:
        asyncio.run(work())
    assert ours.fileno() == -1


def test_request_byte_by_byte():
    """It is read until it is whole, and no longer."""

    async def work(reader, writer, client) -> bool:
        loop, one = asyncio.get_running_loop(), exchange()
        task = asyncio.create_task(receive(reader, one, SECONDS))
        for at in range(len(GET)):
            assert not task.done()
            await loop.sock_sendall(client, GET[at : at + 1])
            await asyncio.sleep(0)
        await task
        return one.outcome.path == "/"

    assert with_streams(work)


def test_silence():
    """Who says nothing at all gets no answer: EOFError. Who stops in the middle gets 408."""

    async def silent(reader, writer, client) -> None:
        await receive(reader, exchange(), 0.01)

    async def stops(reader, writer, client) -> int:
        one = exchange()
        await asyncio.get_running_loop().sock_sendall(client, GET[:10])
        await receive(reader, one, 0.01)
        return one.outcome.status

    with pytest.raises(EOFError):
        with_streams(silent)
    assert with_streams(stops) == 408


def test_bytes_that_came_while_the_loop_was_busy():
    """When the time is up there is one more look: the loop may have been slow, not the client."""

    class Reader:
        """Its bytes are there, but the loop comes back to them only when the time is up."""

        def __init__(self) -> None:
            self.pieces = [GET]

        async def read(self, count: int) -> bytes:
            """Nothing in time, and then what has come meanwhile."""
            if len(self.pieces) == 1:
                self.pieces.append(b"")
                await asyncio.sleep(SECONDS)
            return self.pieces[0]

    one = exchange()
    asyncio.run(receive(Reader(), one, 0.002))
    assert one.outcome.path == "/"


def test_client_that_does_not_leave(monkeypatch):
    """After the answer the client's end is waited for, but not for ever (RFC 9112, section 9.6)."""
    monkeypatch.setattr(streaming, "LINGER_SECONDS", 0.002)

    async def work(reader, writer, client) -> bytes:
        await linger(reader, writer)
        return await asyncio.get_running_loop().sock_recv(client, 1)

    assert with_streams(work) == b""


def test_client_that_does_not_read():
    """A client that takes nothing is given up, and what the answer has open is closed."""
    closed = []

    def pieces():
        try:
            while True:
                yield bytes(64 * 1024)
        finally:
            closed.append(True)

    async def work(reader, writer, client) -> None:
        await send(writer, pieces(), 0.02)

    with pytest.raises(TimeoutError):
        with_streams(work)
    assert closed


def test_client_that_reads_in_its_own_time(rng):
    """Every byte arrives, however the client takes them."""
    data = rng.randbytes(20 * LEAST_BYTES_PER_SECOND)

    async def work(reader, writer, client) -> bytes:
        loop, came = asyncio.get_running_loop(), b""
        task = asyncio.create_task(send(writer, (piece for piece in [data, b"end"]), SECONDS))
        while not came.endswith(b"end"):
            came += await loop.sock_recv(client, 1000)
        await task
        return came

    assert with_streams(work) == data + b"end"
