"""Every block in the prose that looks like Python runs, and prints what stands below it."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest
from support import ROOT, run

from course.pages.fences import outside_code

DOCS = ROOT / "docs"

FENCE = re.compile(r"^( *)(`{3,}) ?(?:\{ ?)?\.?(\w*)")

LONG_NUMBER = re.compile(r"\d[\d,]{4,}")
"""Sizes of the kernel's buffers, and the like: they differ from machine to machine."""

LANGUAGES = {"", "console", "html", "http", "json", "mermaid", "python", "text", "toml"}
"""What a block may be: one that is code and no Python could hide code that nobody runs."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    first: int
    last: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands: "chapters/01_echo_server.md:45"."""
        return f"{self.page.relative_to(DOCS).as_posix()}:{self.first}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page's source: what a directive includes is not among them."""
    lines: list[str] = []
    start: re.Match[str] | None = None
    for number, line, inside in outside_code(page.read_text(encoding="utf-8")):
        if not inside:
            continue
        if start is None:
            start, first, lines = FENCE.match(line), number, []
        elif line.strip() == start[2]:
            text = dedent("\n".join(lines)) + "\n"
            yield Block(page, first, number, start[3], text)
            start = None
        else:
            lines.append(line)


def pages() -> list[Path]:
    return sorted(path for path in DOCS.rglob("*.md") if "front" not in path.parts)


ALL = [block for page in pages() for block in blocks(page)]
PYTHON = [block for block in ALL if block.language in ("python", "py", "python3")]


def output_of(block: Block) -> str | None:
    """What the page says that a block prints: the block of plain text that follows directly."""
    lines = block.page.read_text(encoding="utf-8").splitlines()
    for one, following in pairwise(ALL):
        between = lines[one.last : following.first - 1]
        if one == block and following.page == block.page and following.language == "text":
            return None if any(map(str.strip, between)) else following.text
    return None


@pytest.mark.parametrize("block", PYTHON, ids=[block.place for block in PYTHON])
def test_python_in_prose_runs(block: Block) -> None:
    """From the repository's root, in a process of its own."""
    result = run([sys.executable, "-c", block.text], ROOT)
    assert result.code == 0, result.err
    said = output_of(block)
    if said is not None and sys.platform == "linux":
        assert masked(result.out) == masked(said)


def masked(text: str) -> str:
    return LONG_NUMBER.sub("N", text)


def test_there_are_blocks_to_run() -> None:
    """The search for them works."""
    assert len(PYTHON) > 10
    assert sum(output_of(block) is not None for block in PYTHON) > 5


@pytest.mark.parametrize("block", ALL, ids=[block.place for block in ALL])
def test_every_block_says_what_it_is(block: Block) -> None:
    assert block.language in LANGUAGES, f"{block.place} is called {block.language!r}"


def test_no_block_without_a_name_looks_like_python() -> None:
    for block in ALL:
        if block.language in ("", "text"):
            assert not re.search(r"^(def|import|from \w+ import|class) ", block.text, re.M), block


def test_the_pages_name_no_lines() -> None:
    """Code is included by its name: numbers of lines go wrong in silence."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"\blines? \d+ (to|and|-) \d+\b", text), page
        assert "hl_lines" not in text, page
        assert not re.search(r"--8<--|linenums=", text), page
