"""The clients that nobody wants: slow ones and silent ones, as many as the scenario says."""

import contextlib
import socket
import time

from course.bench.scenarios import Company

TICK_SECONDS = 0.1
"""How often a slow client does something."""

SIP_BYTES = 1024
"""What a slow reader takes each time: ten times as much as a server that has patience demands."""

RECEIVE_BUFFER = 4096
"""The kernel is not to take the large answer on the slow reader's behalf."""

CONNECT_SECONDS = 1.0
BATCH = 100
"""After so many idle connections we see whether the server has taken them: the kernel's queue of
those who wait is short, 128 on macOS."""

DRIP = b"GET /fast/slow HTTP/1.1\r\nHost: bench\r\nX-Slow: "
LARGE = b"GET /large HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
KNOCK = b"GET /fast/knock HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"


class Guests:
    """Connections that are open beside those that are measured, until `close`."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.dripping: list[socket.socket] = []
        self.reading: list[socket.socket] = []
        self.idle: list[socket.socket] = []
        self.next_tick = 0.0

    def come(self, company: Company) -> int:
        """Connect them all, and tell how many could."""
        with contextlib.suppress(OSError):
            for _ in range(company.drip):
                self.dripping.append(self.connected(DRIP))
            for _ in range(company.read):
                self.reading.append(self.connected(LARGE, RECEIVE_BUFFER))
            self.come_silently(company.idle)
        return len([*self.dripping, *self.reading, *self.idle])

    def come_silently(self, count: int) -> None:
        """So many idle ones. Where the server takes nobody, the kernel's queue is all there is."""
        served = True
        for number in range(1, count + 1):
            self.idle.append(self.connected())
            if served and number % BATCH == 0:
                served = self.knock()

    def connected(self, first: bytes = b"", buffer: int = 0) -> socket.socket:
        """A new connection that has said its first bytes, and never waits from then on."""
        connection = socket.socket()
        try:
            if buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(self.address)
            connection.sendall(first)
            connection.setblocking(False)
        except OSError:
            connection.close()
            raise
        return connection

    def knock(self) -> bool:
        """Whether the server answers: then it has taken all who came before."""
        try:
            with socket.create_connection(self.address, CONNECT_SECONDS) as connection:
                connection.sendall(KNOCK)
                while connection.recv(4096):
                    pass
        except OSError:
            return False
        return True

    def each_turn(self) -> None:
        """Called often; now and then the slow clients do a little."""
        now = time.monotonic()
        if now < self.next_tick:
            return
        self.next_tick = now + TICK_SECONDS
        for connection in self.dripping:
            with contextlib.suppress(OSError):
                connection.send(b"a")
        for connection in self.reading:
            with contextlib.suppress(OSError):
                connection.recv(SIP_BYTES)

    def close(self) -> None:
        """Let all of them go."""
        for connection in [*self.dripping, *self.reading, *self.idle]:
            connection.close()
