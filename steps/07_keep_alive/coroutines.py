"""The event loop of the standard library: asyncio, and a coroutine for each connection."""

import asyncio
import itertools
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import aclosing, closing

from arrivals import SHORTAGE_SECONDS, Shortage, address
from connection import Connection, State
from listening import BACKLOG
from patience import LAST_CALL_SECONDS
from received import CHUNK_BYTES
from server_log import tell_failure
from service import Service
from streaming import LeavingTasks, begin, end_our_side, hear, send, streams
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
        self.served: dict[asyncio.Task[None], Connection] = {}  # those that are not in the queue
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
            before, silent = silent, set(self.idle())
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

    def welcome(self, sock: socket.socket) -> None:
        """A new connection: it is served, or queued, or told that we are busy, or cut off."""
        service, count = self.service, len(self.tasks)
        is_full = count >= service.max_connections + service.queue
        visit = None if is_full else service.visitors.admit(sock, address(sock))
        if visit:
            begin(self.attend(visit), self.tasks)
            if count >= service.max_connections:
                self.make_room()
        else:
            self.leaving.add(sock)

    def make_room(self) -> None:
        """Others wait: an idle client gives way, if there is one that has had an answer."""
        for task in self.idle():
            if self.served[task].answers and not task.cancelling():
                task.cancel()
                break

    def idle(self) -> list[asyncio.Task[None]]:
        """The conversations in which nothing is asked at this moment."""
        return [task for task, one in self.served.items() if one.state is State.IDLE]

    def ends(self) -> bool:
        """Whether an answer must be the last one on its connection."""
        return self.service.stop.requested or self.is_crowded

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits for a place."""
        return len(self.tasks) > self.service.max_connections

    async def attend(self, sock: socket.socket) -> None:
        """Serve one connection, in its turn, to its end, whatever happens on it."""
        connection = Connection(self.service.handler, address(sock), self.service.limits, self.ends)
        task = asyncio.current_task()
        try:
            async with streams(sock) as (reader, writer), self.places:
                self.served[task] = connection
                await self.converse(reader, writer, connection)
        except (ConnectionError, TimeoutError):
            pass  # The client left, or was too slow: its right, and no fault of ours.
        except (Exception, SystemExit):  # an answer may be made while it is sent
            tell_failure()
        finally:
            self.served.pop(task, None)

    async def converse(self, reader: StreamReader, writer: StreamWriter, connection: Connection):
        """Do what the state of the connection asks for: as in blocking.py, with `await`."""
        with closing(connection):
            while connection.state is not State.CLOSED:
                if connection.state is State.ANSWERING:
                    async with aclosing(self.pieces(connection)) as pieces:
                        await send(writer, pieces, connection.patience)
                    connection.sent()
                    if connection.state is State.LINGERING:
                        end_our_side(writer)
                    elif self.is_crowded:  # somebody came while this answer was sent
                        self.make_room()
                else:
                    for piece in connection.interim():
                        writer.write(piece)
                    await hear(reader, connection)

    async def pieces(self, connection: Connection) -> AsyncIterator[bytes]:
        """The answer. What a handler has to make may take its time: a thread waits for that."""
        loop = asyncio.get_running_loop()
        with closing(await loop.run_in_executor(self.handlers, connection.answer)) as pieces:
            while True:
                if connection.generates:
                    piece = await loop.run_in_executor(self.handlers, next, pieces, None)
                else:
                    piece = next(pieces, None)
                if piece is None:
                    break
                yield piece
