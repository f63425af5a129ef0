"""`bench`: every model of serving that a step has, measured on this machine."""

import itertools
import json
import signal
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from course.bench import measuring, results, words
from course.bench.quiet import Quiet
from course.bench.scenarios import COMPUTE_SECONDS, FULL, QUICK, Scenario
from course.bench.work import loops_for
from course.commands.standing_in import stand_ins
from course.console import Out, tell_failure
from course.steps import ROOT, CourseError, find_step
from course.xray import CheckFailure

CACHE = ROOT / ".cache" / "bench"
FIGURES = ROOT / "docs" / "bench"
CHARTS = ROOT / "docs" / "assets" / "bench"
INTERRUPTED = 130


def run_bench(
    text: str,
    models: str,
    scenarios: str,
    out: Path | None,
    *,
    quick: bool,
    publish: bool,
    mine: bool,
    wait: float,
) -> int:
    """Measure, print, write; the exit code: 1 where a server did not start, 130 after Ctrl-C.

    CourseError for what cannot be measured.
    """
    if publish and (models or quick or mine):
        raise CourseError(
            "--publish is for whole runs of all models of the reference: leave out what limits it"
        )
    console = Out()
    bench, left_out = prepared(text, models, scenarios, quick=quick, mine=mine)
    before = published(bench) if publish and scenarios else None
    for name, reason in left_out.items():
        console.say(f"{name} is left out: {reason}")
    load = results.load()
    if load > results.BUSY_LOAD and not wait:
        console.say(f"The machine is busy (load average {load:g}): others share in the figures.")
    for line in stand_ins(bench.step, "serving").lines if mine else ():
        console.say(line)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # servers are stopped first
    try:
        quiet = Quiet(wait * 60, len(measuring.plan(bench)))
        runs = with_progress(console, bench, quiet)
        document = results.document(bench, runs, left_out, load)
        for scenario in bench.scenarios:
            document_of(document, scenario)["opinions"] = measuring.ask_others(
                bench, scenario, quiet
            )
    except KeyboardInterrupt:
        console.say("Stopped. Nothing was written.")
        return INTERRUPTED
    except CheckFailure as failure:
        tell_failure(failure)
        return 1
    for one in document["scenarios"]:
        show(console, one)
    write(console, document, runs, out)
    if publish:
        publish_all(console, results.merged(before, document) if before else document)
    return 0


def prepared(
    text: str, models: str, scenarios: str, *, quick: bool, mine: bool
) -> tuple[measuring.Bench, dict[str, str]]:
    """What to measure, and the models that this system cannot do, with the reasons."""
    step = find_step(text)
    left_out, able = measuring.models_of(step)
    wanted = measuring.chosen(listed(models), [*able, *left_out], "model")
    possible = measuring.scenarios_for(step)
    kept = measuring.chosen(listed(scenarios), [one.name for one in possible], "scenario")
    left_out = {name: reason for name, reason in left_out.items() if name in wanted}
    if not set(wanted) - set(left_out):
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        raise CourseError(f"there is nothing to measure; {reasons}")
    bench = measuring.Bench(
        step=step,
        models=tuple(name for name in wanted if name in able),
        scenarios=tuple(one for one in possible if one.name in kept),
        settings=QUICK if quick else FULL,
        loops=loops_for(COMPUTE_SECONDS),
        mine=mine,
    )
    return bench, left_out


def published(bench: measuring.Bench) -> results.Figures:
    """What the chapter shows now, if some of it can be measured again and the rest can stay."""
    path = FIGURES / f"{bench.step.label}.json"
    if not path.is_file():
        raise CourseError("nothing is published yet: publish all scenarios first")
    before: results.Figures = json.loads(path.read_text(encoding="utf-8"))
    results.check_same(before, bench)
    return before


def listed(text: str) -> list[str]:
    """The words between the commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def with_progress(console: Console, bench: measuring.Bench, quiet: Quiet) -> measuring.Runs:
    """Measure; on a terminal a bar shows how far it is, elsewhere each scenario is a line."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    terminal = console.is_terminal
    told: set[str] = set()
    done = itertools.count()
    with Progress(*columns, console=console, transient=True, disable=not terminal) as progress:
        task = progress.add_task("", total=len(measuring.plan(bench)))

        def tell(scenario: Scenario, model: str) -> None:
            name = f"{scenario.name:<13}{model:<10}"
            progress.update(task, completed=next(done), description=name)
            if not terminal and scenario.name not in told:
                told.add(scenario.name)
                console.print(f"{scenario.title} ...")

        return measuring.measure(bench, tell, quiet)


def document_of(document: results.Figures, scenario: Scenario) -> results.Figures:
    """The part of the document that is about a scenario."""
    return next(one for one in document["scenarios"] if one["name"] == scenario.name)


def show(console: Out, scenario: results.Figures) -> None:
    """One scenario's table, and what is not in it."""
    table = Table(
        title=scenario["title"],
        caption=scenario["about"],
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
        header_style="dim",
    )
    for number, heading in enumerate(words.headings(scenario)):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    for row in words.rows(scenario):
        table.add_row(*row)
    console.print()
    console.print(table)
    for note in words.notes(scenario):
        console.say(note)
    for model, said in scenario["opinions"].items():
        for tool, figures in said.items():
            console.say(f"{tool} says of {model}: ", opinion(figures))


def opinion(figures: results.Figures) -> str:
    """What another program measured."""
    if "trouble" in figures:
        return str(figures["trouble"])
    return (
        f"{words.count(figures['rate'])} requests/s, "
        f"median {words.milliseconds(figures['median_ms'])}, "
        f"p99 {words.milliseconds(figures['p99_ms'])}, {figures['failed']} failed"
    )


def write(console: Out, document: results.Figures, runs: measuring.Runs, out: Path | None) -> None:
    """Keep the figures, the charts and every single latency."""
    from course.bench import charts  # takes a second to import

    label = document["step"]
    folder = out or CACHE / label
    path = results.write(folder, document, f"{label}.json")
    results.write(folder, results.latencies(runs), "latencies.json")
    charts.write(document, folder)
    console.print()
    console.say(f"Written: {shown(path)}, with the charts and latencies.json beside it")


def publish_all(console: Out, document: results.Figures) -> None:
    """Write what the chapter shows."""
    from course.bench import charts

    label = document["step"]
    path = results.write(FIGURES, document, f"{label}.json")
    charts.write(document, CHARTS / label)
    console.say(f"Published: {shown(path)}, and charts in {shown(CHARTS / label)}")


def shown(path: Path) -> Path:
    """The path from the course's folder on, where it is in there."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
