"""The event loop of the standard library: asyncio, and a coroutine for each connection."""

import asyncio
import contextlib
import socket
import traceback
from asyncio import StreamReader, StreamWriter
from collections.abc import Generator
from contextlib import closing

from arrivals import MAX_LEAVING, SHORTAGE_SECONDS, Shortage, address, busy
from exchange import CHUNK_BYTES, Exchange
from patience import LAST_CALL_SECONDS, LINGER_SECONDS, Patience
from service import Service
from workers import handler_threads

FAREWELL_TURNS = 5
"""Before the door is closed the loop goes round so often, and takes all who have come."""


def serve_asyncio(service: Service) -> None:
    """Serve all connections from one thread, each by a coroutine that reads like blocking code."""
    asyncio.run(Coroutines(service).run())


class Coroutines:
    """The conversations that are going on, each in a task of its own."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.tasks: set[asyncio.Task[None]] = set()
        self.served: dict[asyncio.Task[None], Exchange] = {}
        """Those of the tasks that are not in the queue, with what they talk about."""
        self.handlers = handler_threads(service.workers, service.max_connections)
        self.places = asyncio.Semaphore(service.max_connections)

    async def run(self) -> None:
        """Serve until the order to stop, and then until all is done that is in flight."""
        loop, stop = asyncio.get_running_loop(), self.service.stop
        door = asyncio.create_task(self.accept())
        while not stop.requested:
            await loop.sock_recv(stop.reader, CHUNK_BYTES)
        for _ in range(FAREWELL_TURNS):
            await asyncio.sleep(0)
        self.service.listener.close()
        await asyncio.sleep(0)  # to cancel it while somebody comes in would lose that one
        door.cancel()
        await self.wait(LAST_CALL_SECONDS)
        for task, exchange in self.served.items():
            if not exchange.started:
                task.cancel()
        await self.wait(self.service.grace)

    async def wait(self, seconds: float) -> None:
        """Wait until all conversations are over, but no longer than this."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=seconds)

    async def accept(self) -> None:
        """Take whoever connects, each into a task of its own, for ever."""
        loop, shortage = asyncio.get_running_loop(), Shortage()
        self.service.listener.setblocking(False)
        while True:
            try:
                connection, _ = await loop.sock_accept(self.service.listener)
            except ConnectionError:
                continue  # it has gone again
            except OSError as error:
                if self.service.stop.requested:
                    return  # the door is closed
                shortage.report(error)
                await asyncio.sleep(SHORTAGE_SECONDS)
                continue
            over = len(self.tasks) - self.service.max_connections - self.service.queue
            task = asyncio.create_task(self.attend(connection, over))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def attend(self, connection: socket.socket, over: int) -> None:
        """A connection, to its end: it is served in its turn, or told that we are busy.

        `over` is how many had come before it that have neither a place nor one in the queue.
        """
        exchange = Exchange(self.service.handler, address(connection))
        try:
            reader, writer = await asyncio.open_connection(sock=connection, limit=CHUNK_BYTES)
        except OSError:  # it has gone already; some systems say so here
            connection.close()
            return
        writer.transport.set_write_buffer_limits(0)  # `drain` waits until the kernel has it all
        try:
            if over < 0:
                async with self.places:
                    await self.talk(reader, writer, exchange)
            elif over < MAX_LEAVING:
                await send(writer, (piece for piece in [busy()]), self.service.read_timeout)
                await linger(reader, writer)
        except (ConnectionError, TimeoutError, EOFError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except (Exception, SystemExit):  # an answer may be made piece by piece
            traceback.print_exc()
        finally:
            writer.transport.abort()

    async def talk(self, reader: StreamReader, writer: StreamWriter, exchange: Exchange) -> None:
        """Serve one connection: the same four steps as in blocking.py, each with an `await`."""
        seconds, loop = self.service.read_timeout, asyncio.get_running_loop()
        task = asyncio.current_task()
        self.served[task] = exchange
        try:
            await receive(reader, exchange, seconds)
            pieces = await loop.run_in_executor(self.handlers, exchange.answer)
            await send(writer, pieces, seconds)
            await linger(reader, writer)
        finally:
            del self.served[task]


async def receive(reader: StreamReader, exchange: Exchange, seconds: float) -> None:
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    patience, clock = Patience(seconds), asyncio.get_running_loop().time
    while patience.left > 0:
        began = clock()
        try:
            async with asyncio.timeout(patience.left):
                data = await reader.read(CHUNK_BYTES)
        except TimeoutError:
            break
        patience.spend(clock() - began, len(data))
        if exchange.feed(data):
            return
    exchange.time_out()


async def send(writer: StreamWriter, pieces: Generator[bytes, None, None], seconds: float) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    patience, clock = Patience(seconds), asyncio.get_running_loop().time
    with closing(pieces):
        for piece in pieces:
            writer.write(piece)
            unsent = len(piece)
            while unsent:
                began = clock()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience.left):
                        await writer.drain()
                before, unsent = unsent, writer.transport.get_write_buffer_size()
                patience.spend(clock() - began, before - unsent)
                if unsent and patience.left <= 0:
                    raise TimeoutError("the client was too slow in taking the answer")


async def linger(reader: StreamReader, writer: StreamWriter) -> None:
    """End our side, then read and drop what still comes; see blocking.py for the reason."""
    with contextlib.suppress(OSError):  # gone already, or it will not go; TimeoutError is one too
        writer.write_eof()
        async with asyncio.timeout(LINGER_SECONDS):
            while await reader.read(CHUNK_BYTES):
                pass
