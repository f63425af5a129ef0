"""Small servers that are wrong on purpose, for the tests of the checks' client and reports."""

import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from course.servers import RunningServer, start

Behaviour = Callable[[socket.socket], None]

HEAD_END = b"\r\n\r\n"


@contextmanager
def serving(behave: Behaviour) -> Iterator[RunningServer]:
    """A server in this process; each connection is given to `behave`, and then closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept_all, args=(listener, behave), daemon=True).start()
        yield RunningServer("127.0.0.1", listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR) if sys.platform == "linux" else None


def accept_all(listener: socket.socket, behave: Behaviour) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=attend, args=(connection, behave), daemon=True).start()


def attend(connection: socket.socket, behave: Behaviour) -> None:
    with connection, suppress(OSError):
        connection.settimeout(10)
        behave(connection)


def read_head(connection: socket.socket) -> bytes:
    """Read up to the empty line: the head, and what came with it."""
    received = b""
    while HEAD_END not in received and (chunk := connection.recv(65536)):
        received += chunk
    return received


def say_goodbye(connection: socket.socket) -> None:
    """End our side and read on until the client ends its own, so that nothing is reset."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass


def break_off(connection: socket.socket) -> None:
    """Reset the connection."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def wait(connection: socket.socket) -> None:
    """Say nothing until the client gives up."""
    while connection.recv(65536):
        pass
    threading.Event().wait(10)


def answering(*parts: bytes, then: Behaviour = say_goodbye) -> Behaviour:
    """Read the head of a request, send these bytes, and end the connection."""

    def behave(connection: socket.socket) -> None:
        read_head(connection)
        for part in parts:
            connection.sendall(part)
        then(connection)

    return behave


def response(
    body: bytes = b"hello", *, status: str = "200 OK", length: int | None = None, more: str = ""
) -> bytes:
    """A response that is right, but for what is asked for."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + body


def python(folder: Path, source: str, *arguments: str, name: str = "server.py") -> list[str]:
    """The command that runs this source, which is written into a file."""
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return [sys.executable, str(path), *arguments]


def start_python(folder: Path, source: str, *arguments: str) -> RunningServer:
    """Start a server of this source."""
    return start(python(folder, source, *arguments))


LISTENING = """\
import os, socket, sys

listener = socket.create_server(("127.0.0.1", 0))
print(f"Serving on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
"""
"""The beginning of a server that keeps its promise about the first line."""


def each(body: Sequence[str]) -> str:
    """A server that does this, line by line, with each `connection`."""
    loop = ["while True:", "    connection, _ = listener.accept()", "    with connection:"]
    return LISTENING + "\n".join([*loop, *(f"        {line}" for line in body), ""])
