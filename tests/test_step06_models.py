"""What step 06 promises of every model, with many clients, bad clients, and signals."""

import asyncio
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psutil
import pytest

from course.servers import RunningServer, start
from course.steps import find_step

STEP = find_step("06")

SECONDS = 20.0
"""No wait in here takes so long, unless something is wrong."""

MODELS = ["one", "threads", "pool", "selectors", "asyncio"]
if hasattr(os, "fork"):
    MODELS.append("fork")

CONCURRENT = [model for model in MODELS if model != "one"]
BOUNDED = [model for model in CONCURRENT if model != "fork"]

SIGNALS = [signal.SIGTERM, signal.SIGINT]

LARGE_BYTES = 20_000_000
"""More than the kernel keeps for a client that does not read."""

HANDLERS = f'''
"""A server of handlers that wait, fail, or end the program, as far as that is let."""

import sys
import time

sys.path.insert(0, {str(STEP.path)!r})

from listening import options
from response import Response
from serving import add_options, run


class Breaks(Response):
    def blocks(self):
        yield b"he"
        sys.exit(4)


def handler(request):
    match request.path:
        case "/slow":
            time.sleep(0.2)
        case "/for-ever":
            time.sleep(600)
        case "/raise":
            raise ValueError("of the handler")
        case "/exit":
            sys.exit(3)
        case "/breaks":
            return Breaks(200, b"hello")
    return Response.text(request.path)


if __name__ == "__main__":
    parser = options(__doc__)
    add_options(parser)
    run(handler, parser.parse_args())
'''

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these signals nor ulimit")
has_fork = pytest.mark.skipif("fork" not in MODELS, reason="this system has no fork")
each_model = pytest.mark.parametrize("model", MODELS)
each_concurrent_model = pytest.mark.parametrize("model", CONCURRENT)
each_bounded_model = pytest.mark.parametrize("model", BOUNDED)

T = TypeVar("T")


class Serve(Protocol):
    """What the fixtures `serve` and `serve_handlers` are."""

    def __call__(self, model: str, *options: str, files: int = 0) -> RunningServer:
        """A server with this model; `files`: how many it may have open."""


def serve_script(script: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def serve(model: str, *options: str, files: int = 0) -> RunningServer:
            command = [sys.executable, str(script), "--port", "0", "--model", model, *options]
            if files:
                command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
            server = start(command)
            stack.callback(server.stop)
            return server

        yield serve


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the step's own server."""
    yield from serve_script(STEP.modules["server"])


@pytest.fixture
def serve_handlers(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server of the handlers above, through the step's `serving.run`."""
    script = tmp_path / "handlers.py"
    script.write_text(HANDLERS, encoding="utf-8")
    yield from serve_script(script)


def request(target: str, *lines: str, method: str = "GET", body: bytes = b"") -> bytes:
    if body:
        lines = (*lines, f"Content-Length: {len(body)}")
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: a", *lines, "", ""]).encode() + body


def as_json(target: str, body: bytes, method: str = "POST") -> bytes:
    return request(target, "Content-Type: application/json", method=method, body=body)


def connect(server: RunningServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=SECONDS)


def begin(server: RunningServer, data: bytes) -> socket.socket:
    """A connection on which this was sent."""
    connection = connect(server)
    connection.sendall(data)
    return connection


def heard(connection: socket.socket) -> bytes:
    """All that comes until the server ends the conversation."""
    answer = bytearray()
    with connection:
        while data := connection.recv(256 * 1024):
            answer += data
    return bytes(answer)


def ask(server: RunningServer, data: bytes) -> bytes:
    return heard(begin(server, data))


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def content(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


async def converse(server: RunningServer, data: bytes) -> bytes:
    """The same, for many at a time."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), SECONDS)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def all_at_once(works: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """What they all come to, begun at the same moment."""

    async def gather() -> list[T]:
        return list(await asyncio.gather(*(work() for work in works)))

    return asyncio.run(gather())


def ask_all(server: RunningServer, requests: Sequence[bytes]) -> list[bytes]:
    return all_at_once([lambda one=one: converse(server, one) for one in requests])


def until(condition: Callable[[], Any]) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def process_of(server: RunningServer) -> psutil.Process:
    assert server.pid is not None
    return psutil.Process(server.pid)


def tree(server: RunningServer) -> list[psutil.Process]:
    """The server's processes."""
    parent = process_of(server)
    return [parent, *parent.children(recursive=True)]


def has_gone(process: psutil.Process) -> bool:
    """It has ended; where nobody asks how, as in some containers, it may be a zombie for ever."""
    with suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def tell(server: RunningServer, number: int = signal.SIGTERM) -> None:
    assert server.process is not None
    server.process.send_signal(number)


def ended(server: RunningServer) -> int:
    """Its exit code."""
    assert server.process is not None
    return server.process.wait(SECONDS)


def expect_end(server: RunningServer, processes: Sequence[psutil.Process], code: int = 0) -> None:
    """It ends, and nothing of it stays: no process, no door."""
    assert ended(server) == code, server.output()
    assert until(lambda: all(has_gone(process) for process in processes))
    with pytest.raises(OSError):
        connect(server)
    assert server.own is not None
    assert until(lambda: "topped" in server.output()), server.output()
    assert "Traceback" not in server.output(), server.output()


# Many clients.


@each_model
def test_many_clients_get_what_is_theirs(serve: Serve, model: str) -> None:
    """200 clients with 25 requests each, and a word in each that only this one has."""
    server = serve(model, "--log", "off")
    clients, rounds = (200, 25) if model != "one" else (50, 5)
    secrets = random.Random(model)

    async def client(number: int) -> int:
        right = 0
        for turn in range(rounds):
            word = f"{number}-{turn}-{secrets.getrandbits(64):x}".encode()
            answer = await converse(server, request(f"/echo/{word.decode()}"))
            right += status(answer) == 200 and content(answer) == word
        return right

    counts = all_at_once([lambda number=number: client(number) for number in range(clients)])
    assert counts == [rounds] * clients
    assert "Traceback" not in server.output()


@each_model
def test_requests_of_every_shape(serve: Serve, model: str) -> None:
    """In single bytes, half-closed, closed and reset in the middle: nothing is left of them."""
    server = serve(model, "--log", "off", "--read-timeout", "1")
    whole = request("/echo/whole", "X-Word: " + "x" * 50)

    async def drip() -> bytes:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        for at in range(len(whole)):
            writer.write(whole[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0)
        answer = await asyncio.wait_for(reader.read(), SECONDS)
        writer.close()
        return answer

    answers = all_at_once([drip] * 20)
    assert [content(answer) for answer in answers] == [b"whole"] * 20
    for end, code in ((len(whole), 200), (20, 400)):
        connection = begin(server, whole[:end])
        connection.shutdown(socket.SHUT_WR)
        assert status(heard(connection)) == code
    at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    for number in range(60):
        connection = begin(server, whole[: number % len(whole)])
        if number % 3:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        connection.close()
    for end in (len(whole), 30):  # who asks, and has gone before the answer comes
        for _ in range(5):
            begin(server, whole[:end]).close()
    assert content(ask(server, whole)) == b"whole"
    if os.name == "posix":
        assert until(lambda: max(process.num_fds() for process in tree(server)) < 16)
    assert "Traceback" not in server.output()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A folder with a file that no kernel keeps for a client that does not read."""
    folder = tmp_path / "large"
    folder.mkdir()
    with (folder / "large.bin").open("wb") as file:
        file.truncate(LARGE_BYTES)
    return folder


@each_concurrent_model
def test_slow_clients_hold_up_nobody(serve: Serve, model: str, large: Path) -> None:
    """Some drip, some are silent, some do not read: meanwhile all others are answered."""
    workers = ["--workers", "16"] if model == "fork" else []
    server = serve(
        model, *workers, "--log", "off", "--read-timeout", "60", "--directory", str(large)
    )
    silent = [connect(server) for _ in range(4)]
    drips = [begin(server, b"GET /ec") for _ in range(4)]
    lazy = [begin(server, request("/static/large.bin")) for _ in range(3)]
    for connection in lazy:
        assert connection.recv(1) == b"H"
    for part in (b"ho/d", b"rip HTTP/1.1\r\n", b"Host: a\r\n"):
        for connection in drips:
            connection.sendall(part)
        answers = ask_all(server, [request(f"/echo/{number}") for number in range(30)])
        assert [content(answer) for answer in answers] == [b"%d" % one for one in range(30)]
    for connection in drips:
        connection.sendall(b"\r\n")
        assert content(heard(connection)) == b"drip"
    for connection in lazy:
        assert len(content(b"H" + heard(connection))) == LARGE_BYTES
    for connection in silent:
        connection.close()
    assert "Traceback" not in server.output()


HONEST_BYTES = 250_000
"""What the honest reader takes in a second: by far enough, and far less than it could be sent."""


def test_who_reads_slowly_and_steadily_stays(serve: Serve, large: Path) -> None:
    """A client is not dropped because the kernel takes nothing from us for a while.

    A kernel that may keep megabytes for each client takes the next ones only when a third of them
    has gone out: longer than the time limit here, and the reader would look like a dead one.
    """
    readers = []
    for model in CONCURRENT:
        options = ["--log", "off", "--write-timeout", "2", "--directory", str(large)]
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        server = serve(model, *options)
        reader.settimeout(SECONDS)
        reader.connect((server.host, server.port))
        reader.sendall(request("/static/large.bin"))
        readers.append(reader)
    taken = dict.fromkeys(readers, 0)
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < 6:
        for reader in readers:
            if taken[reader] < seconds * HONEST_BYTES:
                part = reader.recv(32 * 1024)
                assert part, f"{CONCURRENT[readers.index(reader)]} has dropped an honest reader"
                taken[reader] += len(part)
        time.sleep(0.005)
    for reader in readers:
        reader.close()


@pytest.mark.parametrize("model", ["selectors", "asyncio"])
def test_the_loop_blames_nobody_for_its_own_work(serve_handlers: Serve, model: str) -> None:
    """Handlers that stop the loop for longer than the time limit: all are answered all the same."""
    server = serve_handlers(model, "--workers", "0", "--read-timeout", "0.3")
    answers = ask_all(server, [request("/slow")] * 8 + [request("/fine")] * 4)
    assert [content(answer) for answer in answers] == [b"/slow"] * 8 + [b"/fine"] * 4


@posix
@each_model
def test_log_that_nobody_reads(serve_handlers: Serve, tmp_path: Path, model: str) -> None:
    """Where stderr is a broken pipe, failures are not told, and cost nothing else."""
    command = [sys.executable, str(tmp_path / "handlers.py"), "--port", "0", "--model", model]
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writer, text=True) as process:
        os.close(writer)
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2])
        server = RunningServer("127.0.0.1", port)
        for target in ("/raise", "/exit", "/breaks"):
            with suppress(ConnectionError):
                ask(server, request(target))
            assert content(ask(server, request("/fine"))) == b"/fine"
        process.terminate()
        assert process.wait(SECONDS) == 0


# The end.


@posix
@each_model
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_stop_loses_nobody(serve_handlers: Serve, model: str, number: int) -> None:
    """50 requests in flight, in handlers, in our queue and in the kernel's: all are answered."""
    server = serve_handlers(model)
    count = 50 if model != "one" else 10
    processes = tree(server)
    connections = [begin(server, request("/slow")) for _ in range(count)]
    tell(server, number)
    assert [status(heard(connection)) for connection in connections] == [200] * count
    expect_end(server, processes)


@posix
@each_concurrent_model
def test_stop_loses_nobody_of_those_at_work(serve_handlers: Serve, model: str) -> None:
    """The same when some are answered already, and the rest is known to be at work."""
    server = serve_handlers(model, "--workers", "16")
    processes = tree(server)
    connections = [begin(server, request("/slow")) for _ in range(50)]
    assert status(heard(connections.pop(0))) == 200
    tell(server)
    assert [status(heard(connection)) for connection in connections] == [200] * 49
    expect_end(server, processes)


@posix
@each_model
def test_second_signal_ends_at_once(serve_handlers: Serve, model: str) -> None:
    """Who asks again does not want to wait for what is in flight."""
    server = serve_handlers(model)
    processes = tree(server)
    with begin(server, request("/for-ever")) as connection:
        if model != "one":
            assert status(ask(server, request("/echo"))) == 200

        def told_again() -> bool:
            """It may not have seen the first signal yet when the second one comes."""
            assert server.process is not None
            tell(server)
            with suppress(subprocess.TimeoutExpired):
                server.process.wait(1)
            return server.process.poll() is not None

        assert until(told_again)
        with suppress(ConnectionError):
            assert connection.recv(1) == b""
    expect_end(server, processes, code=1)
    assert "Stopped at once" in server.output()


@posix
@each_model
def test_stop_as_soon_as_it_serves(serve_handlers: Serve, model: str) -> None:
    """An order that comes while it is about to begin, with children half made, is no less one."""
    for _ in range(3):
        server = serve_handlers(model)
        tell(server)
        expect_end(server, [])


@posix
@pytest.mark.parametrize("model", MODELS)
def test_stop_while_clients_never_cease_to_come(serve_handlers: Serve, model: str) -> None:
    """Each answer brings the next request: that is no reason to go on for ever."""
    server = serve_handlers(model)
    processes = tree(server)

    async def client() -> None:
        with suppress(OSError):
            while status(await converse(server, request("/echo"))) == 200:
                pass

    async def clients() -> None:
        tasks = [asyncio.create_task(client()) for _ in range(12)]
        for _ in range(30):
            await converse(server, request("/echo"))
        tell(server)
        await asyncio.wait(tasks, timeout=SECONDS)

    asyncio.run(clients())
    expect_end(server, processes)


@posix
@each_model
def test_silent_clients_do_not_hold_up_the_end(serve_handlers: Serve, model: str) -> None:
    """Who has said nothing yet, as browsers do, is not waited for."""
    server = serve_handlers(model, "--read-timeout", "600", "--grace", "600")
    processes = tree(server)
    silent = [connect(server) for _ in range(3)]
    tell(server)
    expect_end(server, processes)
    for connection in silent:
        connection.close()


@posix
@each_concurrent_model
def test_grace_ends(serve_handlers: Serve, model: str) -> None:
    """Who takes longer than the grace is not waited for."""
    server = serve_handlers(model, "--grace", "0.3")
    processes = tree(server)
    with begin(server, request("/for-ever")):
        assert status(ask(server, request("/echo"))) == 200
        tell(server)
        expect_end(server, processes)


# Children.


def zombies(server: RunningServer) -> list[psutil.Process]:
    found = []
    for child in process_of(server).children():
        with suppress(psutil.NoSuchProcess):
            if child.status() == psutil.STATUS_ZOMBIE:
                found.append(child)
    return found


@has_fork
def test_children_that_die_are_replaced(serve_handlers: Serve) -> None:
    """However many are killed at a time: there are as many as before, and none is a zombie."""
    server = serve_handlers("fork", "--workers", "6")
    assert until(lambda: len(process_of(server).children()) == 6)
    for count in (1, 3, 6):
        before = process_of(server).children()
        for child in before[:count]:
            child.kill()

        def is_whole(count: int = count, before: list[psutil.Process] = before) -> bool:
            children = process_of(server).children()
            return len({*children} - {*before[:count]}) == 6 and not zombies(server)

        assert until(is_whole)
        assert status(ask(server, request("/echo"))) == 200
    processes = tree(server)
    tell(server)
    expect_end(server, processes)


@has_fork
def test_orphans_end_by_themselves(serve_handlers: Serve) -> None:
    """Children whose parent was killed do not go on for ever, nor keep the port."""
    server = serve_handlers("fork", "--workers", "4")
    assert until(lambda: len(process_of(server).children()) == 4)
    children = process_of(server).children()
    process_of(server).kill()
    assert until(lambda: all(has_gone(child) for child in children))


@has_fork
def test_all_processes_are_told(serve_handlers: Serve) -> None:
    """A terminal and some systems tell the whole group, and the parent tells its children, too."""
    for number in SIGNALS:
        server = serve_handlers("fork", "--workers", "10")
        assert until(lambda server=server: len(process_of(server).children()) == 10)
        processes = tree(server)
        connections = [begin(server, request("/slow")) for _ in range(20)]
        assert status(heard(connections.pop(0))) == 200
        for process in processes:
            process.send_signal(number)
        assert [status(heard(connection)) for connection in connections] == [200] * 19
        expect_end(server, processes)


# Bounds.


@each_bounded_model
def test_at_the_bound(serve: Serve, model: str) -> None:
    """Two are served, three wait, all others are told when to come again; then it is as before."""
    bound = ["--workers", "2"] if model == "pool" else ["--max-connections", "2"]
    server = serve(model, *bound, "--queue", "3", "--log", "off", "--read-timeout", "60")
    half, rest = b"GET /echo/late HTTP/1.1\r\n", b"Host: a\r\n\r\n"
    inside = [begin(server, half) for _ in range(5)]
    post = request("/echo", method="POST", body=bytes(100_000))
    for data in (request("/echo/x"), request("/echo/x", method="HEAD"), post, b"", b"GET"):
        refused = ask(server, data)
        assert status(refused) == 503
        assert b"\r\nRetry-After: 1\r\n" in refused
        assert b"\r\nConnection: close\r\n" in refused
        assert content(refused) == b""
    answers = ask_all(server, [request("/echo/x")] * 30)
    assert [status(answer) for answer in answers] == [503] * 30
    for connection in inside:
        connection.sendall(rest)
    assert [content(heard(connection)) for connection in inside] == [b"late"] * 5

    def is_as_before() -> bool:
        return [status(ask(server, request("/echo/x"))) for _ in range(5)] == [200] * 5

    assert until(is_as_before)
    assert "Traceback" not in server.output()


@posix
@each_bounded_model
def test_without_descriptors(serve_handlers: Serve, model: str) -> None:
    """150 clients, 60 open files: it goes on, does not spin, tells the log once, and recovers.

    The other models have one connection at a time, and never need so many.
    """
    server = serve_handlers(model, "--read-timeout", "60", files=60)
    clients = [connect(server) for _ in range(150)]
    assert until(lambda: "New clients have to wait" in server.output()), server.output()
    process = process_of(server)
    before = sum(process.cpu_times()[:2])
    time.sleep(1)  # how much of this second is it busy?
    assert sum(process.cpu_times()[:2]) - before < 0.5
    assert server.output().count("New clients have to wait") == 1
    for client in clients:
        client.close()
    assert until(lambda: status(ask(server, request("/echo"))) == 200)
    clients = [connect(server) for _ in range(150)]
    tell(server)
    expect_end(server, [process])
    for client in clients:
        client.close()


@pytest.mark.parametrize("model", ["threads", "selectors", "asyncio"])
def test_idle_connections_leave_nothing_behind(serve: Serve, model: str) -> None:
    """500 that say nothing, again and again: no thread, no file and no memory is lost."""
    server = serve(model, "--log", "off", "--read-timeout", "600")
    process = process_of(server)
    handlers = 40 if model != "threads" else 0  # the loops make all theirs at the first request
    memory = []
    for _ in range(4):
        assert status(ask(server, request("/echo/x"))) == 200
        clients = [connect(server) for _ in range(500)]
        assert status(ask(server, request("/echo/x"))) == 200
        for client in clients:
            client.close()
        assert until(lambda: process.num_threads() <= 2 + handlers)
        if os.name == "posix":
            assert until(lambda: process.num_fds() < 40)
        memory.append(process.memory_info().rss)
    assert memory[-1] - memory[1] < 2_000_000, memory


# State.


@each_model
def test_notes_of_many_at_once(serve: Serve, model: str) -> None:
    """Numbers are given once, and of 20 changes at the same moment none is lost."""
    server = serve(model, "--log", "off")
    posts = [as_json("/api/notes", b'{"text": "note %d"}' % one) for one in range(20)]
    answers = ask_all(server, posts)
    assert [status(answer) for answer in answers] == [201] * 20
    places = {
        line.split(b" ")[1].decode()
        for answer in answers
        for line in answer.split(b"\r\n")
        if line.startswith(b"Location: ")
    }
    assert len(places) == 20
    reads = ask_all(server, [request(place) for place in places])
    assert [status(answer) for answer in reads] == [200] * 20
    [place, *_] = places
    changes = [as_json(place, b'{"member%d": %d}' % (one, one), "PATCH") for one in range(20)]
    assert [status(answer) for answer in ask_all(server, changes)] == [200] * 20
    for answer in ask_all(server, [request(place)] * 10):
        assert [one for one in range(20) if b'"member%d": %d' % (one, one) in answer] == [
            *range(20)
        ]


@each_model
def test_one_of_two_writers_wins(serve: Serve, model: str, tmp_path: Path) -> None:
    """Two change the file that both have seen: one does, and the other is told (412)."""
    server = serve(model, "--log", "off", "--directory", str(tmp_path))
    for number in range(1, 11):
        first = request("/files/a.txt", method="POST", body=b"x" * number)
        assert status(ask(server, first)) in (200, 201)
        seen = ask(server, request("/files/a.txt"))
        [tag] = [line for line in seen.split(b"\r\n") if line.startswith(b"ETag: ")]
        condition = f"If-Match: {tag.decode()[6:]}"
        bodies = [b"a" * (number + 20), b"b" * (number + 40), b"c" * (number + 60)]
        answers = ask_all(
            server,
            [request("/files/a.txt", condition, method="POST", body=body) for body in bodies],
        )
        assert sorted(status(answer) for answer in answers) == [200, 412, 412]
        winner = bodies[[status(answer) for answer in answers].index(200)]
        assert content(ask(server, request("/files/a.txt"))) == winner


# Handlers.


@each_model
def test_handlers_that_fail_cost_nothing(serve_handlers: Serve, model: str) -> None:
    """Who raises, calls sys.exit, or breaks off: three times as often as there are workers."""
    workers = [] if model == "one" else ["--workers", "3"]
    server = serve_handlers(model, *workers)
    assert until(lambda: len(tree(server)) == (4 if model == "fork" else 1))
    processes = tree(server)
    for target, code, end in (
        ("/raise", 500, b""),
        ("/exit", 500, b""),
        ("/breaks", 200, b"\r\n\r\nhe"),
    ):
        for _ in range(9):
            answer = ask(server, request(target))
            assert status(answer) == code
            assert answer.endswith(end)
        assert [content(answer) for answer in ask_all(server, [request("/echo")] * 9)] == [
            b"/echo"
        ] * 9
    assert tree(server) == processes
    assert until(lambda: server.output().count("Traceback") == 27)
    tell(server)
    if os.name == "posix":
        assert ended(server) == 0


# The command line.


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("--model nothing", 2),
        ("--model", 2),
        ("--workers x", 2),
        ("--workers -1", 2),
        ("--model pool --workers 0", 1),
        ("--max-connections 0", 2),
        ("--queue 0", 2),
        ("--grace 0", 2),
        ("--grace soon", 2),
        ("--port 99999", 2),
        ("--host 203.0.113.1", 1),
        *[("--model fork --workers 0", 1)] * ("fork" in MODELS),
    ],
)
def test_options_that_cannot_be(options: str, code: int) -> None:
    """The last line says in plain words what is wrong, and there is no traceback."""
    command = [sys.executable, str(STEP.modules["server"]), "--port", "0", *options.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    [*usage, last] = done.stderr.splitlines()
    assert len(last) > 30
    assert not usage or usage[0].startswith("usage: ")
    assert "Serving" not in done.stdout
