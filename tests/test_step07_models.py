"""What step 07 promises of every model: connections that stay, with many and with bad clients."""

import asyncio
import os
import random
import socket
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from test_step06_models import (
    MODELS,
    SECONDS,
    Serve,
    all_at_once,
    as_json,
    begin,
    connect,
    content,
    each_bounded_model,
    each_concurrent_model,
    each_model,
    expect_end,
    heard,
    posix,
    process_of,
    request,
    serve_script,
    status,
    tell,
    tree,
    until,
)

from course.servers import RunningServer
from course.steps import find_step

STEP = find_step("07")

PLACES = {
    "one": [],
    "threads": ["--max-connections", "2"],
    "pool": ["--workers", "2"],
    "fork": ["--workers", "2"],
    "selectors": ["--max-connections", "2"],
    "asyncio": ["--max-connections", "2"],
}
"""How a model is told to serve two clients at a time; `one` has one place anyway."""

KEEPS = ["threads", "selectors", "asyncio"]
"""The models with a place for each client, so that none has to give up its own."""

LARGE_BYTES = 20_000_000
"""More than the kernel keeps for a client that does not read."""

HANDLERS = f'''
"""A server whose handlers take their time, or fail while their answer is sent."""

import sys
import time

sys.path.insert(0, {str(STEP.path)!r})

from generated import GeneratedResponse
from listening import options
from response import Response
from serving import add_options, run


def source(path):
    try:
        yield b"one,"
        time.sleep(0.05)
        yield b"two"
        if path == "/breaks":
            raise ValueError("of a source")
    finally:
        print("closed", path, flush=True)


def handler(request):
    if request.path == "/slow":
        time.sleep(0.15)
    elif request.path in ("/source", "/breaks"):
        return GeneratedResponse(source=source(request.path))
    return Response.text(request.path)


if __name__ == "__main__":
    parser = options(__doc__)
    add_options(parser)
    run(handler, parser.parse_args())
'''


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the step's own server."""
    yield from serve_script(STEP.modules["server"])


@pytest.fixture
def serve_handlers(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server of the handlers above."""
    script = tmp_path / "handlers.py"
    script.write_text(HANDLERS, encoding="utf-8")
    yield from serve_script(script)


def chunked(*pieces: bytes, trailers: bytes = b"") -> bytes:
    """A request with a body in chunks."""
    head = request("/echo", "Transfer-Encoding: chunked", method="POST")
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return head + body + b"0\r\n" + trailers + b"\r\n"


class Talk:
    """A connection that is kept: requests go out, and answers are taken off one by one."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def begin(cls, server: RunningServer) -> "Talk":
        """Connect."""
        return cls(*await asyncio.open_connection(server.host, server.port))

    def says(self, data: bytes) -> None:
        """Send it."""
        self.writer.write(data)

    async def hears(self) -> tuple[int, bytes, bool]:
        """The next answer: status, content, whether it is the last one. EOFError for none."""
        async with asyncio.timeout(SECONDS):
            head = await self.reader.readuntil(b"\r\n\r\n")
            if b"\r\nTransfer-Encoding: chunked\r\n" in head:
                body = await self.chunks()
            else:
                fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
                body = await self.reader.readexactly(int(fields[b"Content-Length"]))
        return status(head), body, b"\r\nConnection: close\r\n" in head

    async def chunks(self) -> bytes:
        """A body in chunks."""
        body = b""
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            body += await self.reader.readexactly(size)
            assert await self.reader.readexactly(2) == b"\r\n"
        assert await self.reader.readexactly(2) == b"\r\n"
        return body

    async def ends(self) -> bytes:
        """All that comes until the server ends its side."""
        async with asyncio.timeout(SECONDS):
            return await self.reader.read()

    async def leave(self) -> None:
        """Close it."""
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


# Many requests on one connection.


@each_model
def test_many_clients_on_connections_that_are_kept(serve: Serve, model: str) -> None:
    """200 clients with 25 requests each, and a word in each that only this one has.

    Where there are fewer places than clients a connection may end between two requests: then
    the request is made again, as a client may do with what is idempotent (RFC 9112, 9.3.1).
    """
    server = serve(model, "--log", "off")
    clients, rounds = (200, 25) if model != "one" else (40, 5)
    secrets = random.Random(model)
    connections = [0]

    async def client(number: int) -> int:
        right, talk = 0, None
        for turn in range(rounds):
            word = f"{number}-{turn}-{secrets.getrandbits(64):x}".encode()
            for _ in range(100):
                if not talk:
                    connections[0] += 1
                    talk = await Talk.begin(server)
                with suppress(EOFError, ConnectionError):
                    talk.says(request(f"/echo/{word.decode()}"))
                    code, said, is_last = await talk.hears()
                    right += code == 200 and said == word
                    break
                await talk.leave()
                talk = None
            if is_last and talk:
                await talk.leave()
                talk = None
        if talk:
            await talk.leave()
        return right

    counts = all_at_once([lambda number=number: client(number) for number in range(clients)])
    assert counts == [rounds] * clients
    if model in KEEPS:
        assert connections[0] == clients, "a connection was given up though there was room"
    assert "Traceback" not in server.output()


@each_model
def test_streams_of_requests(serve: Serve, model: str) -> None:
    """Requests of all kinds, in one piece, in odd pieces, and byte by byte: the same answers."""
    server = serve(model, "--log", "off", "--read-timeout", "60")
    stream = b"".join(
        [
            request("/echo/one"),
            request("/echo", method="POST", body=b"two"),
            chunked(b"th", b"r", b"ee", trailers=b"Host: evil\r\nX: y\r\n"),
            b"\r\n" + request("/count/1"),
            as_json("/api/notes", b'{"text": "note"}'),
            request("/nothing"),
            request("/echo/last", "Connection: close"),
            request("/echo/behind-the-last"),
        ]
    )
    expected = [(200, b"one"), (200, b"two"), (200, b"three"), (200, b"1\n"), (201, None)]
    expected += [(404, None), (200, b"last")]

    async def client(size: int) -> None:
        talk = await Talk.begin(server)
        for at in range(0, len(stream), size):
            talk.says(stream[at : at + size])
            if size < 100:
                await talk.writer.drain()
                await asyncio.sleep(0)
        for code, said in expected:
            found, body, is_last = await talk.hears()
            assert found == code
            assert said is None or body == said
            assert is_last is (said == b"last")
        assert await talk.ends() == b""
        await talk.leave()

    for size in (10_000, 97, 1):
        all_at_once([lambda size=size: client(size)])
    assert "Traceback" not in server.output()


@each_model
def test_generated_answers(serve_handlers: Serve, model: str) -> None:
    """They are whole, or seen to be not: and what they are made from is closed in any case."""
    server = serve_handlers(model)

    async def client() -> None:
        talk = await Talk.begin(server)
        talk.says(request("/source") * 2 + request("/after"))
        for said in (b"one,two", b"one,two", b"/after"):
            assert (await talk.hears())[:2] == (200, said)
        talk.says(request("/breaks") + request("/after"))
        assert (await talk.ends()).endswith(b"\r\n4\r\none,\r\n3\r\ntwo\r\n")
        await talk.leave()
        talk = await Talk.begin(server)
        talk.says(request("/source"))
        await talk.reader.readuntil(b"one,")
        await talk.leave()

    count = 4 if model in KEEPS else 1  # elsewhere a client could have to give up its place
    all_at_once([client] * count)
    assert until(lambda: server.output().count("closed /source") == 3 * count)
    assert until(lambda: server.output().count("closed /breaks") == count)
    answer = heard(begin(server, request("/fine", "Connection: close")))
    assert content(answer) == b"/fine"


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
    """Some read nothing, some say nothing, some are in the middle: others go on and on."""
    options = ["--directory", str(large), "--log", "off", "--read-timeout", "60"]
    server = serve(model, *options, *["--workers", "16"] * (model == "fork"))
    lazy = [begin(server, request("/static/large.bin")) for _ in range(2)]
    for one in lazy:
        assert one.recv(1) == b"H"
    silent = [connect(server) for _ in range(2)]
    halves = [begin(server, chunked(b"hello")[:-5]) for _ in range(2)]

    async def client() -> None:
        talk = await Talk.begin(server)
        for number in range(30):
            talk.says(request(f"/echo/{number}"))
            code, said, is_last = await talk.hears()
            assert (code, said) == (200, b"%d" % number)
            if is_last:
                await talk.leave()
                talk = await Talk.begin(server)
        await talk.leave()

    all_at_once([client] * 4)
    for one in halves:
        one.sendall(chunked(b"hello")[-5:])
        assert one.recv(100).startswith(b"HTTP/1.1 200 ")
    for one in lazy:
        taken = 1
        while taken < LARGE_BYTES:
            data = one.recv(1_000_000)
            assert data
            taken += len(data)
    for one in (*silent, *halves, *lazy):
        one.close()
    assert "Traceback" not in server.output()


# Limits.


@each_model
def test_time_limits(serve: Serve, model: str) -> None:
    """An idle connection ends without a word, half a request with 408: in its head, in its body."""
    times = ["--read-timeout", "0.2", "--body-timeout", "0.2", "--idle-timeout", "0.2"]
    server = serve(model, *times, "--log", "off")
    asked = request("/echo/x")
    halves = [
        request("/echo/half")[:-2],
        chunked(b"hello")[:-5],
        request("/", method="POST", body=b"hello")[:-1],
    ]
    befores = [b"", asked] if model in KEEPS else [b""]  # elsewhere the answer may be the last
    assert heard(begin(server, b"")) == b""
    assert heard(begin(server, asked)).count(b"HTTP/1.1 ") == 1
    begun = [begin(server, before + half) for half in halves for before in befores]
    for one in begun:
        answers = heard(one)
        assert answers.count(b"HTTP/1.1 408 ") == 1
        assert answers.endswith(b"408 Request Timeout\nThe rest of the request did not come.\n")
    assert "Traceback" not in server.output()


@each_model
def test_place_is_given_up_when_others_wait(serve: Serve, model: str) -> None:
    """Idle clients, as many as there are places: who comes then is served all the same."""
    server = serve(model, *PLACES[model], "--idle-timeout", "600", "--log", "off")
    idle = [connect(server) for _ in range(1 if model == "one" else 2)]
    for one in idle:
        one.sendall(request("/echo/idle"))
        assert b"\r\nContent-Length: 4\r\n" in one.recv(65536)
    answer = heard(begin(server, request("/echo/new", "Connection: close")))
    assert content(answer) == b"new"
    for one in idle:
        one.close()


@each_model
def test_many_requests_at_the_most(serve: Serve, model: str) -> None:
    """The last one that a connection may have says so, and what follows it is dropped."""
    server = serve(model, "--max-requests", "3", "--log", "off")
    answers = heard(begin(server, b"".join(request(f"/echo/{one}") for one in range(5))))
    assert answers.count(b"HTTP/1.1 200 ") == 3
    assert answers.count(b"\r\nConnection: close\r\n") == 1
    assert answers.endswith(b"2")


@each_bounded_model
def test_too_many_of_one_address(serve: Serve, model: str) -> None:
    """One address has so many connections; the others are told when to come again."""
    server = serve(model, "--max-per-address", "3", "--log", "off")
    inside = [begin(server, request("/echo/x")) for _ in range(3)]
    for one in inside:
        assert one.recv(65536).startswith(b"HTTP/1.1 200 ")
    refused = heard(begin(server, request("/echo/x")))
    assert status(refused) == 503
    assert b"\r\nRetry-After: 1\r\n" in refused
    inside.pop().close()
    again = request("/echo/x", "Connection: close")
    assert until(lambda: status(heard(begin(server, again))) == 200)
    for one in inside:
        one.close()


@each_model
def test_too_large(serve: Serve, model: str) -> None:
    """A body beyond the limit is refused, in chunks or not, and the answer arrives."""
    server = serve(model, "--max-body", "100000", "--log", "off")
    body = bytes(100_001)
    small = [bytes(99)] * 1100
    for sent in (request("/echo", method="POST", body=body), chunked(body), chunked(*small)):
        with connect(server) as client:
            with suppress(ConnectionError):
                client.sendall(sent * 3)
            assert client.recv(65536).startswith(b"HTTP/1.1 413 ")
    answer = heard(begin(server, request("/echo/fine", "Connection: close")))
    assert content(answer) == b"fine"


# The end.


@posix
@each_model
def test_stop(serve_handlers: Serve, model: str) -> None:
    """50 requests in flight are answered, and told that it was the last; idle ones hold up none."""
    server = serve_handlers(model, "--idle-timeout", "600", "--read-timeout", "600")
    processes = tree(server)
    idle: list[socket.socket] = []
    if model not in ("one", "fork"):  # with few places nobody may be idle while others wait
        idle = [begin(server, request("/idle")) for _ in range(5)]
        for one in idle:
            assert one.recv(65536).endswith(b"/idle")
        idle += [connect(server) for _ in range(5)]
    flight = [begin(server, request("/slow")) for _ in range(50 if model != "one" else 5)]
    began = time.monotonic()
    tell(server)
    for one in flight:
        answer = heard(one)
        assert content(answer) == b"/slow"
        assert answer.count(b"\r\nConnection: close\r\n") == 1
    for one in idle:
        assert heard(one) == b""
    assert time.monotonic() - began < SECONDS
    expect_end(server, processes)


# Whatever the internet sends.

SAMPLES = [
    request("/echo/x"),
    request("/echo/x", "Connection: keep-alive") + request("/echo/y"),
    request("/echo", "Expect: 100-continue", method="POST", body=b"hello"),
    chunked(b"hello", b"world", trailers=b"X-Sum: 1\r\n"),
    request("/static/demo.html", "Range: bytes=0-5", 'If-None-Match: "x"'),
    request("/about", method="HEAD") + request("/about"),
    as_json("/echo", b'{"a": [1, 2, 3]}'),
]

WORDS = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b":",
    b";",
    b"0\r\n\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"Expect: 100-continue\r\n",
    b"HTTP/1.0",
    b"FFFFFFFFFFFFFFFF",
    b"\xff" * 20,
    b"A" * 9000,
]


def mutated(chance: random.Random) -> bytes:
    """A good request with a few mistakes in it."""
    data = bytearray(chance.choice(SAMPLES))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[at:at] = chance.choice(WORDS)
            case 1:
                del data[at : at + chance.choice([1, 2, 10])]
            case 2 if at < len(data):
                data[at] = chance.randrange(256)
            case _:
                data[at:at] = data[: chance.randrange(len(data) + 1)]
    return bytes(data)


@each_model
def test_mutated_requests(serve: Serve, model: str) -> None:
    """2,000 of them, each with its client's end: all come to an end, and the server goes on."""
    chance = random.Random(f"mutated {model}")
    server = serve(model, "--log", "off", "--read-timeout", "5")
    count = 2000 if model in KEEPS else 300

    async def client(data: bytes) -> bytes:
        talk = await Talk.begin(server)
        with suppress(ConnectionError):
            talk.says(data)
            talk.writer.write_eof()
        try:
            return await talk.ends()
        except ConnectionError:
            return b""
        finally:
            await talk.leave()

    async def clients(requests: Sequence[bytes]) -> list[bytes]:
        return [await client(one) for one in requests]

    requests = [mutated(chance) for _ in range(count)]
    hands = 20 if model != "one" else 4
    shares = [requests[number::hands] for number in range(hands)]
    answers = all_at_once([lambda share=share: clients(share) for share in shares])
    found = {status(answer) for share in answers for answer in share}
    assert {200, 400} <= found
    assert not found & {408, 500, 503}, "too late, or a mistake of ours"
    last = heard(begin(server, request("/echo/fine", "Connection: close")))
    assert content(last) == b"fine"
    assert "Traceback" not in server.output()
    if os.name == "posix":
        assert until(lambda: max(process.num_fds() for process in tree(server)) < 16)
        assert process_of(server).is_running()


def test_models_are_those_of_the_step() -> None:
    """Each model has its places in here."""
    assert set(MODELS) <= set(PLACES)
