"""What step 04's server costs: memory, open files, and time that others wait for."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.servers import RunningServer, start
from course.steps import find_step

STEP = find_step("04")

MEBIBYTE = 2**20

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory and open files are read from Linux's /proc"
)
posix = pytest.mark.skipif(
    os.name == "nt", reason="Windows lets nobody change a file while it is sent"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    command = [sys.executable, STEP.modules["server"], "--port", "0", "--directory", tmp_path]
    running = start([*command, "--read-timeout", "0.5"])
    yield running
    running.stop()


def sparse(path: Path, size: int) -> bytes:
    """A file of this size that takes no room on disk, but for a mark at its end: the mark."""
    mark = os.urandom(16)
    with path.open("wb") as file:
        file.truncate(size - len(mark))
        file.seek(0, os.SEEK_END)
        file.write(mark)
    return mark


def ask(server: RunningServer, path: str) -> socket.socket:
    """A connection on which this was asked for."""
    connection = socket.create_connection((server.host, server.port), timeout=10)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def answers(server: RunningServer) -> bool:
    """Whether it still answers."""
    with ask(server, "/about") as connection:
        return connection.recv(12, socket.MSG_WAITALL) == b"HTTP/1.1 200"


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return head


def begin(connection: socket.socket) -> int:
    """Read the head and the first byte of the content, so that the file is being sent: 1."""
    read_head(connection)
    return len(connection.recv(1))


def read_rest(connection: socket.socket) -> tuple[int, bytes]:
    """How many bytes come until the connection ends, and the last ones of them."""
    buffer, count, last = memoryview(bytearray(MEBIBYTE)), 0, b""
    while True:
        try:
            size = connection.recv_into(buffer)
        except ConnectionError:
            return count, last
        if not size:
            return count, last
        count += size
        last = (last + bytes(buffer[max(0, size - 16) : size]))[-16:]


def peak_memory(server: RunningServer) -> int:
    """The most bytes of memory that the server has ever had resident."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def open_files(server: RunningServer) -> list[str]:
    """What the server has open: files, and sockets."""
    folder = Path(f"/proc/{server.pid}/fd")
    return sorted(str(path.readlink()) for path in folder.iterdir())


@linux
@pytest.mark.parametrize("size", [200 * MEBIBYTE, 1024 * MEBIBYTE], ids=["200 MiB", "1 GiB"])
def test_file_of_any_size_in_little_memory(server, tmp_path, size):
    mark = sparse(tmp_path / "large.bin", size)
    with ask(server, "/static/large.bin") as connection:
        assert f"Content-Length: {size}\r\n".encode() in read_head(connection)
        assert read_rest(connection) == (size, mark)
    assert peak_memory(server) < 40_000_000


@linux
def test_clients_that_leave_half_way_leave_nothing_open(server, tmp_path):
    sparse(tmp_path / "large.bin", 200 * MEBIBYTE)
    before = open_files(server)
    for _ in range(20):
        with ask(server, "/static/large.bin") as connection:
            connection.recv(100_000)
    assert answers(server)
    until = time.monotonic() + 5
    while open_files(server) != before and time.monotonic() < until:
        time.sleep(0.01)
    assert open_files(server) == before
    assert "Traceback" not in server.output()


def test_client_that_does_not_read_is_given_up(server, tmp_path):
    """The others wait for it no longer than for a client that does not speak."""
    sparse(tmp_path / "large.bin", 200 * MEBIBYTE)
    with ask(server, "/static/large.bin") as lazy:
        read_head(lazy)
        began = time.monotonic()
        assert answers(server)
        assert time.monotonic() - began < 5
        assert read_rest(lazy)[0] < 200 * MEBIBYTE
    assert "Traceback" not in server.output()


@posix
def test_file_that_shrinks_while_it_is_sent(server, tmp_path):
    """The client sees the end of the connection before all has come; the log says why."""
    sparse(tmp_path / "large.bin", 200 * MEBIBYTE)
    with ask(server, "/static/large.bin") as connection:
        count = begin(connection)
        os.truncate(tmp_path / "large.bin", MEBIBYTE)
        assert count + read_rest(connection)[0] < 200 * MEBIBYTE
    assert answers(server)
    said = "large.bin became shorter while it was sent"
    assert server.own is not None
    assert server.own.output.wait_for(lambda text: said in text, 10)


@posix
def test_file_that_is_replaced_while_it_is_sent(server, tmp_path):
    """Who has begun to read the old version gets it whole; the next client gets the new one."""
    mark = sparse(tmp_path / "large.bin", 64 * MEBIBYTE)
    (tmp_path / "new").write_text("new version")
    with ask(server, "/static/large.bin") as connection:
        count = begin(connection)
        (tmp_path / "new").replace(tmp_path / "large.bin")
        assert read_rest(connection) == (64 * MEBIBYTE - count, mark)
    with ask(server, "/static/large.bin") as connection:
        read_head(connection)
        assert read_rest(connection) == (11, b"new version")


def test_file_that_grows_while_it_is_sent(server, tmp_path):
    """What Content-Length has promised comes, and not a byte more."""
    mark = sparse(tmp_path / "log.txt", 64 * MEBIBYTE)
    with ask(server, "/static/log.txt") as connection:
        count = begin(connection)
        with (tmp_path / "log.txt").open("ab") as log:
            log.write(b"one more line\n")
        assert read_rest(connection) == (64 * MEBIBYTE - count, mark)
