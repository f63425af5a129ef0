"""The models that give each connection a thread: for one at a time, for each, or from a pool."""

import contextlib
import queue
import socket
import threading
import time
from collections import deque

from arrivals import Leaving, arrivals
from blocking import attend
from service import Service
from workers import Workers


def serve_one(service: Service) -> None:
    """One connection at a time. All others wait in the kernel's queue."""
    for connection in arrivals(service):
        attend(connection, service)


def serve_threads(service: Service) -> None:
    """A thread for each connection, which ends with it."""
    threads, leaving = Threads(service), Leaving()
    for connection in arrivals(service, leaving):
        if not threads.take(connection):
            leaving.add(connection)
    threads.finish(service.grace)


def serve_pool(service: Service) -> None:
    """A fixed number of threads, each of which takes one connection after the other."""
    workers, leaving = Workers(service.workers, service.queue), Leaving()

    def crowded() -> bool:
        return len(service.visitors.visits) > service.workers

    for connection in arrivals(service, leaving):
        try:
            workers.submit(attend, connection, service, crowded)
        except queue.Full:
            leaving.add(connection)
    workers.finish(service.grace)


class Threads:
    """A thread for each connection, up to a bound; a few more connections may wait."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.lock = threading.Lock()
        self.running: set[threading.Thread] = set()
        self.waiting: deque[socket.socket] = deque()

    def take(self, connection: socket.socket) -> bool:
        """Serve it, or let it wait; False where neither can be done."""
        with self.lock:
            if len(self.running) < self.service.max_connections:
                return self.start(connection)
            if len(self.waiting) < self.service.queue:
                self.waiting.append(connection)
                return True
        return False

    def start(self, connection: socket.socket) -> bool:
        """Start a thread for it; False where the system has no more of them."""
        thread = threading.Thread(target=self.work, args=(connection,), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return False
        self.running.add(thread)
        return True

    def work(self, connection: socket.socket | None) -> None:
        """What a thread does: its connection, then those that wait, until none does."""
        while connection:
            # Ctrl-C comes to the main thread alone: here it is a handler's own, and ends no thread.
            with contextlib.suppress(KeyboardInterrupt):
                attend(connection, self.service, lambda: bool(self.waiting))
            with self.lock:
                connection = self.waiting.popleft() if self.waiting else None
                if not connection:
                    self.running.discard(threading.current_thread())

    def finish(self, seconds: float) -> None:
        """Wait until all have ended, but no longer than this. Nobody starts one any more."""
        deadline = time.monotonic() + seconds
        for thread in self.running.copy():
            thread.join(max(0.0, deadline - time.monotonic()))
