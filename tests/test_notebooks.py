"""The notebooks: they run in any order, copy nothing, are committed clean, and make good pages."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from support import ROOT

from course import lab
from course.lab import drawing
from course.pages import hook, notebooks
from course.steps import CourseError, all_steps

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LABELS = [path.stem for path in NOTEBOOKS]

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=LABELS)

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_SECONDS = 120
PAGE_BYTES = 64 * 1024
PICTURE_BYTES = 160 * 1024
READABLE = 3.0
"""The contrast that drawings need (WCAG 2.2, 1.4.11); what is written in them needs more."""
READABLE_TEXT = 4.5


def read(path: Path):
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_one_for_each_step():
    """Each step has a notebook of its name."""
    assert [step.name for step in all_steps()][: len(LABELS)] == LABELS
    assert len(LABELS) >= 4


def test_nbmake_runs_them():
    """A fresh kernel runs each notebook from its first cell to its last, as nbmake does it."""
    command = [sys.executable, "-m", "pytest", "-p", "nbmake.pytest_plugin", "--nbmake", "-q"]
    command += ["--nbmake-kernel=python3", f"--nbmake-timeout={CELL_SECONDS}", "notebooks"]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(NOTEBOOKS)} passed" in done.stdout


@each_notebook
def test_cells_run_in_any_order(path: Path):
    """After the first cell each stands on its own, and can run again: backwards, then two more."""
    notebook = read(path)
    first, *others = code_cells(path)
    notebook.cells = [first, *reversed(others), first, others[-1]]
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{cell.id}-{number}"[-60:]
        notebook.cells[number] = nbformat.from_dict(dict(cell))
    NotebookClient(notebook, timeout=CELL_SECONDS, resources=at(path)).execute()


def at(path: Path) -> dict:
    return {"metadata": {"path": str(path.parent)}}


def test_stripped():
    """No outputs, no counts: they are as nbstripout leaves them."""
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id", *map(str, NOTEBOOKS)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@each_notebook
def test_metadata(path: Path):
    """No more metadata than a kernel needs; the cells have names."""
    notebook = read(path)
    assert notebook.metadata == METADATA
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        assert cell.metadata == {}
        assert re.fullmatch("[a-z]+(-[a-z]+)*", cell.id), cell.id


@each_notebook
def test_size(path: Path):
    """A laboratory is no book: about a dozen to twenty cells, things to try, things to see."""
    cells = read(path).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert 12 <= len(cells) <= 20
    assert prose.count("**Try this.**") >= 3
    assert sum("lab.show(" in cell.source for cell in code_cells(path)) >= 3


@each_notebook
def test_nothing_is_copied_from_the_steps(path: Path):
    """Code comes from `steps/`: no body of a function with three lines or more stands in a cell."""
    known = {body: place for step in all_steps() for body, place in bodies_of_step(step)}
    for cell in code_cells(path):
        for name, body in bodies(cell.source):
            assert body not in known, f"{cell.id}: {name} is {known[body]}"


def bodies_of_step(step) -> Iterator[tuple[str, str]]:
    for module in (*step.modules.values(), *step.extras.values()):
        for name, body in bodies(module.read_text(encoding="utf-8")):
            yield body, f"{step.label}/{module.name} {name}"


def bodies(source: str) -> Iterator[tuple[str, str]]:
    """Each function's name, and its body without docstring and layout, if it is long enough."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node) is not None
            text = "\n".join(ast.unparse(one) for one in node.body[docstring:])
            if text.count("\n") >= 2:
                yield node.name, text


def test_copies_are_seen():
    """The test above can fail: it knows a function of a step, in another dress."""
    source = (ROOT / "steps/01_echo_server/stream.py").read_text(encoding="utf-8")
    dressed = dict(bodies(source.replace('"""', "'''").replace("    ", "  ")))
    assert dressed["recv_until"] == dict(bodies(source))["recv_until"]


# Pages


@pytest.fixture(scope="module")
def pages() -> dict[str, str | bytes]:
    """All files that the notebooks add to the site: as they are kept, where nothing has changed."""
    cache, said = hook.CACHE / "notebooks", list[str]()
    files = notebooks.pages(cache, lambda text: None)
    assert notebooks.pages(cache, said.append) == files
    assert not said, "the second time all pages are kept"
    return files


@each_notebook
def test_page(path: Path, pages: dict[str, str | bytes]):
    """A page: title and description in front, one heading of the first level, and the notebook."""
    page = pages[f"notebooks/{path.stem}.md"]
    assert isinstance(page, str)
    front = re.match(r'---\ntitle: (".+")\ndescription: (".+")\n---\n# (.+)\n', page)
    assert front and json.loads(front[1]) == front[3]
    assert 50 <= len(json.loads(front[2])) <= 160
    prose = without_code(page)
    assert len(re.findall("^# ", prose, re.MULTILINE)) == 1
    assert not re.findall("^####* ", prose, re.MULTILINE), "no level is left out"
    assert f"`jupyter lab notebooks/{path.name}`" in prose
    assert f"]({path.name})" in prose
    assert pages[f"notebooks/{path.name}"] == path.read_bytes()
    assert len(page.encode()) < PAGE_BYTES
    assert "\x1b" not in page


def without_code(page: str) -> str:
    return re.sub(r"^(```+) .*?^\1$", "", page, flags=re.MULTILINE | re.DOTALL)


@each_notebook
def test_code_and_output_are_marked(path: Path, pages: dict[str, str | bytes]):
    """Every block says whether it is a cell's code, unchanged, or what came of it."""
    page = pages[f"notebooks/{path.stem}.md"]
    blocks = re.findall(r"^``` (\{.*?\})\n(.*?)\n^```$", page, re.MULTILINE | re.DOTALL)
    assert 2 * len(blocks) == len(re.findall("^```", page, re.MULTILINE))
    code = [text for head, text in blocks if head == "{ .python .notebook-input }"]
    assert code == [cell.source for cell in code_cells(path)]
    others = {head for head, _ in blocks} - {"{ .python .notebook-input }"}
    assert others <= {"{ .text .notebook-output }", "{ .python .notebook-output }"}


@each_notebook
def test_pictures(path: Path, pages: dict[str, str | bytes]):
    """Each drawing is a file with words for who cannot see it, and with its size."""
    page = pages[f"notebooks/{path.stem}.md"]
    found = re.findall(r"^!\[(.+)\]\((\S+)\)\{ (.+) \}$", page, re.MULTILINE)
    names = {f"notebooks/{name}" for _, name, _ in found}
    assert names == {name for name in pages if name.startswith(f"notebooks/{path.stem}/")}
    assert len(found) == page.count("![") >= 3
    for words, name, attributes in found:
        assert len(words.split()) >= 10, words
        assert re.fullmatch(r'\.notebook-drawing width="\d+" height="\d+"', attributes)
        assert len(pages[f"notebooks/{name}"]) < PICTURE_BYTES, name


@each_notebook
def test_pictures_follow_the_page(path: Path, pages: dict[str, str | bytes]):
    """A drawing has no colour that is not known on a dark page too, and asks for nothing."""
    for name, picture in pages.items():
        if name.startswith(f"notebooks/{path.stem}/"):
            root = ET.fromstring(picture)
            text = picture.decode()
            assert root.find("{*}title").text
            assert "@media (prefers-color-scheme: dark)" in text
            colours = set(re.findall(r"(?<!, )(?<!:)#[0-9a-f]{6}\b", text))
            assert not colours, f"{name}: {colours}"
            assert not re.search(r"(href|src|url)\W+(?!#)https?:", text)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_are_readable(dark: bool):
    """Lines are seen, and words are read, on their own ground."""
    shown = (lambda colour: drawing.DARK[colour]) if dark else (lambda colour: colour)
    paper = shown(drawing.PAPER)
    for colour in (drawing.BLUE, drawing.ORANGE, drawing.GREEN, drawing.RED, drawing.PURPLE):
        assert contrast(shown(colour), paper) >= READABLE
        assert contrast(shown(colour), paper) >= READABLE_TEXT, "numbers stand in the bars"
    for colour in (drawing.INK, drawing.GREY):
        assert contrast(shown(colour), paper) >= READABLE_TEXT


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def write_notebook(folder: Path, *cells: str) -> Path:
    """A notebook of these cells; the first is prose."""
    first, *code = cells
    new = nbformat.v4
    notebook = new.new_notebook(
        cells=[new.new_markdown_cell(first), *map(new.new_code_cell, code)], metadata=METADATA
    )
    path = folder / "09_example.ipynb"
    nbformat.write(notebook, path)
    return path


def test_failing_notebook_names_its_cell(tmp_path: Path):
    """A cell that fails fails the build, in one line that says where and what."""
    path = write_notebook(tmp_path, "# A\n\nB.", "1 + 1", "int('\\x1b[1mx')")
    cell = read(path).cells[2].id
    with pytest.raises(CourseError) as failure:
        notebooks.rendered(path, tmp_path / "cache")
    message = str(failure.value)
    assert message.startswith(f"09_example.ipynb: cell 3 ({cell}): ValueError: invalid literal")
    assert "\n" not in message and "\x1b" not in message
    assert not list((tmp_path / "cache").glob("*"))


def test_page_is_kept_until_the_notebook_changes(tmp_path: Path):
    """What a cell printed is plain text, and is made anew when the cell is another one."""
    cache = tmp_path / "cache"
    path = write_notebook(
        tmp_path, "# A\n\nB.", "print('\\x1b[31mred\\x1b[0m', __import__('time').time())"
    )
    page, pictures = notebooks.rendered(path, cache)
    assert not pictures and "\x1b" not in page and "\nred " in page
    assert notebooks.rendered(path, cache) == (page, pictures)
    write_notebook(tmp_path, "# A\n\nB.", "print('blue')")
    assert "\nblue\n" in notebooks.rendered(path, cache)[0]
    assert len(list(cache.iterdir())) == 1


def test_picture_without_words_fails_the_build(tmp_path: Path):
    """A picture that nobody described has no place on a page."""
    draw = "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    path = write_notebook(tmp_path, "# A\n\nB.", draw)
    with pytest.raises(CourseError, match="has no words"):
        notebooks.rendered(path, tmp_path)


# The laboratory


def test_servers_are_gone_after_their_block():
    """Whether a server is a program or a function, its port is free when the block has ended."""
    for what in ("01", lambda connection: connection.sendall(b"hello")):
        with lab.serve(what) as server, server.connect():
            pass
        with pytest.raises(OSError):
            server.connect()


def test_server_ends_where_a_cell_fails():
    """An error, or Ctrl-C, in the middle of a block stops the server as well."""
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), lab.serve("02") as server:
            raise error
        with pytest.raises(OSError):
            server.connect()


def test_server_does_not_outlive_its_kernel():
    """A kernel that is restarted in the middle of a cell leaves no server behind."""
    manager, client = start_new_kernel(cwd=str(ROOT / "notebooks"))
    try:
        client.execute_interactive("import time; from course import lab", timeout=60)
        client.execute(
            "with lab.serve('01') as server:\n    print(server.port)\n    time.sleep(60)"
        )
        until = time.monotonic() + 30
        kernel = psutil.Process(manager.provisioner.pid)
        while not (servers := kernel.children()):
            assert time.monotonic() < until, "no server was started"
            time.sleep(0.05)
        manager.restart_kernel()
        gone, alive = psutil.wait_procs(servers, timeout=15)
        assert gone and not alive
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_network_passes_on_everything_in_pieces():
    """What goes through the network arrives whole, and not in one piece where there is a pause."""
    data = bytes(range(256)) * 10
    for pause in (0.01, 0.1, 1):  # a busy machine may read so late that the pieces are one again
        sizes = []

        def handle(connection, sizes=sizes):
            while chunk := connection.recv(65536):
                sizes.append(len(chunk))
                connection.sendall(chunk)

        with lab.serve(handle) as near, lab.network(near, piece=1000, pause=pause) as far:
            talk = lab.converse(far, data, b"", quiet=10)
        assert talk.received == data
        assert talk.closed
        if len(sizes) > 1:
            return
    raise AssertionError("what was sent in pieces came in one")


def test_conversation_is_written_down_in_order():
    """Who said what; half a request is not answered, the rest of it is."""
    with lab.serve("02") as server:
        talk = lab.converse(server, b"GET / HT", 0.1, b"TP/1.1\r\nHost: a\r\n\r\n")
    assert [event.who for event in talk.events[:3]] == ["client", "client", "server"]
    assert talk.received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert r"-> TP/1.1\r\n" in str(talk)
    assert str(talk).endswith("<- (server closes)")
    assert len(talk.drawn().axes) == 1


def test_steps_modules_are_new_each_time():
    """A constant that is changed in one set of modules stays as it was in the next."""
    lab.step("04").response.BLOCK_BYTES = 1
    assert lab.step("04").response.BLOCK_BYTES == 64 * 1024
    assert "request" not in sys.modules


def test_table_shows_every_character(capsys):
    """Nothing that stands in a table of bytes is taken for Markdown or HTML."""
    from course.lab.seeing import _cell

    assert _cell(b"a|b\r\n") == r"<code>a&#124;b&#92;r&#92;n</code>"
    assert _cell("<b>*x*</b> [y](z)") == "&lt;b&gt;&#42;x&#42;&lt;/b&gt; &#91;y&#93;(z)"


def test_drawings_are_the_same_each_time():
    """The same drawing gives the same bytes, so that a page changes only with its content."""

    def draw() -> str:
        figure, axes = lab.subplots()
        axes.plot([1, 2], [3, 4], "o-", label="a & b")
        axes.legend()
        return drawing.svg(figure, "Two < three")

    assert draw() == draw()
    assert "<title>Two &lt; three</title>" in draw()


# Elsewhere

WITHOUT = """
import importlib.abc, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from course import lab
lab.step("04", mine=True)
with lab.serve("01", script="hello.py") as server:
    print(lab.converse(server, b"GET / HTTP/1.1\\r\\n\\r\\n").received.decode())
"""


def test_needs_matplotlib_and_a_kernel_only():
    """In a plain Jupyter the laboratory runs without the rest of the course's environment."""
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    group = [one for one in pinned["dependency-groups"]["start"] if isinstance(one, str)]
    names = {re.split("[=<>]", one)[0].replace("-", "_") for one in group} - {"matplotlib"}
    command = [sys.executable, "-c", WITHOUT.replace("{names}", repr(names))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "Hello, World!" in done.stdout, done.stderr


def test_first_cell_finds_the_course():
    """Where no `.pth` file leads to the course, the first cell finds it above the notebook."""
    for path in NOTEBOOKS:
        source = code_cells(path)[0].source
        found = source[: source.index("from course import lab")]
        program = f"{found}\nprint([p for p in sys.path if p == {str(ROOT)!r}])"
        command = [sys.executable, "-S", "-c", program]
        alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, cwd=path.parent, env=alone, capture_output=True, text=True)
        assert done.stdout.strip() == repr([str(ROOT)]), done.stderr


def test_binder():
    """Binder installs the same matplotlib as the course, and a Python that is new enough."""
    folder = ROOT / ".binder"
    wanted = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    assert wanted
    for requirement in wanted:
        assert f'"{requirement}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = (folder / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-3\.1[1-9]", version)


def test_devcontainer():
    """The container's command sets the course up, and leaves it to the reader to start it."""
    path = ROOT / ".devcontainer" / "devcontainer.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["forwardPorts"] == [8000]
    command = shlex.split(settings["postCreateCommand"])
    assert command[0] == "python3"
    done = subprocess.run([sys.executable, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
