"""A notebook run from top to bottom, and written down as Markdown with its pictures.

What this imports takes seconds to load, so `notebooks.py` does that only for one that has to run.
"""

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.exporters import MarkdownExporter
from nbconvert.filters import strip_ansi
from traitlets.config import Config

from course.pages.text import fenced
from course.steps import CourseError

CELL_SECONDS = 120
"""No cell takes longer than some seconds; a busy machine may need much more."""

CODE, OUTPUT, DRAWING = "notebook-input", "notebook-output", "notebook-drawing"
"""The classes of a cell's code, of what it printed and of what it drew."""

DESCRIPTION_CHARACTERS = 160
POINTS_PER_INCH, PIXELS_PER_INCH = 72, 96

TEMPLATE = """\
{%- extends 'markdown/index.md.j2' -%}
{% block input %}{{ cell.source | as_code }}{% endblock input %}
{% block stream %}{{ output.text | as_output }}{% endblock stream %}
{% block data_text scoped %}{{ output.data['text/plain'] | as_output }}{% endblock data_text %}
{% block data_markdown scoped %}{{ output.data['text/markdown'] | as_prose }}{% endblock %}
{% block data_svg scoped %}{{ output | as_picture }}{% endblock data_svg %}
{% block data_png scoped %}{{ output | as_picture }}{% endblock data_png %}
"""

Notebook = Any  # nbformat has no types


def executed(path: Path) -> Notebook:
    """The notebook with the outputs of a fresh run by this Python. Raises CourseError."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    # Without folders to look in, "python3" is this Python, whatever else is installed.
    kernel = AsyncKernelManager(
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), transport_encryption="auto"
    )
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=CELL_SECONDS,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        asyncio.run(_run(client, kernel))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{path.name}: {_where(notebook)}: {_last_line(error)}") from None
    return notebook


async def _run(client: NotebookClient, kernel: AsyncKernelManager) -> None:
    """Run all cells; the kernel ends whatever happens."""
    try:
        await client.async_execute()
    finally:
        await kernel.shutdown_kernel(now=True)


def written(notebook: Notebook, name: str) -> tuple[str, dict[str, bytes]]:
    """An executed notebook as Markdown, and its pictures by their names."""
    pictures = dict(_named_pictures(notebook, name))
    exporter = MarkdownExporter(config=SETTINGS, raw_template=TEMPLATE, filters=FILTERS)  # type: ignore[no-untyped-call]
    body, _ = exporter.from_notebook_node(notebook)
    title, intro = _heading(notebook)
    front = (
        f"---\ntitle: {json.dumps(title)}\ndescription: {json.dumps(_description(intro))}\n---\n"
    )
    start = f"{_live(name)}\n\n{intro}"
    return front + _tidy(body.replace(intro, start, 1)), pictures


def _live(name: str) -> str:
    """How to open the notebook, rather than read it."""
    return (
        f"This page shows one run. Open it live with `jupyter lab notebooks/{name}.ipynb` in the "
        f"course's folder, or [download the notebook]({name}.ipynb)."
    )


def _named_pictures(notebook: Notebook, folder: str) -> Iterator[tuple[str, bytes]]:
    """Take each picture out of its output, and leave a name in its place."""
    for cell in notebook.cells:
        found = [o for o in cell.get("outputs", ()) if PICTURES & o.get("data", {}).keys()]
        for number, output in enumerate(found):
            kind = next(kind for kind in KINDS if kind in output.data)
            name = f"{cell.id}{f'-{number}' if number else ''}{KINDS[kind]}"
            data = output.data[kind]
            content = data.encode() if kind == "image/svg+xml" else base64.b64decode(data)
            if not output.metadata.get(kind, {}).get("alt"):
                raise CourseError(f"{folder}: the picture of cell {cell.id} has no words to it")
            output.metadata["file"] = f"{folder}/{name}"
            yield name, content


def as_code(source: str) -> str:
    """A cell's code."""
    return _apart(fenced(source, f"python .{CODE}"))


def as_output(text: str) -> str:
    """What a cell printed."""
    return _apart(fenced(_plain(text), f"text .{OUTPUT}"))


def as_prose(markdown: str) -> str:
    """Markdown that a cell displayed: tables, and code, which gets the class of an output."""
    return _apart(
        re.sub("^```python$", f"``` {{ .python .{OUTPUT} }}", markdown, flags=re.MULTILINE)
    )


def as_picture(output: Any) -> str:
    """A picture with its words, and with its size, so that the page does not jump."""
    kind = next(kind for kind in KINDS if kind in output.data)
    alt = re.sub(r"([\\\[\]`])", r"\\\1", output.metadata[kind]["alt"])
    size = {}
    if kind == "image/svg+xml":
        for name in ("width", "height"):
            points = re.search(rf'<svg[^>]*\b{name}="([\d.]+)pt"', output.data[kind])
            if points:
                size[name] = round(float(points[1]) * PIXELS_PER_INCH / POINTS_PER_INCH)
    attributes = "".join(f' {name}="{pixels}"' for name, pixels in size.items())
    return _apart(f"![{alt}]({output.metadata['file']}){{ .{DRAWING}{attributes} }}")


def _apart(block: str) -> str:
    """A block with empty lines around it."""
    return f"\n{block}\n"


KINDS = {"image/svg+xml": ".svg", "image/png": ".png", "text/markdown": "", "text/plain": ""}
"""What is taken of an output, the best first, and how the name of its file ends."""

PICTURES = {kind for kind, ending in KINDS.items() if ending}

FILTERS = {
    "as_code": as_code,
    "as_output": as_output,
    "as_prose": as_prose,
    "as_picture": as_picture,
}

SETTINGS = Config(
    {
        "NbConvertBase": {"display_data_priority": list(KINDS)},
        "ExtractOutputPreprocessor": {"enabled": False},  # we name the pictures ourselves
    }
)


def _heading(notebook: Notebook) -> tuple[str, str]:
    """The title, and the prose below it in the first cell."""
    first, _, intro = notebook.cells[0].source.partition("\n")
    if not first.startswith("# ") or not intro.strip():
        raise CourseError("a notebook begins with a title, and says in the same cell what it is")
    return first.removeprefix("# ").strip(), intro.strip()


def _description(prose: str) -> str:
    """As many of the first sentences as a search engine shows."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", prose.partition("\n\n")[0])
    text = " ".join(text.replace("`", "").replace("*", "").split())
    ends = [match.end() for match in re.finditer(r"[.?](?= |$)", text)]
    return text[: max((end for end in ends if end <= DESCRIPTION_CHARACTERS), default=None)]


def _tidy(markdown: str) -> str:
    """Links that lead from the notebooks' folder to a chapter are turned to the site's."""
    return markdown.replace("](../docs/", "](../").strip() + "\n"


def _where(notebook: Notebook) -> str:
    """The cell that ran last."""
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            return f"cell {number} ({cell.id})"
    ran = [cell.id for cell in notebook.cells if cell.get("execution_count")]
    return f"the cell after {ran[-1]}" if ran else "the first cell"


def _plain(text: str) -> str:
    """The text without the codes that colour it in a terminal."""
    return str(strip_ansi(text))  # type: ignore[no-untyped-call]


def _last_line(error: Exception) -> str:
    """What a traceback ends with."""
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {_plain(error.evalue)}"
    return str(error).strip().splitlines()[0]
