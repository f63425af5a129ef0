"""Processes instead of threads: children that are made before anybody comes (POSIX only)."""

import contextlib
import os
import selectors
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from typing import NoReturn

from arrivals import arrivals
from blocking import attend
from server_log import tell_failure, to_stderr
from service import Service
from stopping import ChildStop

RESTART_SECONDS = 1.0
"""A child that ends sooner has a fault that the next one has too: we wait so long before that."""

POLL_SECONDS = 0.05

ORDERS = {signal.SIGINT, signal.SIGTERM}


def serve_fork(service: Service) -> None:
    """Children that take connections from one listening socket, each serving one at a time.

    The kernel gives each connection to one of them. They share no memory: a crash, or the lock
    of one interpreter, concerns nobody else.
    """
    family = Family(service)
    # A child's death is a signal: it need not do anything but wake us.
    before = signal.signal(signal.SIGCHLD, lambda *signal_and_frame: None)
    try:
        family.live()
        family.end()
    finally:
        family.kill()
        signal.signal(signal.SIGCHLD, before)


class Family:
    """The parent's view of its children."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.children: dict[int, float] = {}
        """When each child was born, by its process id."""
        self.rest_until = 0.0

    def live(self) -> None:
        """Keep as many children alive as there should be, until the order to stop.

        That may have come before the first one is born. They are born all the same: those who wait
        in the kernel's queue by then have nobody else.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self.service.stop, selectors.EVENT_READ)
            while True:
                while self.lacks_one():
                    self.bear(os.getpid())
                if self.service.stop.requested:
                    return
                selector.select(RESTART_SECONDS)
                self.service.stop.woken()
                self.reap()

    def lacks_one(self) -> bool:
        """Whether it is time to make a child."""
        few = len(self.children) < self.service.workers
        return few and time.monotonic() >= self.rest_until

    def bear(self, parent: int) -> None:
        """Make one child. Where none can be made, too many processes perhaps, say so and rest."""
        with contextlib.suppress(OSError):
            sys.stdout.flush()  # or the child would have what is in the buffer, too
        # A signal that came before the child is ready for it would be lost.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
        try:
            if not (child := os.fork()):
                live_as_child(self.service, parent)
            self.children[child] = time.monotonic()
        except OSError as error:
            to_stderr(f"No child can be made: {error.strerror}.")
            self.rest_until = time.monotonic() + RESTART_SECONDS
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def reap(self) -> None:
        """Take leave of every child that has ended, also of one that is not among `children`.

        Until its parent asks how it ended, a dead process keeps its place in the kernel's table:
        it is a zombie. One signal may stand for several deaths, so we ask until there is none.
        One that has failed (its status is not 0) sooner than RESTART_SECONDS after its birth had
        a fault that the next one has too: none is born for RESTART_SECONDS from now.
        """
        while self.children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            born = self.children.pop(child, 0.0)
            if status and time.monotonic() - born < RESTART_SECONDS:
                self.rest_until = time.monotonic() + RESTART_SECONDS

    def end(self) -> None:
        """Tell all to stop, and wait for what they have in flight, but not for ever."""
        deadline = time.monotonic() + self.service.grace
        self.service.listener.close()  # the children close theirs: then nobody can connect
        self.tell(signal.SIGTERM)
        while self.children and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            self.reap()

    def kill(self) -> None:
        """End those that are still there."""
        self.tell(signal.SIGKILL)
        for child in self.children:
            os.waitpid(child, 0)

    def tell(self, number: int) -> None:
        """Send a signal to each child."""
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)


def live_as_child(service: Service, parent: int) -> NoReturn:
    """A child's whole life. It never comes back: the code around the fork is its parent's."""
    status = 1
    try:
        serve_as_child(service, parent)
        status = 0
    except BaseException:
        tell_failure()
    finally:
        try:
            sys.stdout.flush()
        finally:
            os._exit(status)


def serve_as_child(service: Service, parent: int) -> None:
    """What a child does: one connection after the other, until it is told to end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with closing(ChildStop(parent)) as stop, stop.on_signals():
        # Ctrl-C goes to every process at the terminal; when to end is for the parent to say.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
        own = replace(service, stop=stop)
        for connection in arrivals(own):
            attend(connection, own)
