"""Bytes, code and tables, so that they can be read in a notebook."""

import html
import inspect
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from IPython.display import display

from course.visible import visible

SHOWN_BYTES = 2000


SIGNS = "latin-1"
"""The alphabet in which bytes are shown: not every machine has the signs for CR and LF."""


def lines_of(data: bytes) -> list[str]:
    r"""The bytes line by line, with CR and LF as \r and \n."""
    return visible(data, SIGNS) or [""]


def see(what: object, limit: int = SHOWN_BYTES) -> None:
    """Print something; of bytes every CR and LF, and no more than the limit."""
    if not isinstance(what, bytes):
        print(what)
        return
    print("\n".join(lines_of(what[:limit])))
    if len(what) > limit:
        print(f"… and {len(what) - limit:,} bytes more")


def code(what: Any) -> None:
    """Show the source of a function, a class or a module as it stands in its file."""
    source = textwrap.dedent(inspect.getsource(what)).rstrip()
    _display(f"```python\n{source}\n```", source)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table. Bytes stand in it as code."""
    cells = [[_cell(value) for value in row] for row in rows]
    lines = [list(headings), ["---"] * len(headings), *cells]
    text = [["".join(lines_of(v)) if isinstance(v, bytes) else str(v) for v in r] for r in rows]
    plain = "\n".join("\t".join(row) for row in [list(headings), *text])
    _display("\n".join(f"| {' | '.join(line)} |" for line in lines), plain)


def _cell(value: object) -> str:
    if isinstance(value, bytes):
        return f"<code>{_escaped(''.join(lines_of(value)))}</code>" if value else ""
    return _escaped(str(value))


def _escaped(text: str) -> str:
    """The text for a cell of a Markdown table, in which no sign means anything."""
    signs = {ord(sign): f"&#{ord(sign)};" for sign in "|*_`[]\\~"}
    return html.escape(text, quote=False).translate(signs)


def _display(markdown: str, plain: str) -> None:
    display({"text/markdown": markdown, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]
