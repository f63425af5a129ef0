"""An application of WSGI on our server, and hundreds of clients that behave as badly as they can.

Beside them a good client is answered all the time. Afterwards nothing is left of them: no thread,
no descriptor, no memory. And the order to stop loses nobody who is being answered.
"""

import asyncio
import os
import random
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from test_step06_models import (
    SECONDS,
    all_at_once,
    ask_all,
    begin,
    connect,
    content,
    expect_end,
    heard,
    posix,
    process_of,
    request,
    status,
    tell,
    tree,
    until,
)
from test_step07_models import mutated
from wsgi_hosts import STEP

from course.servers import RunningServer, start

APPLICATION = f"""
import gc
import sys

sys.path.insert(0, {str(STEP.path)!r})

from demoapp import app as demo

BLOCK = bytes(64 * 1024)


def large(start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    for _ in range(300):
        yield BLOCK


def app(environ, start_response):
    if environ["PATH_INFO"] == "/blocks":
        gc.collect()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(sys.getallocatedblocks()).encode()]
    if environ["PATH_INFO"] == "/large":
        return large(start_response)
    return demo(environ, start_response)
"""

IDLE = 500
DRIPPING = 100
SLOW_READERS = 30
MUTATED = 2000
RESETS = 300
IN_FLIGHT = 50

ROUNDS = 3

BLOCKS = 500
"""So many blocks of Python's memory may be more in the end. Each round has thousands of requests:
one object that stays of each would be far more."""

MEGABYTES = 200
"""And so much of the machine's: hundreds of threads make the allocator ask for room, which
it keeps. The answers to the slow readers, kept, would be 600 in each round."""

AT_ONCE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""SO_LINGER: to close is to break off."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """Our server with this application, under threads."""
    (tmp_path / "abused.py").write_text(APPLICATION, encoding="utf-8")
    options = ["--log", "off", "--port", "0", "--read-timeout", "60", "--idle-timeout", "60"]
    running = start([sys.executable, STEP.modules["server"], "abused:app", *options], cwd=tmp_path)
    yield running
    running.stop()


def good(name: object) -> bytes:
    """A request of a client that means well."""
    return request(f"/echo/{name}", "Connection: close")


async def answered(server: RunningServer, name: object) -> None:
    """The good client asks, and has its answer in time."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(good(name))
        answer = await reader.read()
        writer.close()
    assert content(answer) == str(name).encode(), f"the good client got {answer[:200]!r}"


async def asks_all_the_time(server: RunningServer, done: asyncio.Event) -> int:
    """How often the good client was answered, until the others are done."""
    count = 0
    while not done.is_set():
        await answered(server, count)
        count += 1
    return count


async def sends_nonsense(server: RunningServer, requests: list[bytes]) -> set[int]:
    """Requests with mistakes in them, each on a connection of its own."""
    seen = set()
    for one in requests:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            with suppress(ConnectionError):
                writer.write(one)
                writer.write_eof()
                seen.add(status(await reader.read()))
            writer.close()
    return seen


async def drips(connections: list[socket.socket], done: asyncio.Event) -> None:
    """A byte of the head now and then, on each of them."""
    while not done.is_set():
        for connection in connections:
            with suppress(OSError):
                connection.send(b"x")
        await asyncio.sleep(0.1)


def leaves_at_once(server: RunningServer, chance: random.Random) -> None:
    """Begins a request, or waits for an answer, and breaks off."""
    whole = request("/large")
    connection = begin(server, whole[: chance.randint(0, len(whole))])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    connection.close()


def abuse(server: RunningServer, chance: random.Random) -> int:
    """One round of all that is bad, all at the same time; how often the good one was answered."""
    idle = [connect(server) for _ in range(IDLE)]
    dripping = [begin(server, b"GET / HTTP/1.1\r\nX-Drip: ") for _ in range(DRIPPING)]
    readers = [begin(server, request("/large")) for _ in range(SLOW_READERS)]
    nonsense = [mutated(chance) for _ in range(MUTATED)]

    async def all_of_them() -> int:
        done = asyncio.Event()
        others = [asyncio.create_task(drips(dripping, done))]
        best = asyncio.create_task(asks_all_the_time(server, done))
        hands = [sends_nonsense(server, nonsense[number::20]) for number in range(20)]
        tasks = [asyncio.create_task(hand) for hand in hands]
        for number in range(RESETS):
            leaves_at_once(server, chance)
            if number % 10 == 0:
                await asyncio.sleep(0)
        seen = set().union(*await asyncio.gather(*tasks))
        done.set()
        await asyncio.gather(*others)
        assert {200, 400} <= seen
        assert not seen & {500, 503}, "a mistake of ours, or others had no place"
        return await best

    count = all_at_once([all_of_them])[0]
    for reader in readers:
        assert reader.recv(1000).startswith(b"HTTP/1.1 200 "), "a slow reader was thrown out"
    for connection in (*idle, *dripping, *readers):
        connection.close()
    return count


def is_calm(process: psutil.Process, threads: int, files: int) -> bool:
    """Whether nothing is left of the clients."""
    return process.num_threads() <= threads and open_files(process) <= files


def open_files(process: psutil.Process) -> int:
    """How many descriptors it has; on Windows, handles, of which some stay."""
    return process.num_fds() if os.name == "posix" else 0


def test_abuse(server: RunningServer) -> None:
    """Several rounds; after each of them the server is as it was."""
    chance = random.Random(8)
    process = process_of(server)
    ask_all(server, [good(number) for number in range(50)])
    assert until(lambda: process.num_threads() <= 3)
    threads, files = process.num_threads() + 1, open_files(process) + 1
    blocks, memory = [], process.memory_info().rss
    for _ in range(ROUNDS):
        assert abuse(server, chance) > 10, "the good client was hardly served"
        assert until(lambda: is_calm(process, threads, files)), (
            process.num_threads(),
            open_files(process),
        )
        blocks.append(int(content(heard(begin(server, request("/blocks", "Connection: close"))))))
    assert blocks[-1] - blocks[0] < BLOCKS, f"more is kept after each round: {blocks}"
    assert process.memory_info().rss - memory < MEGABYTES * 2**20
    assert "Traceback" not in server.output(), server.output()


@posix
def test_stop_in_the_middle_of_it(server: RunningServer) -> None:
    """Told to stop, it answers those whom it works for, and lets go of all who only wait."""
    idle = [connect(server) for _ in range(100)]
    halves = [begin(server, b"GET / HTTP/1.1\r\nX-Drip: ") for _ in range(20)]
    flight = [begin(server, request("/slow")) for _ in range(IN_FLIGHT)]
    processes = tree(server)
    clients = len(idle) + len(halves) + len(flight)
    assert until(lambda: process_of(server).num_threads() > clients)
    for half in halves:
        half.close()
    tell(server)
    assert [status(heard(connection)) for connection in flight] == [200] * IN_FLIGHT
    expect_end(server, processes)
    for connection in idle:
        connection.close()
