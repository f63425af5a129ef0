"""An event loop: one thread that waits for all connections at once (the standard selectors)."""

import itertools
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial

from arrivals import SHORTAGE_SECONDS, Leaving, Shortage, address, admitted, waiting
from connection import Connection
from listening import BACKLOG
from patience import LAST_CALL_SECONDS
from peer import Peer
from service import Service
from workers import handler_threads

SWEEP_SECONDS = 0.25
"""How often we look whose time is up: to look at each connection in each turn costs too much."""

NEVER = float("inf")


def serve_selectors(service: Service) -> None:
    """Serve all connections from this one thread; only the handlers have threads of their own."""
    EventLoop(service).run()


class EventLoop:
    """Waits until some socket is ready, calls what belongs to it, and waits again."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.selector = selectors.DefaultSelector()
        self.peers: dict[Peer, int] = {}  # all, with the events that the selector waits for
        self.handlers = handler_threads(service.workers, service.max_connections)
        self.queue: deque[Peer] = deque()  # those that wait until there is a place
        self.answered: deque[tuple[Peer, Future]] = deque()  # by handlers, and not yet sent
        self.leaving, self.shortage = Leaving(), Shortage()
        self.sweep_at, self.accept_at, self.last_call = 0.0, 0.0, NEVER

    def run(self) -> None:
        """Go round until the order to stop, and then until all is done that is in flight."""
        self.service.listener.setblocking(False)
        self.selector.register(self.service.stop, selectors.EVENT_READ, self.service.stop.woken)
        self.sweep(time.monotonic())
        while not self.service.stop.requested:
            self.turn()
        self.close_door()
        end = time.monotonic() + self.service.grace
        while self.peers and time.monotonic() < end:
            self.turn()
        for peer in self.peers:
            peer.close()
        self.selector.close()
        self.handlers.finish(end - time.monotonic())

    def turn(self) -> None:
        """Wait SWEEP_SECONDS at most until something is ready, and call the data of each that is.

        After each call what is `answered` is sent, as the next call may take its time. Then `seat`
        those in the queue, and every SWEEP_SECONDS `sweep`, as of the moment before the work.
        """
        ready = self.selector.select(SWEEP_SECONDS)
        now = time.monotonic()
        for key, _ in ready:
            key.data()
            for _ in range(len(self.answered)):
                self.take_result(*self.answered.popleft())
        self.seat()
        if now >= self.sweep_at:
            self.sweep(now)
            self.sweep_at = now + SWEEP_SECONDS

    def welcome(self) -> None:
        """Take all who wait at the door; if we can't, leave them there for a moment."""
        try:
            newcomers = itertools.islice(waiting(self.service.listener), BACKLOG)
            for sock in admitted(self.service, newcomers, self.leaving):
                self.add(sock)
        except OSError as error:
            self.shortage.report(error)
            self.pause_accepting(time.monotonic() + SHORTAGE_SECONDS)

    def close_door(self) -> None:
        """Take the last who have come; from now on nobody can connect."""
        self.welcome()
        self.pause_accepting(NEVER)
        self.service.listener.close()
        self.last_call = time.monotonic() + LAST_CALL_SECONDS

    def pause_accepting(self, until: float) -> None:
        """Don't wait for new clients: the kernel keeps them in its queue."""
        if self.accept_at == NEVER:
            self.selector.unregister(self.service.listener)
        self.accept_at = until

    def add(self, sock: socket.socket) -> None:
        """A new connection: it is served, or queued, or told that we are busy."""
        service = self.service
        over = len(self.peers) - service.max_connections
        if over >= service.queue:
            return self.leaving.add(sock)
        connection = Connection(service.handler, address(sock), service.limits, self.ends)
        peer = Peer(sock, connection, time.monotonic())
        self.peers[peer] = 0
        if over >= 0:
            peer.is_queued = True
            self.queue.append(peer)
        self.follow(peer)

    def ends(self) -> bool:
        """Whether an answer must be the last one on its connection."""
        return self.service.stop.requested or bool(self.queue)

    def go_on(self, peer: Peer) -> None:
        """The connection is ready for what it waits for."""
        peer.proceed(time.monotonic())
        self.follow(peer)

    def deliver(self, peer: Peer, result: Future) -> None:
        """A handler has finished, in its thread: bring the result to ours."""
        self.answered.append((peer, result))
        self.service.stop.wake()

    def take_result(self, peer: Peer, result: Future) -> None:
        """Send what a handler has said, or what it has generated."""
        peer.take(result, time.monotonic())
        self.follow(peer)

    def follow(self, peer: Peer) -> None:
        """Let the selector wait for what the connection waits for now, and write it down.

        What to call is the data: `go_on`, with the peer. A job goes to a handler's thread. A
        connection that is done is forgotten, and closed.
        """
        before, events = self.peers[peer], peer.waits_for
        if before and not events:
            self.selector.unregister(peer.sock)
        elif events and not before:
            self.selector.register(peer.sock, events, partial(self.go_on, peer))
        elif events != before:
            self.selector.modify(peer.sock, events, partial(self.go_on, peer))
        self.peers[peer] = events
        if peer.is_done:
            del self.peers[peer]
            peer.close()
        elif peer.job and not peer.is_working:
            peer.is_working = True
            self.handlers.submit(peer.job).add_done_callback(partial(self.deliver, peer))

    def seat(self) -> None:
        """Serve those in the queue for whom there is a place now; their time begins only now."""
        while self.queue and len(self.peers) - len(self.queue) < self.service.max_connections:
            peer = self.queue.popleft()
            peer.is_queued, peer.since = False, time.monotonic()
            self.go_on(peer)

    def sweep(self, now: float) -> None:
        """Look whose time is up, or whose place others need, and if we can take new clients."""
        for peer in list(self.peers):
            gives_way = now >= self.last_call or (self.queue and peer.connection.answers)
            if peer.deadline <= now or (peer.is_idle and gives_way):
                peer.expire(now)
                self.follow(peer)
        self.leaving.tidy()
        if self.accept_at <= now and self.last_call == NEVER:
            self.selector.register(self.service.listener, selectors.EVENT_READ, self.welcome)
            self.accept_at = NEVER
