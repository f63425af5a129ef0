"""Servers for a notebook's cells: each on a free port, and gone when its `with` block ends."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from course.commands.run import command_for
from course.lab.stages import step
from course.servers import start
from course.steps import ROOT, find_step

Handle = Callable[[socket.socket], None]
"""What a server does with one connection."""

LOCALHOST = "127.0.0.1"

PATIENCE_SECONDS = 5.0
"""A connection on which nothing happens for so long has come to its end: no cell hangs."""


@dataclass(frozen=True)
class Server:
    """Where a server listens. `printed` tells what it has said on its terminal so far."""

    host: str
    port: int
    printed: Callable[[], str] = str

    @property
    def url(self) -> str:
        """Its address, for a browser."""
        return f"http://{self.host}:{self.port}/"

    def connect(self) -> socket.socket:
        """A new connection to it, to be used in a `with` block."""
        return socket.create_connection((self.host, self.port), PATIENCE_SECONDS)


@contextmanager
def serve(
    what: str | Handle, *options: str, script: str = "server.py", mine: bool = False
) -> Iterator[Server]:
    """Run a server while the block lasts: a step's script, or a function that you wrote.

    `serve("01", script="hello.py")` starts that script as a program of its own; the options go
    to it; with `mine` it is made of your answers. `serve(handle)` calls `handle(connection)` for
    each connection, one at a time, with step 01's listening socket around it.
    """
    running = _program(what, options, script, mine) if isinstance(what, str) else _thread(what)
    with running as server:
        yield server


@contextmanager
def _program(number: str, options: tuple[str, ...], script: str, mine: bool) -> Iterator[Server]:
    place = ["--host", LOCALHOST, "--port", "0"]
    command = command_for(find_step(number), script, [*place, *options], mine=mine)
    running = start(command, cwd=ROOT)
    try:
        yield Server(running.host, running.port, running.output)
    finally:
        running.stop()


@contextmanager
def _thread(handle: Handle) -> Iterator[Server]:
    listening = step("01").listening
    with listening.listen(LOCALHOST, 0) as listener, _looping(listener) as loop:
        loop(lambda connection: listening.attend(connection, handle, PATIENCE_SECONDS))
        yield Server(LOCALHOST, listener.getsockname()[1])


@contextmanager
def network(server: Server, piece: int = 1448, pause: float = 0.001) -> Iterator[Server]:
    """A way to the server as it is from far away: bytes travel in pieces, with pauses between.

    1448 is what is left for the bytes of one packet on most of the Internet. Connect to what
    comes back as you would to the server.
    """

    def carry(near: socket.socket) -> None:
        with near, server.connect() as far:
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=_relay, args=(far, near, piece, pause), daemon=True)
            back.start()
            _relay(near, far, piece, pause)
            back.join(PATIENCE_SECONDS)

    def apart(near: socket.socket) -> None:
        threading.Thread(target=carry, args=(near,), daemon=True).start()

    with socket.create_server((LOCALHOST, 0)) as listener, _looping(listener) as loop:
        loop(apart)
        yield Server(LOCALHOST, listener.getsockname()[1], server.printed)


def _relay(source: socket.socket, target: socket.socket, piece: int, pause: float) -> None:
    """Pass on what comes, in pieces, until either side has had enough."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            for at in range(0, len(data), piece):
                time.sleep(pause)
                target.sendall(data[at : at + piece])
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def _looping(listener: socket.socket) -> Iterator[Callable[[Handle], None]]:
    """Gives a function that takes connections, on a thread, until the block ends."""
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def loop(handle: Handle) -> None:
        def take() -> None:
            while not ended.is_set():
                connection, _ = listener.accept()
                if not ended.is_set():
                    handle(connection)
                else:
                    connection.close()

        threads.append(threading.Thread(target=take, daemon=True))
        threads[-1].start()

    try:
        yield loop
    finally:
        ended.set()
        for thread in threads:
            # `accept` has to be woken: a connection that nobody wants does that.
            with contextlib.suppress(OSError):
                socket.create_connection(listener.getsockname(), PATIENCE_SECONDS).close()
            thread.join(PATIENCE_SECONDS)
