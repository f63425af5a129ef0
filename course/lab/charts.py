"""Charts that several notebooks draw: strips, tiles, bytes along an axis."""

from collections.abc import Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.lab.drawing import GREY, PAPER, RED
from course.lab.seeing import lines_of

Part = tuple[float, str, object]
"""A part of a strip: its length, its colour, and what is written in it."""

LEAST_SHARE = 0.06
"""In a part that is shorter than this share of the longest strip there is no room for a word."""

SMALL = 9
"""Points of letters that stand in parts and tiles."""


def strips(axes: Axes, rows: Mapping[str, Sequence[Part]], marks: Iterable[float] = ()) -> None:
    """A strip for each row, of parts laid end to end; a dotted line at each mark."""
    longest = max(sum(part[0] for part in parts) for parts in rows.values())
    for name, parts in rows.items():
        at = 0.0
        for length, color, words in parts:
            axes.barh(name, length, left=at, color=color, height=0.62, edgecolor=PAPER)
            if length >= LEAST_SHARE * longest:
                _write(axes, at + length / 2, name, words)
            at += length
    axes.vlines(list(marks), -0.5, len(rows) - 0.5, color=GREY, linestyle=":", linewidth=1)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, longest)


def tiles(
    axes: Axes, table: Mapping[str, Mapping[str, object]], colors: Mapping[object, str]
) -> None:
    """A coloured tile, with its word in it, for each row and column of the table."""
    columns = list(dict.fromkeys(name for row in table.values() for name in row))
    for y, row in enumerate(table.values()):
        for name, word in row.items():
            axes.add_patch(box(columns.index(name), y, colors[word]))
            _write(axes, columns.index(name), y, word)
    name_tiles(axes, list(table), columns)


def name_tiles(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Names of rows at the left, of columns at the top, and nothing else around the tiles."""
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xticks(range(len(columns)), columns, fontsize=SMALL)
    axes.set_yticks(range(len(rows)), rows, family="monospace", fontsize=SMALL)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.grid(False)


def box(x: float, y: float, color: str, size: float = 0.9, alpha: float = 1) -> Rectangle:
    """A tile around a place, for `axes.add_patch`."""
    corner = (x - size / 2, y - size / 2)
    return Rectangle(corner, size, size, facecolor=color, alpha=alpha, linewidth=0)


def legend(figure: Figure, colors: Mapping[str, str]) -> None:
    """What the colours mean, in one line below the drawing."""
    keys = [Rectangle((0, 0), 1, 1, facecolor=color) for color in colors.values()]
    look = {"fontsize": SMALL, "handlelength": 1, "handleheight": 1, "columnspacing": 1.4}
    figure.legend(keys, list(colors), loc="outside lower center", ncols=len(colors), **look)


def bytes_below(axes: Axes, data: bytes) -> None:
    """Write each of the bytes below its number on the axis, line ends in red."""
    signs = ["".join(lines_of(data[at : at + 1])) for at in range(len(data))]
    axes.set_xticks(range(len(data)), signs, family="monospace", fontsize=7.5)
    for label in axes.get_xticklabels():
        if len(label.get_text()) > 1:
            label.set(fontsize=5.5, color=RED)
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False, axis="x")
    axes.set_xlim(-1, len(data))


def _write(axes: Axes, x: float, y: float | str, words: object) -> None:
    # matplotlib knows names on an axis; its types do not.
    axes.text(x, y, str(words), ha="center", va="center", color=PAPER, fontsize=SMALL)  # type: ignore[arg-type]
