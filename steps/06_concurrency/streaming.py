"""A conversation on asyncio's streams: what blocking.py does on a socket, with an `await` in it."""

import asyncio
import contextlib
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager, closing
from typing import Any

from arrivals import MAX_LEAVING, REFUSED, Report, busy
from exchange import CHUNK_BYTES, Exchange
from patience import LINGER_SECONDS, Patience


@asynccontextmanager
async def streams(connection: socket.socket) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """Reader and writer of a connection, which is closed in the end, whatever happens."""
    try:
        reader, writer = await asyncio.open_connection(sock=connection, limit=CHUNK_BYTES)
    except OSError as error:  # it has gone already; some systems say so here
        connection.close()
        raise ConnectionError("the client has gone") from error
    writer.transport.set_write_buffer_limits(0)  # `drain` waits until the kernel has it all
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def begin(conversation: Coroutine[Any, Any, None], group: set[asyncio.Task[None]]) -> None:
    """Let it go on beside the others; the group holds it until it is over."""
    task = asyncio.create_task(conversation)
    group.add(task)
    task.add_done_callback(group.discard)


class LeavingTasks:
    """What `Leaving` in arrivals.py is, with a task for each client that is told to come again."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self.log = Report()

    def add(self, connection: socket.socket) -> None:
        """Tell it; or cut it off, where that is told to many already."""
        self.log.tell(REFUSED)
        if len(self.tasks) < MAX_LEAVING:
            begin(turn_away(connection), self.tasks)
        else:
            connection.close()


async def turn_away(connection: socket.socket) -> None:
    """Tell a client that we are busy."""
    with contextlib.suppress(ConnectionError):
        async with streams(connection) as (reader, writer):
            writer.write(busy())
            await linger(reader, writer)


async def receive(reader: StreamReader, exchange: Exchange, seconds: float) -> None:
    """Read until it is clear what to answer. EOFError where the client asks nothing."""
    patience, clock = Patience(seconds), asyncio.get_running_loop().time
    while True:
        began, left = clock(), max(0.0, patience.left)
        try:
            async with asyncio.timeout(left):
                data = await reader.read(CHUNK_BYTES)
        except TimeoutError:
            if not left:  # the last look: the loop may have been busy, and the bytes are here
                break
            data = None
        patience.spend(clock() - began, len(data or b""))
        if data is not None and exchange.feed(data):
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
