"""What chapter 06 says of browsers, and of the figures that it shows, is so."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

import pytest
from browser import PATIENCE_SECONDS, Tab
from support import ROOT

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


FIGURES = ROOT / "docs" / "bench" / "06.json"


@pytest.fixture(scope="module")
def figures() -> dict[str, dict]:
    """Each scenario's results, by its name and the model's."""
    document = json.loads(FIGURES.read_text(encoding="utf-8"))
    return {one["name"]: one["results"] for one in document["scenarios"]}


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


def test_a_handler_that_does_nothing(figures: dict) -> None:
    """Who hands each connection to a thread pays most; one at a time is not slow; fork is best."""
    rates = {model: result["rate"] for model, result in figures["fast"].items()}
    handing_over = rates.pop("threads"), rates.pop("pool")
    assert max(handing_over) < min(rates.values())
    assert max(rates, key=rates.__getitem__) == "fork"


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
