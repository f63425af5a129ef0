"""What is particular to the model `asyncio`; what all models promise is in test_serving.py."""

import asyncio
import contextlib
import socket
from types import SimpleNamespace

import pytest

import coroutines as module
from coroutines import Coroutines
from exchange import Exchange
from listening import listen
from patience import LEAST_BYTES_PER_SECOND
from response import Response
from streaming import receive, send

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
