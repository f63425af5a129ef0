"""What chapter 06 says of browsers, and of the figures that it shows, is so."""

import importlib
import json
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from types import ModuleType

import pytest
from browser import PATIENCE_SECONDS, Tab
from support import ROOT

from course.bench import words
from course.mutation import FOLDER, Mutant
from course.stage import Stage
from course.steps import find_step

pytest_plugins = ["browser"]

ONE_MORE_SECONDS = 0.5
"""How long a request is kept for one that should not come before it is answered."""

FETCH = """async asked => {
    await Promise.all(asked.map(async ([path, options]) => (await fetch(path, options)).text()))
}"""


class Meeting:
    """How many requests are in the server at the same time."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.inside = self.most = self.expected = 0

    def __enter__(self) -> None:
        """Come in, and wait: until all who are expected are inside, then for one too many."""
        with self.changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.most >= self.expected, PATIENCE_SECONDS)
            self.changed.wait_for(lambda: self.most > self.expected, ONE_MORE_SECONDS)

    def __exit__(self, *error: object) -> None:
        with self.changed:
            self.inside -= 1


@pytest.fixture(scope="module")
def meeting() -> Meeting:
    return Meeting()


@pytest.fixture(scope="module")
def url(meeting: Meeting) -> Iterator[str]:
    """A server in which requests meet."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/slow"):
                with meeting:
                    pass
            content = b"<!doctype html><title>x</title><link rel=icon href=data:,>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(
    ("asked", "together"),
    [
        ([["/slow", {}]] * 3, 1),
        ([["/slow", {"cache": "no-store"}]] * 3, 3),
        ([[f"/slow?{number}", {}] for number in range(3)], 3),
        ([[f"/slow?of-nine-{number}", {}] for number in range(9)], 6),
    ],
    ids=["same", "same-not-stored", "different", "nine"],
)
def test_how_many_requests_a_browser_has_under_way(
    tab: Tab, url: str, meeting: Meeting, asked: list, together: int
) -> None:
    """For one address one at a time, unless it is not to be stored; six for one server."""
    tab.page.goto(url)
    meeting.most, meeting.expected = 0, together
    tab.page.evaluate(FETCH, asked)
    assert meeting.most == together


MUTANT = Mutant.read(FOLDER / "06_concurrency" / "the_rest_is_thrown_away.py")
PIECE_BYTES, PIECES = 64 * 1024, 300
LONG_BYTES = PIECE_BYTES * PIECES


def slow_reader(address: tuple[str, int]) -> int:
    """Read to the end, with a moment of rest after each piece: how many bytes there were."""
    count = 0
    with socket.create_connection(address, timeout=PATIENCE_SECONDS) as connection:
        while data := connection.recv(PIECE_BYTES):
            count += len(data)
            time.sleep(0.0005)
    return count


def arrived(text: str) -> int:
    """The bytes of a long answer that come from a Peer, as this text defines it, to a slow reader.

    The socket is one of the step's: `listen` sizes its buffer.
    """
    peer = ModuleType("peer")
    with Stage(find_step("06")).on():
        listening = importlib.import_module("listening")
        exec(text, vars(peer))
    with (
        listening.listen("127.0.0.1", 0) as listener,
        ThreadPoolExecutor(1) as pool,
        selectors.DefaultSelector() as selector,
    ):
        count = pool.submit(slow_reader, listener.getsockname())
        sender = peer.Peer(listener.accept()[0], None, PATIENCE_SECONDS, time.monotonic())
        sender.begin((bytes(PIECE_BYTES) for _ in range(PIECES)), time.monotonic())
        selector.register(sender.connection, selectors.EVENT_WRITE)
        while sender.stage is peer.Stage.SENDING:
            selector.select(PATIENCE_SECONDS)
            sender.proceed(time.monotonic())
        selector.unregister(sender.connection)
        found = count.result()
        sender.close()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="how much is taken at a time is the kernel's")
def test_what_a_loop_loses_that_keeps_no_rest() -> None:
    """With the buffer that `listen` asks for, bytes are missing, and nobody says so."""
    assert arrived(MUTANT.reference.read_text(encoding="utf-8")) == LONG_BYTES
    assert 0 < arrived(MUTANT.text) < LONG_BYTES


DOCUMENT = json.loads((ROOT / "docs" / "bench" / "06.json").read_text(encoding="utf-8"))
CHAPTER = ROOT / "docs" / "chapters" / "06_concurrency.md"


@pytest.fixture(scope="module")
def figures() -> dict[str, dict]:
    """Each scenario's results, by its name and the model's."""
    return {one["name"]: one["results"] for one in DOCUMENT["scenarios"]}


@pytest.fixture(scope="module")
def opinions() -> dict[str, float]:
    """How many answers a second wrk got from the handler that does nothing, by the model."""
    found = words.scenario_of(DOCUMENT, "fast")
    assert found
    return {model: one["wrk"]["rate"] for model, one in found["opinions"].items()}


@pytest.fixture(scope="module")
def said() -> str:
    """The chapter, with one space wherever there is a line's end."""
    return " ".join(CHAPTER.read_text(encoding="utf-8").split())


def test_a_handler_that_waits(figures: dict) -> None:
    """Nobody gets more answers than its places allow, and most get nearly as many."""
    places = {"one": 1, "fork": 8, "pool": 32, "selectors": 32, "asyncio": 32, "threads": 64}
    for model, count in places.items():
        rate = figures["waiting"][model]["rate"]
        assert 0.6 * count / 0.05 <= rate <= 1.05 * count / 0.05, model


def test_a_handler_that_computes(figures: dict) -> None:
    """Fork does clearly more than any other; the others are about as good as each other."""
    rates = {model: result["rate"] for model, result in figures["computing"].items()}
    fork = rates.pop("fork")
    assert fork > 1.4 * median(rates.values())
    assert max(rates.values()) < 1.4 * min(rates.values())
    assert fork > max(rates.values())


def test_a_handler_that_does_nothing(figures: dict, opinions: dict, said: str) -> None:
    """Two clients agree on the order, but for the two of which the chapter says so."""
    rates = {model: result["rate"] for model, result in figures["fast"].items()}
    for found in rates, opinions:
        order = sorted(found, key=found.__getitem__, reverse=True)
        assert [order[0], set(order[1:3]), *order[3:]] == [
            "fork",
            {"one", "selectors"},
            "asyncio",
            "pool",
            "threads",
        ]
    for model, rate in rates.items():
        assert f"| `{model}` | {words.count(rate)} | {words.count(opinions[model])} |" in said
    differences = {model: abs(1 - opinions[model] / rate) for model, rate in rates.items()}
    assert 0.4 < differences.pop("one") < 0.55, "it is said that they differ by half"
    assert max(differences.values()) < 0.25


def test_beside_slow_clients(figures: dict) -> None:
    """Who has fewer places than there are slow clients answers nobody; the loops do not care."""
    for model, result in figures["slow-many"].items():
        if model in ("one", "fork", "pool"):
            assert result["answered"] == 0, model
        else:
            assert result["answered"] > 100 and not result["failed"], model


def test_ten_thousand(figures: dict) -> None:
    """Both loops answer in the same order of time, beside them as alone."""
    for model, result in figures["ten-thousand"].items():
        assert result["guests"] == 10_000
        assert result["median_ms"] < 4 * result["before_median_ms"], model
    kilobytes = {model: one["guest_kb"] for model, one in figures["ten-thousand"].items()}
    assert kilobytes["selectors"] < kilobytes["asyncio"] < 20


def test_a_thousand(figures: dict) -> None:
    """Threads have as many places, and answer as fast as alone; who has fewer answers nobody."""
    for model, result in figures["idle"].items():
        if model in ("one", "fork", "pool"):
            assert result["answered"] == 0, model
        else:
            assert result["median_ms"] < 1.25 * result["before_median_ms"], model


def test_beside_six(figures: dict) -> None:
    """Six slow clients take all places of `one` alone."""
    silent = {model for model, one in figures["slow-few"].items() if not one["answered"]}
    assert silent == {"one"}


def test_the_words_have_the_figures(figures: dict, said: str) -> None:
    """What the chapter says in numbers is what was measured."""
    waiting, computing, idle = (figures[name] for name in ("waiting", "computing", "idle"))
    assert f"It is {words.count(waiting['threads']['rate'])}:" in said
    rates = [one["rate"] for model, one in computing.items() if model != "fork"]
    assert f"about the same, {min(rates)} to {max(rates)}, and" in said
    alone = computing["one"]["rate"]
    assert f"{alone} answers a second are {1000 / alone:.0f} ms for each" in said
    many = figures["ten-thousand"]
    before, beside = (
        {model: words.milliseconds(one[key]) for model, one in many.items()}
        for key in ("before_median_ms", "median_ms")
    )
    loop = f"{before['selectors']} alone and {beside['selectors']} beside them"
    assert f"The median of `selectors` is {loop}" in said
    assert f"that of `asyncio` goes from {before['asyncio']} to {beside['asyncio']}" in said
    for model, word in ("selectors", "kernel's list"), ("asyncio", "a reader and a writer"):
        assert f"{word}: {many[model]['guest_kb']:.1f} KB" in said
    memory = [f"{many[model]['memory_mb']:.0f} MB" for model in ("selectors", "asyncio")]
    assert f"the one server takes {memory[0]}, the other {memory[1]}" in said
    assert f"with a thousand we measured {idle['threads']['guest_kb']:.0f} KB each" in said
    for model, word, digits in (
        ("threads", "thread", 0),
        ("selectors", "object", 1),
        ("asyncio", "task", 1),
    ):
        assert f" {word}, {idle[model]['guest_kb']:.{digits}f} KB |" in said
