"""The site's own machinery: what a page shows is what the steps hold, or nothing is built."""

import ast
import importlib
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from course.pages import (
    assets,
    build,
    changes,
    code,
    exercises,
    figures,
    links,
    onion,
    playgrounds,
    states,
    tables,
)
from course.pages.directives import DIRECTIVES, BadDirective, Page, expanded, found
from course.pages.fences import outside_code
from course.stage import Stage
from course.steps import ROOT, CourseError, all_steps

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
HERE = Page("chapters/01_echo_server.md", "../../")

MODULE = '''\
"""Doc."""

import os

LIMIT = 3
"""How much."""

SIZES: dict[str, int] = {
    "a": 1,
}


@decorated
@twice
def first(a, b):
    """One."""
    return a


class Box:
    """Holds."""

    def open(self):
        return self

    async def wait(self):
        return 2
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to take code from."""
    monkeypatch.setattr(code, "ROOT", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(MODULE)
    return path


def page_of(path: Path) -> Page:
    name = path.relative_to(DOCS).as_posix()
    return Page(name, "../" * (name.count("/") + 1))


# code


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("LIMIT", "LIMIT = 3", '"""How much."""'),
        ("SIZES", "SIZES: dict[str, int] = {", "}"),
        ("first", "@decorated", "    return a"),
        ("Box", "class Box:", "        return 2"),
        ("Box.open", "    def open(self):", "        return self"),
        ("Box.wait", "    async def wait(self):", "        return 2"),
    ],
)
def test_a_definition_by_its_name(module: Path, name: str, first: str, last: str):
    """From its first decorator to its last line; a constant with the string below it."""
    start, end = code.span(module, name)
    lines = MODULE.split("\n")
    assert (lines[start - 1], lines[end - 1]) == (first, last)


@pytest.mark.parametrize("name", ["second", "Box.shut", "open", "os", "Bag.open", "first.inner"])
def test_a_missing_definition(module: Path, name: str):
    """The build stops, and the message says what the file does define."""
    with pytest.raises(code.NoSuchCode, match=r"module\.py defines no .* Box, LIMIT, SIZES, first"):
        code.span(module, name)


def test_a_missing_file():
    """A file that the step does not have."""
    with pytest.raises(code.NoSuchCode, match=r"step 02 has no file 'router\.py'"):
        code.included("02/router.py")


def test_the_real_lines_with_their_real_numbers():
    """What is shown is what stands in the file at the number that the block begins with."""
    block = code.included("02/framing.py", "body_length")
    header, *shown, fence = block.split("\n")
    start = int(re.search(r'linenums="(\d+)"', header)[1])
    real = (all_steps()[1].path / "framing.py").read_text(encoding="utf-8").split("\n")
    assert fence == "```"
    assert shown == real[start - 1 : start - 1 + len(shown)]
    assert ast.parse("\n".join(shown)).body[0].name == "body_length"
    assert 'title="steps/02_request_parser/framing.py"' in header


def test_changed_lines():
    """A line counts as changed where it is new or another than before."""
    assert code.changed(["a", "b", "c"], ["a", "x", "c", "d"]) == {2, 4}
    assert code.changed(["a", "b"], ["b"]) == set()


def test_a_wrong_version_is_marked_as_wrong():
    """Its block has a class of its own, so that what it changes does not look like what is new."""
    header = code.mutant("05_middleware/vary_is_replaced.py").split("\n")[0]
    assert header.startswith("``` { .python .wrong title=")
    assert 'hl_lines="2 3"' in header
    assert ".wrong" not in code.included("05/cors.py", "add_vary")


def test_lines_changed_since_the_last_step_are_marked():
    """In step 03's server the lines that step 02's does not have, and no others."""
    header, *shown, _ = code.included("03/server.py").split("\n")
    marked = {int(word) for word in re.search(r'hl_lines="([\d ]+)"', header)[1].split()}
    before = (all_steps()[1].path / "server.py").read_text(encoding="utf-8").split("\n")
    assert marked
    assert {line for number, line in enumerate(shown, 1) if number not in marked} <= set(before)
    assert any(shown[number - 1] not in before for number in marked)
    assert "(changed lines marked)" in header


def test_a_new_module_has_nothing_marked():
    """All of it is new: marks would say nothing."""
    assert "hl_lines" not in code.included("03/pattern.py")


def test_a_fence_longer_than_those_inside(module: Path):
    """Code that holds a fence of its own does not end the block."""
    from course.pages.text import fenced

    assert fenced("```\nx\n```", "text").startswith("```` ")


# changes


def test_the_diff_of_a_module():
    """As `diff -u` between the two steps' files."""
    lines = changes.difference("03", "server.py").split("\n")
    assert lines[1:3] == ["--- steps/02_request_parser/server.py", "+++ steps/03_router/server.py"]
    assert "+import app" in lines


@pytest.mark.parametrize(
    ("name", "definition", "message"),
    [
        ("pattern.py", "", "is new in its step"),
        ("framing.py", "", "is the same in the step before"),
        ("server.py", "nothing", "defines no 'nothing'"),
    ],
)
def test_no_diff(name: str, definition: str, message: str):
    """Where there is nothing to show, the build stops: the prose speaks of a change."""
    with pytest.raises(code.NoSuchCode, match=message):
        changes.difference("03", name, definition)


@pytest.mark.parametrize("step", all_steps(), ids=lambda step: step.label)
def test_the_table_of_changes(step):
    """Every module of the step is in it."""
    table = changes.table(step.label)
    for path in step.modules.values():
        assert f"`{path.name}`" in table


# exercises


def test_an_exercise_with_its_hints():
    """Title, minutes, what to write and where, the command, three hints folded."""
    card = exercises.card("01.3")
    assert "Exercise 01.3: Read up to a delimiter (25 minutes, medium)" in card
    assert "`recv_until` in `steps/01_echo_server/answers/stream.py`" in card
    assert "$ python -m course check 01.3" in card
    assert card.count("??? hint") == 3


def test_the_schedule_adds_up():
    """Each step's minutes are those of its exercises."""
    text = exercises.schedule()
    for step in all_steps():
        total = sum(one.minutes for one in step.exercises)
        assert f"**Step {step.label}, {step.title}**: {total} minutes" in text


@pytest.mark.parametrize("step", all_steps(), ids=lambda step: step.label)
def test_each_exercise_stands_in_its_section(step):
    """The chapter has the section that `exercises.toml` names, and the exercise stands in it."""
    chapter = (DOCS / "chapters" / f"{step.name}.md").read_text(encoding="utf-8")
    around: dict[int, str] = {}  # by level: the headings that this line stands under
    places: dict[str, set[str]] = {}
    headings = {number: (level, anchor) for number, anchor, level in headings_of(chapter)}
    directives = {number: words for number, _, words in found(chapter)}
    for number in range(1, chapter.count("\n") + 2):
        if number in headings:
            level, anchor = headings[number]
            around = {one: name for one, name in around.items() if one < level} | {level: anchor}
        if directives.get(number, "").startswith("exercise "):
            places[directives[number].split()[1]] = set(around.values())
    assert places.keys() == {one.id for one in step.exercises}
    for one in step.exercises:
        assert one.section in places[one.id], one.id


def headings_of(markdown: str):
    """Each heading's line, its anchor and its level."""
    from markdown.extensions.toc import slugify

    for number, line, is_code in outside_code(markdown):
        if not is_code and (match := re.fullmatch(r"(#+) (.+?)(?: \{#([\w-]+)\})?", line)):
            yield number, match[3] or slugify(match[2], "-"), len(match[1])


# the onion


def layers(html: str) -> list[tuple[int, str]]:
    """The links in the drawing, and how many boxes each stands in."""
    depth, found = 0, []
    for tag, name in re.findall(r'(<div|</div)|onion-in">.*?<code>(\w+)</code>', html):
        depth += {"<div": 1, "</div": -1, "": 0}[tag]
        if name:
            found.append((depth, name))
    assert depth == 0
    return found


def test_the_onion_is_the_chain():
    """The links that `--explain` prints, in the same order, and each as deep as there."""
    step = next(one for one in all_steps() if one.label == "05")
    command = [sys.executable, str(step.path / "server.py"), "--explain"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if not line.lstrip().startswith("at ")]
    printed = [((len(line) - len(line.lstrip())) // 2 + 1, line.split()[0]) for line in lines]
    assert layers(onion.drawing("05")) == printed
    assert len(printed) > 10


def test_the_onion_tells_what_its_links_do():
    """Their own words, and the paths of the chains inside them; the arrows are for the eye."""
    html = onion.drawing("05")
    assert "<span>Writes a line for each request.</span>" in html
    assert "<p>at <code>/api/notes/</code></p>" in html
    text = re.sub(r'<(\w+)[^>]* aria-hidden="true">.*?</\1>', "", html)
    assert not re.search("[↓↑]", text)
    assert text.count("RequestId") == 1


def test_no_chain_no_onion():
    """A step without one stops the build."""
    with pytest.raises(BadDirective, match=r"step 04 has no application\.py, and so no chain"):
        expanded("::: onion 04", HERE)


# the states


def table_of_07() -> dict:
    """The step's own table, as a program would get it that stands in its folder."""
    step = next(one for one in all_steps() if one.label == "07")
    with Stage(step).on():
        return importlib.import_module("connection").TABLE


def test_the_drawing_of_the_states_has_every_row_and_no_other():
    """Each arrow's label lists the events that lead along it; the table has a line for each row."""
    table = table_of_07()
    rows = {(state.name, event.value, after.name) for (state, event), after in table.items()}
    html = expanded("::: states 07", HERE)
    arrows = re.findall(r"^ +(\w+) --> (\w+) : (.+)$", html, re.MULTILINE)
    drawn = [
        (one, event.removeprefix("• "), to)
        for one, to, events in arrows
        for event in events.split("<br>")
    ]
    assert len(drawn) == len(rows) > 10
    assert set(drawn) == rows
    assert "    [*] --> IDLE\n" in html
    assert "    CLOSED --> [*]\n" in html
    lines = re.findall(r"^    \| `(\w+)`, .+ \| (.+) \| `(\w+)` \|$", html, re.MULTILINE)
    assert len(lines) == len(rows)
    assert set(lines) == rows


def test_a_row_that_is_added_is_drawn():
    """The drawing is made from the table that it is given."""
    table = table_of_07()
    (idle, begun), head = next(iter(table.items()))
    ended = next(event for _, event in table if event is not begun)
    more = {**table, (head, begun): idle}
    assert f"HEAD --> IDLE : {begun.value}" in states.diagram(more)
    assert "HEAD --> IDLE" not in states.diagram(table)
    one_less = {row: after for row, after in table.items() if row != (idle, ended)}
    assert states.rows(one_less).count("\n") == states.rows(table).count("\n") - 1


def test_no_table_no_states():
    """A step without one stops the build."""
    with pytest.raises(BadDirective, match=r"step 06 has no connection\.py, and so no states"):
        expanded("::: states 06", HERE)


# figures, requests, playgrounds


def every(folder: str) -> list[tuple[str, dict]]:
    """All tables of a folder of docs/, with their names."""
    return [
        (f"{path.stem}/{one['name']}", one)
        for path in sorted((DOCS / folder).glob("*.toml"))
        for one in tables.tables(folder, path.stem)
    ]


@pytest.mark.parametrize("name", [name for name, _ in every("figures")])
def test_a_figure_shows_its_message(name: str):
    """All bytes of it, in order, and each part explained."""
    one = tables.table("figures", name)
    html = figures.figure(name)
    message = re.search(r'<div class="wire-message"[^>]*>(.*?)</div>', html, re.DOTALL)[1]
    message = message.replace('<span class="cr">CR</span>', "\r")
    message = message.replace('<span class="lf">LF</span><br>', "\n")
    message = message.replace('<span class="lf">LF</span></button><br>', "\n")
    message = message.replace(figures.SPACE, " ")
    message = re.sub(r'<span class="byte">(..)</span>', lambda m: chr(int(m[1], 16)), message)
    message = unescape(re.sub(r"</?button[^>]*>", "", message))
    assert message == "".join(part["bytes"] for part in one["part"])
    for part in one["part"]:
        assert unescape(html).count(f"<dt>{part['name']}</dt>") >= 1


def test_a_request_shown_and_sent():
    """The button holds the bytes that the figure shows."""
    for name, one in every("requests"):
        html = playgrounds.attempt(name)
        data = json.loads(unescape(re.search(r'data-request="([^"]+)"', html)[1]))
        assert data["pieces"] == one["pieces"]


def test_every_request_and_figure_is_used():
    """What no page shows is not kept."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    words = set(re.findall(r"[\w./-]+", text))
    unused = [name for folder in ("figures", "requests") for name, _ in every(folder)]
    assert not [name for name in unused if name not in words]


def test_a_playground_with_a_mistake_in_it():
    """It starts with the whole wrong module; all else is told by its number."""
    html = DIRECTIVES["playground"](
        "01",
        to_root="../../",
        script="hello.py",
        mutant="01_echo_server/one_recv_is_one_message.py",
    )
    config = json.loads(re.search(r">(\{.*?\})</script>", html)[1])
    assert config["step"] == "01"
    assert config["open"] == ["hello.py"]
    (module,) = config["replace"]
    right = (all_steps()[0].path / module).read_text(encoding="utf-8")
    wrong = config["replace"][module]
    assert wrong != right
    ast.parse(wrong)
    assert 'data-base="../../"' in html


@pytest.mark.parametrize(
    "words",
    [
        "01 script=nothing.py",
        "01 open=nothing.py",
        "01 mutant=01_echo_server/nothing.py",
        "02 mutant=01_echo_server/no_limit.py",
        "01 requests=01/no-such-request",
        "99",
    ],
)
def test_a_playground_that_cannot_be(words: str):
    """The build stops, and names the page and its line."""
    with pytest.raises(BadDirective, match=r"docs/chapters/01_echo_server\.md:2: "):
        expanded(f"\n::: playground {words}", HERE)


# directives


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_every_directive_of_every_page(path: Path):
    """All that the pages ask for is there."""
    text = path.read_text(encoding="utf-8")
    assert "\n::: " not in strip_code(expanded(text, page_of(path)))


def strip_code(markdown: str) -> str:
    return "\n".join("" if is_code else line for _, line, is_code in outside_code(markdown))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("::: cod 01/hello.py", "no directive 'cod'; there are: bench, changes, code"),
        ("::: code", "missing 1 required positional argument"),
        ("::: code 01/hello.py greeting nonsense", "takes from 1 to 2 positional arguments"),
        ("::: exercise 01.9", "there is no exercise '01.9'"),
        ("::: figure 01/none", "has no 'none'"),
        ("::: try 99/none", r"there is no docs/requests/99\.toml"),
        ("::: mutant 01_echo_server/none.py", "there is no mutant"),
    ],
)
def test_a_directive_that_cannot_be(line: str, message: str):
    """One clear line with the page and the line."""
    with pytest.raises(BadDirective, match=rf"^docs/chapters/01_echo_server\.md:1: .*{message}"):
        expanded(line, HERE)


def test_directives_in_code_are_code():
    """A page may show how a directive is written."""
    text = "```\n::: code 01/hello.py\n```"
    assert expanded(text, HERE) == text


def test_a_directive_keeps_its_indent():
    """Inside a folded answer its block belongs to the answer."""
    lines = expanded("    ::: code 01/hello.py GREETING", HERE).split("\n")
    assert all(line.startswith("    ") for line in lines if line)


# links to RFCs


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("RFC 9112", "[RFC 9112](https://www.rfc-editor.org/rfc/rfc9112)"),
        (
            "(RFC 9112, section 6.3).",
            "([RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)).",
        ),
    ],
)
def test_an_rfc_becomes_a_link(text: str, link: str):
    """With its section's anchor where it has one."""
    assert links.linked(text) == link


@pytest.mark.parametrize(
    "text",
    ["`RFC 9112`", "[RFC 9112](x)", "[see RFC 9112](x)", "# RFC 9112", "```\nRFC 9112\n```"],
)
def test_an_rfc_that_stays(text: str):
    """In code, in links and in headings."""
    assert links.linked(text) == text


# assets


def theme_script(folder: Path, text: str) -> Path:
    path = folder / "bundle.abc.min.js"
    path.write_text(text)
    return path


def test_mermaid_comes_from_here(tmp_path: Path):
    """Each thing is changed; nothing of the other host is left."""
    script = theme_script(tmp_path, "; ".join(assets.PATCHES))
    assets.patch(tmp_path)
    assert script.read_text() == "; ".join(assets.PATCHES.values())
    assert "unpkg" not in script.read_text()


@pytest.mark.parametrize("count", [0, 2])
@pytest.mark.parametrize("old", assets.PATCHES)
def test_a_theme_that_changed(tmp_path: Path, old: str, count: int):
    """Where one of them is not there exactly once, the build stops."""
    others = "".join(set(assets.PATCHES) - {old})
    theme_script(tmp_path, old * count + others)
    with pytest.raises(assets.ThemeChanged, match=f"{count} times, expected once"):
        assets.patch(tmp_path)


# the build


def test_the_fingerprint_follows_every_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A changed, a new and a lost file, and the published address; not the learner's answers."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "steps" / "01_x" / "answers").mkdir(parents=True)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    seen = [build.fingerprint()]

    def again() -> str:
        seen.append(build.fingerprint())
        return seen[-1]

    page = tmp_path / "docs" / "a.md"
    page.write_text("one")
    assert again() not in seen[:-1]
    page.write_text("other")
    assert again() not in seen[:-1]
    (tmp_path / "steps" / "01_x" / "answers" / "mine.py").write_text("mine")
    assert again() == seen[-2]
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    assert again() not in seen[:-1]


def test_a_site_with_a_fault_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The last word of mkdocs, in one line."""
    config = tmp_path / "mkdocs.yml"
    config.write_text("site_name: x\nnav: [nothing.md]\ntheme: none_such\n")
    monkeypatch.setattr(build, "CONFIG", config)
    with pytest.raises(CourseError, match="the site"):
        build.build(tmp_path / "site", lambda text: None, strict=True)
