"""The event loop of the standard library: asyncio, and a coroutine for each connection."""

import asyncio
import itertools
import socket
from asyncio import StreamReader, StreamWriter

from arrivals import SHORTAGE_SECONDS, Shortage, address
from exchange import CHUNK_BYTES, Exchange
from listening import BACKLOG
from patience import LAST_CALL_SECONDS
from server_log import tell_failure
from service import Service
from streaming import LeavingTasks, begin, linger, receive, send, streams
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
        self.leaving = LeavingTasks()
        self.served: dict[asyncio.Task[None], Exchange] = {}
        """Those of the tasks that are not in the queue, with what they talk about."""
        self.handlers = handler_threads(service.workers, service.max_connections)
        self.places = asyncio.Semaphore(service.max_connections)

    async def run(self) -> None:
        """Serve until the order to stop, and then until all is done that is in flight."""
        loop, stop = asyncio.get_running_loop(), self.service.stop
        door = asyncio.create_task(self.accept())
        door.add_done_callback(lambda door: stop.wake())
        while not (stop.requested or door.done()):
            await loop.sock_recv(stop.reader, CHUNK_BYTES)
        for _ in range(FAREWELL_TURNS):
            await asyncio.sleep(0)
        self.service.listener.close()
        await asyncio.sleep(0)  # to cancel it while somebody comes in would lose that one
        door.cancel()
        await self.finish()
        if door.done() and not door.cancelled():
            door.result()  # what has ended it, if it was an error

    async def finish(self) -> None:
        """Wait until all conversations are over, but no longer than the grace.

        Who has said nothing during a whole LAST_CALL_SECONDS is not waited for.
        """
        clock = asyncio.get_running_loop().time
        end, silent = clock() + self.service.grace, set()
        while self.tasks and (left := end - clock()) > 0:
            await asyncio.wait(self.tasks, timeout=min(left, LAST_CALL_SECONDS))
            before, silent = silent, {one for one, talk in self.served.items() if not talk.started}
            for task in before & silent:
                task.cancel()
        self.handlers.finish(max(0.0, end - clock()))

    async def accept(self) -> None:
        """Take whoever connects, each into a task of its own, for ever."""
        loop, shortage = asyncio.get_running_loop(), Shortage()
        self.service.listener.setblocking(False)
        for number in itertools.count(1):
            if number % BACKLOG == 0:
                await asyncio.sleep(0)  # who is inside has a turn, however many come
            try:
                connection, _ = await loop.sock_accept(self.service.listener)
            except ConnectionError:
                continue  # it has gone again
            except OSError as error:
                if self.service.stop.requested:
                    return  # the door is closed
                shortage.report(error)
                await asyncio.sleep(SHORTAGE_SECONDS)
            else:
                self.welcome(connection)

    def welcome(self, connection: socket.socket) -> None:
        """A new connection: it is served, or queued, or told that we are busy, or cut off."""
        if len(self.tasks) < self.service.max_connections + self.service.queue:
            begin(self.attend(connection), self.tasks)
        else:
            self.leaving.add(connection)

    async def attend(self, connection: socket.socket) -> None:
        """Serve one connection, in its turn, to its end, whatever happens on it."""
        exchange = Exchange(self.service.handler, address(connection))
        try:
            async with streams(connection) as (reader, writer), self.places:
                await self.talk(reader, writer, exchange)
        except (ConnectionError, TimeoutError, EOFError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except (Exception, SystemExit):  # an answer may be made while it is sent
            tell_failure()

    async def talk(self, reader: StreamReader, writer: StreamWriter, exchange: Exchange) -> None:
        """Serve one connection: the same four steps as in blocking.py, each with an `await`."""
        seconds, loop = self.service.read_timeout, asyncio.get_running_loop()
        task = asyncio.current_task()
        self.served[task] = exchange
        try:
            await receive(reader, exchange, seconds)
            pieces = await loop.run_in_executor(self.handlers, exchange.answer)
            await send(writer, pieces, self.service.write_timeout)
            await linger(reader, writer)
        finally:
            del self.served[task]
