"""A conversation on asyncio's streams: what blocking.py does on a socket, with an `await` in it."""

import asyncio
import contextlib
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from arrivals import MAX_LEAVING, REFUSED, Report, busy
from connection import Connection
from patience import LINGER_SECONDS, Patience
from received import CHUNK_BYTES


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
            end_our_side(writer)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    while await reader.read(CHUNK_BYTES):
                        pass


async def hear(reader: StreamReader, connection: Connection) -> None:
    """Wait for the client, once. Its time may be up by then."""
    clock, data = asyncio.get_running_loop().time, None
    began, left = clock(), max(0.0, connection.patience.left)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(left):
            data = await reader.read(CHUNK_BYTES)
    connection.waited(clock() - began, len(data or b""))
    if data is not None:
        connection.receive(data)
    elif not left:  # the last look: the loop may have been busy, and the bytes are here
        connection.time_out()


async def send(writer: StreamWriter, pieces: AsyncIterator[bytes], patience: Patience) -> None:
    """Send all pieces. TimeoutError where the client takes them too slowly."""
    clock = asyncio.get_running_loop().time
    async for piece in pieces:
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
        await asyncio.sleep(0)  # the kernel may take all at once: others have their turn, too


def end_our_side(writer: StreamWriter) -> None:
    """Tell the client that this was all; see blocking.py for the reason."""
    with contextlib.suppress(OSError):  # it has gone already
        writer.write_eof()
