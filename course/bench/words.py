"""The figures in words and in tables, for the terminal, for the page and for those who hear it."""

import statistics
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from course.bench.trees import MEMORY_KINDS
from course.environment import PROGRAM

Figures = Mapping[str, Any]

ALONE = ("model", "requests/s", "median", "p99", "memory", "processes", "threads", "failed")
KEPT = ("model", "close", "median", "keep-alive", "median", "p99", "gain", "failed")
IN_COMPANY = ("model", "median alone", "median", "p99", "answered", "failed", "memory each")
NOTHING = "-"


def scenario_of(document: Figures, name: str) -> Figures | None:
    """The scenario of that name."""
    return next((one for one in document["scenarios"] if one["name"] == name), None)


def in_company(scenario: Figures) -> bool:
    """Whether there were others beside those who were measured."""
    return any(scenario["company"].values())


def headings(scenario: Figures) -> tuple[str, ...]:
    """What the columns of the scenario's table are called."""
    if scenario["kept"]:
        return KEPT
    return IN_COMPANY if in_company(scenario) else ALONE


def rows(scenario: Figures) -> Iterator[tuple[str, ...]]:
    """The scenario's table, a row for each model."""
    row = company_row if in_company(scenario) else kept_row if scenario["kept"] else plain_row
    for model, result in scenario["results"].items():
        yield row(model, result)


def plain_row(model: str, result: Figures) -> tuple[str, ...]:
    """How fast it is, and what it takes."""
    return (
        model,
        count(result["rate"]),
        milliseconds(result["median_ms"]),
        milliseconds(result["p99_ms"]),
        f"{result['memory_mb']:.1f} MB",
        count(result["processes"]),
        count(result["threads"]),
        failures(result["failed"]),
    )


def kept_row(model: str, result: Figures) -> tuple[str, ...]:
    """How fast it is with a connection for each request, and with kept ones: requests a second."""
    return (
        model,
        f"{count(result['before_rate'])}/s",
        milliseconds(result["before_median_ms"]),
        f"{count(result['rate'])}/s",
        milliseconds(result["median_ms"]),
        milliseconds(result["p99_ms"]),
        gain(result),
        failures({**result["before_failed"], **result["failed"]}),
    )


def gain(result: Figures) -> str:
    """How many times as many answers there are on kept connections: "2.1x"."""
    return f"{result['rate'] / result['before_rate']:.1f}x" if result["before_rate"] else NOTHING


def company_row(model: str, result: Figures) -> tuple[str, ...]:
    """How fast it is alone, and beside the others."""
    each = result["guest_kb"]
    return (
        model,
        milliseconds(result["before_median_ms"]),
        milliseconds(result["median_ms"]),
        milliseconds(result["p99_ms"]),
        count(result["answered"]),
        failures(result["failed"]),
        NOTHING if each is None else f"{each:.1f} KB",
    )


def notes(scenario: Figures) -> Iterator[str]:
    """What the table does not show: models that are not in it, and company that did not come."""
    for model, reason in scenario["left_out"].items():
        yield f"{model} is left out: {reason}"
    wanted = sum(scenario["company"].values())
    for model, result in scenario["results"].items():
        if (came := result.get("guests", wanted)) < wanted:
            yield f"{model}: {count(came)} of {count(wanted)} could connect"


def count(value: float) -> str:
    """A number without a fraction, its thousands apart: 12,345."""
    return f"{value:,.0f}"


def milliseconds(value: float | None) -> str:
    """A time with three digits that count: 0.35 ms, 12.5 ms, 320 ms, 3.2 s."""
    if value is None:
        return NOTHING
    if value >= 1000:
        return f"{value / 1000:.2f} s"
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} ms"


def failures(failed: Mapping[str, int]) -> str:
    """What went wrong, and how often: "4 no answer"; "0"."""
    return ", ".join(f"{times} {what}" for what, times in failed.items()) or "0"


def no_answer(scenario: Figures) -> str:
    """What is said of a model that answered nobody."""
    return f"no answer within {scenario['patience_seconds']:g} s"


def caption(scenario: Figures) -> str:
    """What a figure shows, in a line."""
    return f"{scenario['title']}. {scenario['about']}"


def description(scenario: Figures) -> str:
    """All that the figure shows, for who cannot see it."""
    says = told_in_company if in_company(scenario) else told_kept if scenario["kept"] else told
    models = [f"{model}: {says(scenario, one)}" for model, one in scenario["results"].items()]
    return f"{caption(scenario)} " + "; ".join(models) + "."


def told(scenario: Figures, result: Figures) -> str:
    """One model's figures."""
    if result["median_ms"] is None:
        return no_answer(scenario)
    return (
        f"{count(result['rate'])} requests a second, median {milliseconds(result['median_ms'])}, "
        f"99% within {milliseconds(result['p99_ms'])}"
    )


def told_kept(scenario: Figures, result: Figures) -> str:
    """The same, with new connections and with kept ones."""
    return (
        f"{count(result['before_rate'])} requests a second on new connections; on kept ones "
        f"{told(scenario, result)}"
    )


def told_in_company(scenario: Figures, result: Figures) -> str:
    """The same, alone and beside the others."""
    alone = f"median {milliseconds(result['before_median_ms'])} alone"
    if result["median_ms"] is None:
        return f"{alone}, {no_answer(scenario)} beside them"
    return (
        f"{alone}, {milliseconds(result['median_ms'])} beside them, "
        f"99% within {milliseconds(result['p99_ms'])}"
    )


def machine(document: Figures) -> str:
    """Where, when and how it was measured, as Markdown."""
    where, how = document["machine"], document["settings"]
    days = sorted({date.fromisoformat(one["date"]) for one in document["scenarios"]})
    when = " and ".join(f"{day.day} {day:%B %Y}" for day in days)
    times = how["repetitions"]
    runs = f"the median of {times} runs" if times > 1 else "of one run"
    return (
        f"Measured on {when} with `{PROGRAM} bench {document['step']}`: "
        f"{where['processor']}, {where['processors']} processors, {where['memory_gb']:g} GB of "
        f"memory; {where['system']}; {where['python']}. Server and client were on this one "
        f"machine and shared its processors. "
        f"Each figure is {runs} of {how['window_seconds']:g} s, after "
        f"{how['warm_up_seconds']:g} s to warm up{exceptions(document)}. "
        f"{others(document)} Memory is {MEMORY_KINDS[where['memory_kind']]}, of all processes of "
        "the server together."
    )


def others(document: Figures) -> str:
    """How much of the machine was not ours."""
    shares = [
        (result["others_percent"], scenario["title"])
        for scenario in document["scenarios"]
        for result in scenario["results"].values()
    ]
    most, where = max(shares)
    return (
        f"Meanwhile other programs took {statistics.median(share for share, _ in shares):.0f}% of "
        f"the processors, and at most {most:.0f}% (in “{where}”)."
    )


def exceptions(document: Figures) -> str:
    """The scenarios that ran less often than the others."""
    usual = document["settings"]["repetitions"]
    rare = [one["title"] for one in document["scenarios"] if one["repetitions"] != usual]
    names = "”, “".join(rare)
    return f" (of one run for “{names}”)" if rare else ""
