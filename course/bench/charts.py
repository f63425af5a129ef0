"""The charts: one for each scenario, a row for each model, in the colours of the laboratory."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from course.bench import words
from course.lab.charts import SMALL
from course.lab.drawing import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED, svg

WIDTH = 4.5
"""Inches: so narrow that a telephone need not make the letters much smaller."""

ROW, AROUND = 0.29, 1.0
"""Inches: the height of a row, and of what is above and below the rows of a panel."""

ROOM = 0.05
"""Of a decade: what is left free at both ends of an axis of times."""

SIGNS = {
    "median": (BLUE, "o", BLUE),
    "99th percentile": (ORANGE, "D", ORANGE),
}
"""What the signs mean: colour, sign, filling."""

Results = Mapping[str, Mapping[str, Any]]


def drawn(document: words.Figures) -> dict[str, str]:
    """Every scenario's chart as SVG, by the scenario's name."""
    return {one["name"]: chart(one) for one in document["scenarios"] if one["results"]}


def write(document: words.Figures, folder: Path) -> None:
    """Put the charts into a folder, in place of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for name, picture in drawn(document).items():
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8", newline="\n")


def chart(scenario: words.Figures) -> str:
    """One scenario's chart."""
    results = scenario["results"]
    panels = 1 if words.in_company(scenario) else 2
    height = panels * (AROUND + ROW * len(results))
    figure = Figure(figsize=(WIDTH, height))
    if panels == 1:
        in_company(figure.subplots(), scenario)
    else:
        above, below = figure.subplots(2, gridspec_kw={"hspace": 0.12})
        (gains if scenario["kept"] else rates)(above, results)
        latencies(below, scenario)
    return svg(figure, words.description(scenario))


def rates(axes: Axes, results: Results) -> None:
    """A bar for each model, with a line from the slowest of its runs to the fastest."""
    for y, result in enumerate(results.values()):
        axes.barh(y, result["rate"], color=BLUE, height=0.56)
        least, most = min(result["rates"]), max(result["rates"])
        axes.plot([least, most], [y, y], color=INK, linewidth=1.2)
        label(axes, max(most, result["rate"]), y, words.count(result["rate"]))
    most_of_all = max(max(result["rates"]) for result in results.values())
    axes.set_xlim(0, most_of_all * 1.16 or 1)
    axes.set_title("Requests a second")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.count(value)))
    axes.locator_params(axis="x", nbins=5)
    rows(axes, list(results))


def gains(axes: Axes, results: Results) -> None:
    """Two bars for each model: new connections in grey above, kept ones below with their gain."""
    for y, result in enumerate(results.values()):
        axes.barh(y - 0.19, result["before_rate"], color=GREY, height=0.32)
        axes.barh(y + 0.19, result["rate"], color=BLUE, height=0.32)
        label(axes, max(result["rate"], result["before_rate"]), y, words.gain(result))
    most = max(max(one["rate"], one["before_rate"]) for one in results.values())
    axes.set_xlim(0, most * 1.16 or 1)
    axes.set_title("Requests a second: new grey, kept blue")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: words.count(value)))
    axes.locator_params(axis="x", nbins=5)
    rows(axes, list(results))


def latencies(axes: Axes, scenario: words.Figures) -> None:
    """The median and the 99th percentile of each model; of kept connections the first median."""
    for y, result in enumerate(scenario["results"].values()):
        if scenario["kept"] and (first := result["before_median_ms"]) is not None:
            axes.plot(first, y, "o", color=GREY, markerfacecolor=PAPER, markersize=9, zorder=3)
        spread(axes, y, result, scenario, at=None)
    axes.set_title("Latency (logarithmic)")
    milliseconds(axes)
    rows(axes, list(scenario["results"]))
    runs = {"slowest to fastest run": (INK, "-", INK)}
    new = {"median, new connections": (GREY, "o", PAPER)}
    legend(axes, {**(new if scenario["kept"] else runs), **SIGNS})


def in_company(axes: Axes, scenario: words.Figures) -> None:
    """The median alone, and then median and 99th percentile beside the others."""
    results, idle = scenario["results"], scenario["company"]["idle"]
    for y, result in enumerate(results.values()):
        alone = result["before_median_ms"]
        if alone is not None:
            axes.plot(alone, y, "o", color=GREY, markerfacecolor=PAPER, markersize=9, zorder=3)
        spread(axes, y, result, scenario, at=alone)
        if idle and result["guest_kb"] is not None:
            place: Any = axes.get_yaxis_transform()
            each = f"{result['guest_kb']:.1f} KB"
            axes.text(1.03, y, each, transform=place, va="center", fontsize=SMALL, color=GREEN)
    if idle:
        top: Any = axes.get_yaxis_transform()
        axes.text(1.03, -0.85, "memory each", transform=top, fontsize=SMALL, color=GREEN)
    axes.set_title("Latency (logarithmic)")
    milliseconds(axes)
    rows(axes, list(results))
    legend(axes, {"median alone": (GREY, "o", PAPER), **SIGNS})


def spread(
    axes: Axes, y: int, result: words.Figures, scenario: words.Figures, at: float | None
) -> None:
    """From the median to the 99th percentile; words where there was no answer."""
    median, p99 = result["median_ms"], result["p99_ms"]
    if median is None:
        label(axes, at or 1.0, y, words.no_answer(scenario), RED, 9)
        return
    axes.plot([median, p99], [y, y], color=GREY, linewidth=1.2, zorder=2)
    axes.plot(p99, y, "D", color=ORANGE, markersize=5.5, zorder=4)
    axes.plot(median, y, "o", color=BLUE, markersize=6, zorder=5)


def label(axes: Axes, x: float, y: float, text: str, color: str = INK, away: int = 4) -> None:
    """Words to the right of a point."""
    axes.annotate(
        text,
        (x, y),
        (away, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=color,
    )


def milliseconds(axes: Axes) -> None:
    """A logarithmic axis of times, from one power of ten to another."""
    axes.set_xscale("log")
    low, high = (math.log10(end) for end in axes.dataLim.intervalx)
    axes.set_xlim(10 ** math.floor(low - ROOM), 10 ** math.ceil(high + ROOM))
    axes.xaxis.set_major_locator(LogLocator(10))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())


def short(value: float) -> str:
    """A time on an axis: 0.1 ms, 10 ms, 1 s."""
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"


def rows(axes: Axes, models: Sequence[str]) -> None:
    """The models' names, the first at the top."""
    axes.set_yticks(range(len(models)), models, family="monospace")
    axes.set_ylim(len(models) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def legend(axes: Axes, signs: Mapping[str, tuple[str, str, str]]) -> None:
    """What the signs mean, in a line below: name, colour, sign, filling."""
    keys = [
        axes.plot([], [], sign, color=color, markerfacecolor=filling, markersize=6, label=name)[0]
        for name, (color, sign, filling) in signs.items()
    ]
    figure: Any = axes.figure
    look: Any = {"fontsize": SMALL, "handletextpad": 0.4, "columnspacing": 1.2}
    figure.legend(handles=keys, loc="outside lower center", ncols=len(keys), **look)
