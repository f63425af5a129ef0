"""Run the scenarios: a fresh server and a fresh client for each run, the models in turn."""

import importlib
import json
import sys
import tempfile
import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course.bench import opinions
from course.bench.descriptors import raise_limit
from course.bench.quiet import Quiet
from course.bench.scenarios import SCENARIOS, Scenario, Settings
from course.bench.trees import Use, Watch
from course.processes import Process
from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import ROOT, CourseError, Step

SAMPLE_SECONDS = 0.25
"""How often we look what the server takes of the machine."""

LOST_SECONDS = 120.0
"""No client is at work for so long."""

IDLE_TIMEOUT_SECONDS = 60
"""The idle connections are to stay, so the server must be patient with them."""

SPARE_DESCRIPTORS = 300
"""What a process needs beside the connections of the scenario."""

WINDOWS_SELECT = 512
"""How many sockets `select` takes on Windows."""


class NoModels(CourseError):
    """The step does not have several ways of serving."""


@dataclass(frozen=True)
class Bench:
    """What is to be measured, and how."""

    step: Step
    models: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    settings: Settings
    loops: int
    """How much the computing handler has to do."""
    mine: bool = False


@dataclass
class Run:
    """What one run of one model in one scenario gave; latencies in seconds."""

    rate: float
    latencies: list[float]
    failed: dict[str, int]
    use: Use
    others: float
    """The share of the processors that was taken by programs which are not ours."""
    before: list[float] = field(default_factory=list)
    """Latencies before the company came, or before connections were kept."""
    before_rate: float = 0.0
    before_failed: dict[str, int] = field(default_factory=dict)
    guests: int = 0
    """How many of the company could connect."""
    grown: int = 0
    """How much memory the server took for them, in bytes."""


Plan = list[tuple[Scenario, str]]
Runs = dict[str, dict[str, list[Run]]]
"""By scenario, then by model."""


def models_of(step: Step) -> tuple[dict[str, str], list[str]]:
    """The step's models that this system cannot do, with the reasons, and all the others.

    NoModels where the step has just one way of serving.
    """
    if "serving" not in step.modules:
        raise NoModels(f"step {step.label} has one way of serving; bench measures 06 and later")
    with Stage(step).on():
        serving = importlib.import_module("serving")
        left_out, good = {}, []
        for name in serving.MODELS:
            try:
                good.append(serving.model(name))
            except ArgumentTypeError as error:
                left_out[name] = str(error)
    return left_out, good


def scenarios_for(step: Step) -> list[Scenario]:
    """What can be asked of a step that has these modules."""
    return [one for one in SCENARIOS if not one.needs or one.needs in step.modules]


def impossible(scenario: Scenario, model: str) -> str:
    """Why this system cannot measure the model in the scenario; "" where it can."""
    if model == "selectors" and sys.platform == "win32" and scenario.company.total > WINDOWS_SELECT:
        return f"Windows waits for {WINDOWS_SELECT} sockets at most"
    limit, wanted = raise_limit(), scenario.company.total + SPARE_DESCRIPTORS
    return "" if limit >= wanted else f"this system allows {limit} open files, it takes {wanted}"


def plan(bench: Bench) -> Plan:
    """Every run in its order: in each round all models have their turn.

    So a machine that becomes slower meanwhile, or busier, is not unfair to one of them.
    """
    return [
        (scenario, model)
        for scenario in bench.scenarios
        for _ in range(repetitions(scenario, bench.settings))
        for model in asked_in(scenario, bench)
        if not impossible(scenario, model)
    ]


def asked_in(scenario: Scenario, bench: Bench) -> list[str]:
    """The models that the scenario is about."""
    return [model for model in bench.models if not scenario.only or model in scenario.only]


def repetitions(scenario: Scenario, settings: Settings) -> int:
    """How often each model has its turn."""
    return min(scenario.repetitions or settings.repetitions, settings.repetitions)


def measure(bench: Bench, tell: Callable[[Scenario, str], None], quiet: Quiet) -> Runs:
    """Do all of it. `tell` is called before each run. CourseError where a client fails."""
    runs: Runs = {scenario.name: {} for scenario in bench.scenarios}
    for scenario, model in plan(bench):
        tell(scenario, model)
        run = quiet.best(lambda s=scenario, m=model: one_run(bench, s, m))  # type: ignore[misc]
        runs[scenario.name].setdefault(model, []).append(run)
    return runs


def one_run(bench: Bench, scenario: Scenario, model: str) -> Run:
    """One server, one client."""
    server = serve(bench, model, scenario)
    try:
        return ask(bench, scenario, server)
    finally:
        server.stop()


def serve(bench: Bench, model: str, scenario: Scenario) -> RunningServer:
    """The step's server with our handlers."""
    options = ["--model", model, "--port", "0", "--loops", str(bench.loops), "--grace", "1"]
    if bench.mine:
        options.append("--mine")
    if scenario.company.idle:
        options += ["--read-timeout", str(IDLE_TIMEOUT_SECONDS)]
        places = str(scenario.company.idle + SPARE_DESCRIPTORS // 2)
        options += ["--max-connections", places]
        if "visitors" in bench.step.modules:  # all of them come from one address
            options += ["--max-per-address", places]
    command = [sys.executable, "-m", "course.bench.served", bench.step.label, *options]
    return start(command, cwd=ROOT)


def ask(bench: Bench, scenario: Scenario, server: RunningServer) -> Run:
    """Have the client ask, and look meanwhile what the server takes of the machine."""
    assert server.pid is not None
    settings = bench.settings
    order = {
        "port": server.port,
        "pid": server.pid,
        "path": scenario.path,
        "connections": scenario.connections,
        "patience": scenario.patience * settings.haste,
        "warm_up": settings.warm_up,
        "window": settings.window,
        "company": asdict(scenario.company),
        "kept": scenario.kept,
    }
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("order.json", "result.json")]
        paths[0].write_text(json.dumps(order), encoding="utf-8")
        client = Process([sys.executable, "-m", "course.bench.client", *map(str, paths)], cwd=ROOT)
        try:
            watch = watched(client, server.pid)
            if not client.succeeded:
                raise CourseError(f"the bench's client failed: {client.output.since().strip()}")
            answer = json.loads(paths[1].read_text(encoding="utf-8"))
        finally:
            client.stop()
    before = answer.get("before", {})
    return Run(
        rate=answer["rate"],
        latencies=answer["latencies"],
        failed=answer["failed"],
        use=watch.use,
        others=watch.others,
        before=before.get("latencies", []),
        before_rate=before.get("rate", 0.0),
        before_failed=before.get("failed", {}),
        guests=answer["guests"],
        grown=answer["grown"],
    )


def watched(client: Process, server: int) -> Watch:
    """Look at both until the client has ended, or is lost."""
    watch = Watch(server, client.popen.pid)
    until = time.monotonic() + LOST_SECONDS
    while not client.has_ended(SAMPLE_SECONDS) and time.monotonic() < until:
        watch.look()
    return watch


def ask_others(bench: Bench, scenario: Scenario, quiet: Quiet) -> dict[str, dict[str, Any]]:
    """What other programs say to the same question, where they are installed: by model."""
    tools = opinions.installed()
    said: dict[str, dict[str, Any]] = {}
    for model in bench.models if tools and scenario.second_opinion else ():
        quiet.wait()
        server = serve(bench, model, scenario)
        try:
            url = f"{server.url}{scenario.path}/word"
            said[model] = {tool: opinions.asked(tool, url, scenario.connections) for tool in tools}
        finally:
            server.stop()
    return said


def chosen(names: Sequence[str], there: Sequence[str], what: str) -> list[str]:
    """Those of what is there that are named, in its own order; all where none is.

    CourseError for a name that is not there.
    """
    for name in names:
        if name not in there:
            raise CourseError(f"there is no {what} {name!r}; there are: {', '.join(there)}")
    return [one for one in there if not names or one in names]
