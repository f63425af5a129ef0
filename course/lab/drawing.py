"""Drawings: plain matplotlib, in colours that can be told apart on a light and a dark page."""

import html
import io
import re
from typing import Any

import matplotlib
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["Axes", "Figure", "show", "subplots", "svg"]

PAPER, INK, GREY, PALE = "#fbfaf7", "#1d2125", "#565e66", "#dfdcd3"
BLUE, ORANGE, GREEN, RED, PURPLE = "#1a66c8", "#b45200", "#17764a", "#c0263a", "#7445c4"

DARK = {
    PAPER: "#14171a",
    INK: "#e6e8ee",
    GREY: "#a4adbd",
    PALE: "#343a40",
    BLUE: "#6cb0ff",
    ORANGE: "#ffa657",
    GREEN: "#56d18b",
    RED: "#ff7b86",
    PURPLE: "#c29bff",
}
"""What each colour becomes on a dark page."""

STYLE: Any = {
    "figure.facecolor": PAPER,
    "figure.dpi": 96,
    "figure.constrained_layout.use": True,
    "font.family": "sans-serif",
    "font.size": 10.5,
    "text.color": INK,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.formatter.min_exponent": 6,  # 1000, not 10 to the third
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE]),
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "svg.fonttype": "none",  # text stays text: small files, sharp letters
    "svg.hashsalt": "lab",  # the same drawing, the same bytes
}

WIDTH = 6.6
"""Inches: as wide as the text of a page."""

DECLARATION = re.compile(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*", re.DOTALL)
COLOUR = re.compile("|".join(DARK))

matplotlib.rcParams.update(STYLE)


def subplots(rows: int = 1, columns: int = 1, height: float = 3.2, **options: Any) -> Any:
    """A figure and its axes, as `matplotlib.pyplot.subplots` gives them, in the lab's style."""
    figure = Figure(figsize=(WIDTH, height))
    return figure, figure.subplots(rows, columns, **options)


def show(figure: Figure, what: str) -> None:
    """Put the figure under the cell. `what` says what can be seen in it, for who cannot see it."""
    data = {"image/svg+xml": svg(figure, what), "text/plain": what}
    display(data, raw=True, metadata={"image/svg+xml": {"alt": what}})  # type: ignore[no-untyped-call]


def svg(figure: Figure, title: str) -> str:
    """The figure as SVG that follows the page: each colour has a second one for a dark page."""
    out = io.StringIO()
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(out, format="svg", metadata=metadata)
    picture = DECLARATION.sub("", out.getvalue())
    picture = COLOUR.sub(lambda colour: f"var(--{colour[0][1:]}, {colour[0]})", picture)
    head, tag, body = picture.partition(">")
    return f'{head} role="img"{tag}<title>{html.escape(title)}</title>{_dark_style()}{body}'


def _dark_style() -> str:
    """The colours of a dark page, as CSS."""
    colours = "".join(f"--{light[1:]}:{dark};" for light, dark in DARK.items())
    return f"<style>@media (prefers-color-scheme: dark){{svg{{{colours}}}}}</style>"
