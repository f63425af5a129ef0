"""How many connections each client has: one address must not take all the places."""

import socket
import threading
from collections import Counter


class Visit(socket.socket):
    """A connection that counts for its client's address until it is closed."""

    guests: "Visitors"

    def close(self) -> None:
        """Close it; from then on it counts no more."""
        super().close()
        self.guests.leave(self)


class Visitors:
    """Counts the connections of each address. Several threads may use it."""

    def __init__(self, most: int) -> None:
        """An address may have `most` of them at a time."""
        self.most = most
        self.lock = threading.Lock()
        self.visits: dict[Visit, str] = {}
        self.counts: Counter[str] = Counter()

    def admit(self, connection: socket.socket, address: str) -> socket.socket | None:
        """The connection to go on with, which counts; None where its address has enough."""
        with self.lock:
            if self.counts[address] >= self.most:
                return None
            kind = (connection.family, connection.type, connection.proto)
            visit = Visit(*kind, fileno=connection.detach())
            visit.guests = self
            self.visits[visit] = address
            self.counts[address] += 1
        return visit

    def leave(self, visit: Visit) -> None:
        """It is closed. An address without connections is forgotten."""
        with self.lock:
            address = self.visits.pop(visit, None)
            if address is not None:
                self.counts[address] -= 1
                if not self.counts[address]:
                    del self.counts[address]
