"""The benchmark: it counts everything, it is fair to all models, and it leaves nothing behind.

No test here says how fast anything has to be.
"""

import contextlib
import json
import os
import re
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from course.bench import charts, measuring, opinions, quiet, results, trees, words
from course.bench.client import NO_ANSWER, Load, accounts
from course.bench.company import Guests
from course.bench.measuring import Bench, Run
from course.bench.scenarios import FULL, QUICK, SCENARIOS, Company
from course.cli import main
from course.commands import bench as command
from course.pages import bench as page
from course.pages.directives import BadDirective, Page, expanded
from course.steps import ROOT, CourseError, find_step
from tests.command_line import course, running

STEP = find_step("06")
PUBLISHED = sorted((ROOT / "docs" / "bench").glob("*.json"))
HERE = Page("chapters/06_concurrency.md", "../../")
SECONDS = 20
"""How long anything here may take; it takes a fraction of a second."""

posix = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
has_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

published = pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


# The whole command


def ours(mark: str) -> list[psutil.Process]:
    """The processes that have the mark in their surroundings."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("MARK") == mark:
                found.append(process)
    return found


def nobody_left(mark: str) -> bool:
    """Whether all of them end within a moment."""
    _, alive = psutil.wait_procs(ours(mark), timeout=SECONDS)
    return not alive


def test_a_small_bench(tmp_path: Path):
    """From the command to the charts; what is counted adds up."""
    mark = uuid.uuid4().hex
    options = ["--quick", "--models", "threads,selectors", "--scenarios", "fast,slow-few"]
    run = course("bench", "06", *options, "--out", str(tmp_path), env={"MARK": mark})
    assert run.code == 0, run.text
    found, every = document(tmp_path / "06.json"), document(tmp_path / "latencies.json")
    assert found["step"] == "06"
    assert found["models"] == ["threads", "selectors"]
    assert [one["name"] for one in found["scenarios"]] == ["fast", "slow-few"]
    for scenario in found["scenarios"]:
        for model, result in scenario["results"].items():
            assert result["failed"] == {}
            assert result["answered"] == sum(map(len, every[scenario["name"]][model])) > 0
            assert 0 < result["median_ms"] <= result["p99_ms"]
            assert result["memory_mb"] > 0
            assert result["processes"] == 1
            assert len(result["rates"]) == 1
        assert (tmp_path / f"{scenario['name']}.svg").is_file()
        assert scenario["title"] in run.out
    assert found["scenarios"][1]["results"]["threads"]["guests"] == 6
    for model in found["models"]:
        assert re.search(rf"^{model} +[\d,]+ +[\d.]+ ms", run.out, re.MULTILINE)
    assert nobody_left(mark)


@posix
@has_fork
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path):
    """Neither a server, nor its children, nor the client."""
    mark = uuid.uuid4().hex
    out = tmp_path / "out"
    options = ["--models", "fork", "--scenarios", "waiting", "--out", str(out)]
    with running("bench", "06", *options, env={"MARK": mark}) as bench:
        bench.wait_for(r"waits 50 ms \.\.\.")
        deadline = time.monotonic() + SECONDS
        while len(ours(mark)) < 4 and time.monotonic() < deadline:
            bench.process.poll()  # the bench, the server, its children, the client: they come
        bench.process.send_signal(signal.SIGINT)
        bench.wait_for("Stopped. Nothing was written.")
        assert bench.process.wait(SECONDS) == command.INTERRUPTED
    assert nobody_left(mark)
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["04"], "step 04 has one way of serving; bench measures 06 and later"),
        (
            ["06", "--publish", "--quick"],
            "--publish is for whole runs of all models of the reference",
        ),
        (["06", "--models", "treads"], "there is no model 'treads'; there are: one, threads, "),
        (["06", "--scenarios", "fats"], "there is no scenario 'fats'; there are: fast, waiting, "),
    ],
)
def test_what_cannot_be_measured(capsys, arguments: list[str], says: str):
    """One line says why, and what there is."""
    with pytest.raises(SystemExit) as ended:
        main(["bench", *arguments])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith(f"course: {says}")
    assert err.count("\n") == 1


def test_a_model_that_this_system_cannot_do(monkeypatch: pytest.MonkeyPatch):
    """It is named, and left out; asked for alone it is an error."""
    monkeypatch.delattr(os, "fork", raising=False)
    left_out, able = measuring.models_of(STEP)
    assert left_out == {"fork": "this system has no fork; take pool, or selectors"}
    assert able == ["one", "threads", "pool", "selectors", "asyncio"]
    with pytest.raises(CourseError, match=r"fork: this system has no fork"):
        command.prepared("06", "fork", "", quick=True, mine=False)


# The client


ANSWER = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[bytes], bytes | None]], int]]:
    """Start a server that answers each request as a function says; None is silence."""
    listeners: list[socket.socket] = []
    kept: list[socket.socket] = []

    def attend(listener: socket.socket, answer: Callable[[bytes], bytes | None]) -> None:
        with contextlib.suppress(OSError):  # the listener is closed below
            while True:
                connection, _ = listener.accept()
                said = answer(connection.recv(4096))
                if said is None:
                    kept.append(connection)
                    continue
                connection.sendall(said)
                connection.close()

    def start(answer: Callable[[bytes], bytes | None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=attend, args=(listener, answer), daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for one in [*listeners, *kept]:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def word_of(request: bytes) -> bytes:
    """The word that a good answer gives back."""
    return request.split(b" ")[1].rpartition(b"/")[2]


def good(request: bytes) -> bytes:
    word = word_of(request)
    return ANSWER % (b"200 OK", len(word), word)


def asked(port: int, patience: float = 5.0) -> tuple[Load, dict[str, Any]]:
    load = Load(port, "/fast", 2, patience)
    return load, load.run(0.0, 0.1)


def test_the_client_counts_good_answers(serve):
    load, found = asked(serve(good))
    assert found["failed"] == {}
    assert len(found["latencies"]) == len(load.rows) == load.asked > 0


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (lambda request: ANSWER % (b"200 OK", 4, b"1-11"), "not our answer"),
        (lambda request: good(request)[:-1], "not our answer"),
        (lambda request: good(request) + b"x", "not our answer"),
        (lambda request: ANSWER % (b"503 Service Unavailable", 0, b""), "status 503"),
        (lambda request: b"", "closed without an answer"),
    ],
    ids=["of somebody else", "cut short", "too long", "busy", "nothing"],
)
def test_the_client_believes_nothing(serve, answer: Callable[[bytes], bytes], wrong: str):
    """Every answer is looked at; each that is wrong is counted, with what is wrong."""
    load, found = asked(serve(answer))
    assert found["failed"] == {wrong: len(load.rows)}
    assert found["latencies"] == []
    assert found["rate"] == 0


def test_the_client_does_not_wait_for_ever(serve):
    """A request without an answer is a failure, too."""
    load, found = asked(serve(lambda request: None), patience=0.1)
    assert found["failed"] == {NO_ANSWER: 2}
    assert len(load.rows) == load.asked == 2


def keeping(listener: socket.socket, count: int, met: list[int]) -> None:
    """Answer so many requests on each connection, saying so with the last; then close it."""
    with contextlib.suppress(OSError):  # the listener is closed by the test
        while True:
            connection, _ = listener.accept()
            met.append(0)
            with connection:
                for number in range(count):
                    if not (request := connection.recv(4096)):
                        break
                    assert b"Connection: close" not in request
                    last = b"Connection: close\r\n" if number == count - 1 else b""
                    said = good(request).replace(b"\r\n", b"\r\n" + last, 1)
                    connection.sendall(said[:-1])
                    connection.sendall(said[-1:])
                    met[-1] += 1


def test_the_client_keeps_its_connection():
    """It asks again on the same one, reads by the length, and believes what the server says."""
    met: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=keeping, args=(listener, 3, met), daemon=True).start()
        load = Load(int(listener.getsockname()[1]), "/fast", 1, 5.0, kept=True)
        found = load.run(0.0, 0.2)
    assert found["failed"] == {}
    assert len(found["latencies"]) == load.asked > 3
    assert set(met[:-1]) == {3}


def test_the_client_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    load, found = asked(port, patience=0.1)
    assert sum(found["failed"].values()) == len(load.rows) == load.asked > 0
    assert not found["latencies"]


def test_what_counts():
    """Warm-up is left out of the figures, but a failure is not; what comes late counts too."""
    rows = [
        (0.0, 0.5, ""),  # in the warm-up
        (0.5, 1.5, ""),  # began in it, came in the window
        (1.2, 1.7, ""),  # in the window
        (1.9, 2.4, ""),  # came when the window was over
        (0.1, 0.2, "status 503"),
        (1.9, 3.0, NO_ANSWER),
    ]
    assert accounts(rows, opens=1.0, window=1.0) == {
        "rate": 2.0,
        "latencies": [0.5, 0.5],
        "failed": {"status 503": 1, NO_ANSWER: 1},
    }


def test_the_guests_come_and_go(serve):
    port = serve(lambda request: None)
    with contextlib.closing(Guests(("127.0.0.1", port))) as guests:
        assert guests.come(Company(drip=1, read=1)) == 2
        guests.each_turn()
        sockets = [*guests.dripping, *guests.reading]
    assert [one.fileno() for one in sockets] == [-1, -1]


def test_guests_who_cannot_come():
    """Those who could are counted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with contextlib.closing(Guests(("127.0.0.1", port))) as guests:
        assert guests.come(Company(idle=3)) == 0


# In turn, and in quiet


def bench_of(*models: str) -> Bench:
    return Bench(STEP, models, SCENARIOS, FULL, loops=1)


def test_all_models_have_their_turn(monkeypatch: pytest.MonkeyPatch):
    """A B C, A B C, A B C: not one after the other."""
    monkeypatch.setattr(measuring, "raise_limit", lambda: 1_000_000)
    plan = measuring.plan(bench_of("one", "pool", "selectors"))
    turns = [model for scenario, model in plan if scenario.name == "fast"]
    assert turns == ["one", "pool", "selectors"] * FULL.repetitions
    assert {model for scenario, model in plan if scenario.name == "ten-thousand"} == {"selectors"}


def test_a_limit_on_open_files(monkeypatch: pytest.MonkeyPatch):
    """What takes more is named and left out."""
    monkeypatch.setattr(measuring, "raise_limit", lambda: 5000)
    last = SCENARIOS[-1]
    reason = f"this system allows 5000 open files, it takes {10_000 + measuring.SPARE_DESCRIPTORS}"
    assert measuring.impossible(last, "selectors") == reason
    assert not measuring.impossible(SCENARIOS[0], "selectors")
    found = results.document(bench_of("selectors"), {one.name: {} for one in SCENARIOS}, {}, 0.0)
    assert found["scenarios"][-1]["left_out"] == {"selectors": reason}


def a_run(**known: Any) -> Run:
    use = trees.Use(memory=20_000_000, processes=1, threads=3)
    usual = Run(rate=10.0, latencies=[0.001, 0.002], failed={}, use=use, others=0.0)
    return replace(usual, **known)


def test_a_disturbed_run_is_done_again(monkeypatch: pytest.MonkeyPatch):
    """While there is time, and the best one counts."""
    monkeypatch.setattr(quiet.psutil, "cpu_percent", lambda seconds: 0.0)
    shares = iter([0.5, 0.4, 0.1, 0.9])
    assert quiet.Quiet(60, 1).best(lambda: a_run(others=next(shares))).others == 0.1
    assert quiet.Quiet(0, 1).best(lambda: a_run(others=next(shares))).others == 0.9


def test_one_run_does_not_use_up_all_the_time(monkeypatch: pytest.MonkeyPatch):
    """What is left is for the others."""
    monkeypatch.setattr(quiet.psutil, "cpu_percent", lambda seconds: 0.0)
    shared = quiet.Quiet(1000, 100)
    shared.best(lambda: a_run(others=0.0))
    assert shared.until < shared.end
    assert shared.runs == 99


def test_quiet_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quiet.psutil, "cpu_percent", lambda seconds: 100.0)
    waiting = quiet.Quiet(0.05, 1)
    waiting.wait()
    assert not waiting.left


def test_others_are_told_from_ours():
    """What this very process does is not what others do."""
    watch = trees.Watch(os.getpid(), os.getpid())
    watch.look()
    assert watch.use.processes >= 1
    assert watch.use.memory > 0
    assert 0 <= watch.others <= 1


def test_what_a_table_does_not_show():
    """Models that are not in it, and company that could not come."""
    scenario = {
        "left_out": {"fork": "this system has no fork"},
        "company": {"drip": 0, "read": 0, "idle": 1000},
        "results": {"one": {"guests": 128}, "threads": {"guests": 1000}},
    }
    left_out, few = words.notes(scenario)
    assert left_out == "fork is left out: this system has no fork"
    assert few == "one: 128 of 1,000 could connect"


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_every_system_has_its_kind_of_memory(system: str, monkeypatch: pytest.MonkeyPatch):
    """What it can tell of processes that are not its own."""
    own = psutil.Process()
    known = {"linux": "pss", "win32": "uss", "darwin": "rss"}[system]
    monkeypatch.setattr(trees.sys, "platform", system)
    assert trees.memory_kind() == known
    assert known in trees.MEMORY_KINDS
    if known == "rss" or hasattr(own.memory_full_info(), known):
        assert trees.memory_of(own) > 0


# Figures


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [(1, 50, 1), (2, 50, 1), (3, 50, 2), (100, 99, 99), (101, 99, 100), (20, 99, 20)],
)
def test_percentiles(count: int, share: int, expected: int):
    """The nearest rank: a latency that somebody really had."""
    assert results.percentile([n / 1000 for n in range(count, 0, -1)], share) == expected


def test_no_latency_is_no_figure():
    assert results.percentile([], 99) is None


def test_a_summary_of_runs():
    """Counts are sums, figures are medians; a run without an answer is worse than all others."""
    silent = a_run(rate=0.0, latencies=[], failed={NO_ANSWER: 4})
    found = results.summary([a_run(rate=8.0), silent, a_run(rate=12.0, failed={"status 503": 1})])
    assert found["rate"] == 8
    assert found["rates"] == [8.0, 0.0, 12.0]
    assert found["answered"] == 4
    assert found["failed"] == {NO_ANSWER: 4, "status 503": 1}
    assert (found["median_ms"], found["p99_ms"]) == (1, 2)
    assert results.summary([silent, silent, a_run()])["median_ms"] is None


def test_a_part_measured_again():
    """It stands in the place of what it replaces, if it was the same machine and manner."""
    bench = bench_of("one", "pool")
    runs = {one.name: {"one": [a_run()], "pool": [a_run()]} for one in SCENARIOS}
    before = results.document(bench, runs, {}, 0.0)
    results.check_same(before, bench)
    part = replace(bench, scenarios=SCENARIOS[1:2], loops=7)
    again = {SCENARIOS[1].name: {"one": [a_run(rate=99.0)], "pool": [a_run()]}}
    found = results.merged(before, results.document(part, again, {}, 0.0))
    assert [one["name"] for one in found["scenarios"]] == [one.name for one in SCENARIOS]
    assert found["scenarios"][1]["results"]["one"]["rate"] == 99
    assert found["scenarios"][0] == before["scenarios"][0]
    assert found["settings"] == before["settings"]
    elsewhere = {**before, "machine": {**before["machine"], "processor": "another"}}
    with pytest.raises(CourseError, match=r"with other processor, models: publish them all"):
        results.check_same(elsewhere, replace(bench, models=("one",)))
    with pytest.raises(CourseError, match=r"with other settings"):
        results.check_same(before, replace(bench, settings=QUICK))


def test_memory_of_guests_that_were_never_taken():
    """It is not told where the model answered nobody: they wait in the kernel then."""
    guests = {"guests": 10, "grown": 50_000, "before": [0.001]}
    assert results.figures(a_run(**guests))["guest_kb"] == 5
    assert results.figures(a_run(latencies=[], **guests))["guest_kb"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.354, "0.35 ms"), (12.34, "12.3 ms"), (320.4, "320 ms"), (3210.0, "3.21 s"), (None, "-")],
)
def test_times_in_words(value: float | None, text: str):
    assert words.milliseconds(value) == text


def test_failures_in_words():
    assert words.failures({NO_ANSWER: 4, "status 503": 1}) == "4 no answer, 1 status 503"
    assert words.failures({}) == "0"


# Second opinions


WRK = """\
Running 1s test @ http://127.0.0.1:46283/fast/word
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    10.92ms   20.27ms 109.99ms   87.99%
    Req/Sec     3.90k     1.98k    6.10k    50.00%
  Latency Distribution
     50%    2.30ms
     75%    8.29ms
     90%   36.58ms
     99%  100.30ms
  3906 requests in 1.02s, 530.21KB read
Requests/sec:   3846.85
Transfer/sec:    522.18KB
"""


def test_what_wrk_says():
    """As it was printed here, and with errors."""
    found = {"rate": 3846.8, "median_ms": 2.3, "p99_ms": 100.3, "failed": 0}
    assert opinions.read_wrk(WRK) == found
    bad = "  Socket errors: connect 1, read 20, write 0, timeout 3\n  Non-2xx or 3xx responses: 5\n"
    assert opinions.read_wrk(WRK.replace("Requests/sec", bad + "Requests/sec"))["failed"] == 29
    with pytest.raises(ValueError, match="has not measured"):
        opinions.read_wrk("unable to connect to 127.0.0.1:1 Connection refused")


def test_what_oha_says():
    """As its schema has it."""
    said = {
        "summary": {"requestsPerSec": 1000.04},
        "latencyPercentiles": {"p50": 0.002, "p99": 0.0301},
        "errorDistribution": {"aborted due to deadline": 32, "connection refused": 2},
    }
    found = {"rate": 1000.0, "median_ms": 2.0, "p99_ms": 30.1, "failed": 2}
    assert opinions.read_oha(json.dumps(said)) == found


@pytest.mark.parametrize("tool", opinions.COMMANDS)
def test_a_tool_that_fails_says_so_itself(tool: str, monkeypatch: pytest.MonkeyPatch):
    """Its own words are kept in place of figures."""
    failing = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]
    monkeypatch.setitem(opinions.COMMANDS, tool, lambda url, connections: failing)
    assert opinions.asked(tool, "http://127.0.0.1:1/", 1) == {"trouble": "no such thing"}


# What is published


@published
def test_published_figures_are_whole(path: Path):
    """Every scenario and model is in them, as they would be measured today, and all is counted."""
    found = document(path)
    assert found["step"] == path.stem
    able = set(found["models"]) | set(found["left_out"])
    assert able == {*measuring.models_of(find_step(path.stem))[1], *found["left_out"]}
    possible = measuring.scenarios_for(find_step(path.stem))
    for scenario, one in zip(possible, found["scenarios"], strict=True):
        known = (one["name"], one["title"], one["about"], one["connections"])
        assert known == (scenario.name, scenario.title, scenario.about, scenario.connections)
        wanted = [name for name in found["models"] if not scenario.only or name in scenario.only]
        assert [*one["results"], *one["left_out"]] == wanted
        for result in one["results"].values():
            assert len(result["rates"]) == one["repetitions"]
            assert result["answered"] or result["failed"]
            assert (result["median_ms"] is None) <= (NO_ANSWER in result["failed"])


@published
def test_published_figures_name_no_place(path: Path):
    """Neither a path nor whose machine it was."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\d/])/[a-z]{2,}/|\\\\|[A-Z]:\\", text)
    assert socket.gethostname() not in text


NUMBER = re.compile(r"-?\d+\.?\d*")
NAMES = re.compile(r'(?<=id=")\w+(?=")|(?<=#)[a-z]\w{8,}')


@published
def test_published_charts_show_the_figures(path: Path):
    """Drawn again from the figures they are the same, but for the last digits of a place."""
    drawn = charts.drawn(document(path))
    folder = ROOT / "docs" / "assets" / "bench" / path.stem
    assert {one.stem for one in folder.glob("*.svg")} == set(drawn)
    for name, picture in drawn.items():
        there = NAMES.sub("", (folder / f"{name}.svg").read_text(encoding="utf-8"))
        picture = NAMES.sub("", picture)
        assert NUMBER.sub("#", there) == NUMBER.sub("#", picture), name
        places = (list(map(float, NUMBER.findall(text))) for text in (there, picture))
        assert next(places) == pytest.approx(next(places), abs=0.1), name


# In a page


def test_a_chart_in_a_page():
    """With its size, and with all that it shows in words."""
    text = expanded("::: bench 06 fast", HERE)
    assert '<img src="../../assets/bench/06/fast.svg" alt="A handler that answers at once.' in text
    assert re.search(r' width="\d{3}" height="\d{3}" loading="lazy">', text)
    for model in page.measured("06")["models"]:
        assert re.search(rf"{model}: [\d,]+ requests a second, median [\d.]+ m?s, 99% within", text)
    assert "<figcaption>A handler that answers at once. 32 clients;" in text


def test_a_table_in_a_page():
    """One, or all of them; it has all that the charts show, and what failed."""
    one = expanded("::: bench 06 table of=slow-few", HERE)
    assert one.startswith("**Beside 6 slow clients.** 4 fast clients")
    assert re.search(
        r"\| one \| [\d.]+&nbsp;ms \| - \| - \| 0 \| \d+&nbsp;no&nbsp;answer \| - \|", one
    )
    everything = expanded("::: bench 06 table", HERE)
    for scenario in measuring.scenarios_for(STEP):
        assert f"**{scenario.title}.** {scenario.about}" in everything
    assert one in everything


def test_the_machine_in_a_page():
    text = expanded("::: bench 06 machine", HERE)
    where = page.measured("06")["machine"]
    assert where["processor"] in text
    assert where["python"] in text
    assert "`python -m course bench 06`" in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("::: bench 06 fats", r"no chart 'fats'; there are: fast, waiting, .*, table, machine"),
        ("::: bench 06 table of=fats", "no chart 'fats'"),
        ("::: bench 05 fast", r"there is no docs/bench/05\.json: run python -m course bench 05 "),
        ("::: bench 06", "missing 1 required positional argument"),
    ],
)
def test_a_directive_that_cannot_be(line: str, message: str):
    with pytest.raises(BadDirective, match=rf"^docs/chapters/06_concurrency\.md:1: .*{message}"):
        expanded(line, HERE)


def test_a_chart_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "06.json").write_bytes((ROOT / "docs" / "bench" / "06.json").read_bytes())
    monkeypatch.setattr(page, "DOCS", tmp_path)
    with pytest.raises(CourseError, match=r"there is no docs/assets/bench/06/fast\.svg"):
        page.part("06", "fast")


def test_quick_is_quick():
    """A first look takes one round of short runs."""
    bench = replace(bench_of("one"), settings=QUICK)
    assert all(measuring.repetitions(one, bench.settings) == 1 for one in SCENARIOS)
    assert QUICK.window < FULL.window
