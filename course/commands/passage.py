"""One connection through the wiretap: bytes, ends and resets, passed on as they come."""

import contextlib
import selectors
import socket
import struct
from dataclasses import dataclass

from course.commands.transcript import ConnectionLog

CHUNK_BYTES = 64 * 1024
RESET_ON_CLOSE = struct.pack("hh" if hasattr(socket, "SIO_RCVALL") else "ii", 1, 0)
"""SO_LINGER with no time: `close` then sends a reset. On Windows its fields are short."""


@dataclass
class Way:
    """One direction: what was read on one side and is not yet written on the other."""

    source: socket.socket
    sink: socket.socket
    name: str
    from_client: bool
    unsent: bytes = b""
    over: bool = False
    total: int = 0


class Reset(Exception):
    """One side broke the connection off."""


class Passage:
    """Client and server, and the two ways between them.

    A way reads on only when all it read is written: a slow reader slows the writer down, as it
    would without us. A side that ends its sending (half-close) ends it on the other side alone.
    """

    def __init__(self, client: socket.socket, server: socket.socket, log: ConnectionLog) -> None:
        self.log = log
        self.there = Way(client, server, "client", True)
        self.back = Way(server, client, "server", False)
        self.selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Pass on until both sides have ended, or one breaks off."""
        sockets = (self.there.source, self.back.source)
        for one in sockets:
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.selector:
            try:
                while not (self.there.over and self.back.over):
                    self.turn()
                self.log.over(self.there.total, self.back.total)
            except Reset as reset:
                self.log.note(f"{reset} reset the connection", bad=True)
                for one in sockets:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    def turn(self) -> None:
        """Wait until something can be read or written, and do that."""
        for way, other in ((self.there, self.back), (self.back, self.there)):
            reads = not way.over and not way.unsent
            self.listen(way.source, reads=reads, writes=bool(other.unsent))
        for key, events in self.selector.select():
            for way in (self.there, self.back):
                if key.fileobj is way.source and events & selectors.EVENT_READ:
                    self.read(way)
                if key.fileobj is way.sink and events & selectors.EVENT_WRITE:
                    self.write(way)

    def listen(self, one: socket.socket, *, reads: bool, writes: bool) -> None:
        """Ask to be told of what we want of a socket now, and of nothing else."""
        events = reads * selectors.EVENT_READ | writes * selectors.EVENT_WRITE
        known = self.selector.get_map().get(one)
        if known and known.events != events:
            self.selector.unregister(one)
            known = None
        if events and not known:
            self.selector.register(one, events)

    def read(self, way: Way) -> None:
        """Take what came and show it; an end is passed on at once."""
        try:
            data = way.source.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            raise Reset(way.name) from None
        if data:
            way.unsent = data
            way.total += len(data)
            self.log.data(way.from_client, data)
            return
        way.over = True
        self.log.end(way.from_client)
        with contextlib.suppress(OSError):  # gone already; if by a reset, reading tells
            way.sink.shutdown(socket.SHUT_WR)

    def write(self, way: Way) -> None:
        """Pass on as much as the other side takes."""
        try:
            sent = way.sink.send(way.unsent)
        except BlockingIOError:
            return
        except OSError:
            raise Reset(self.opposite(way)) from None
        way.unsent = way.unsent[sent:]

    def opposite(self, way: Way) -> str:
        """The name of the side that a way leads to."""
        return self.back.name if way.from_client else self.there.name
