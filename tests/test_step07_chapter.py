"""What chapter 07 says in figures is what the step's code has."""

import importlib
import re

import pytest
from support import ROOT

from course.stage import Stage
from course.steps import find_step

CHAPTER = (ROOT / "docs" / "chapters" / "07_keep_alive.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def step() -> dict:
    """The step's modules that have limits in them."""
    names = ("limits", "listening", "patience", "serving", "chunked", "connection")
    with Stage(find_step("07")).on():
        return {name: importlib.import_module(name) for name in names}


def section(anchor: str) -> str:
    """A section's text."""
    found = re.search(rf"^## .*{{#{anchor}}}\n(.*?)(?=^## )", CHAPTER, re.MULTILINE | re.DOTALL)
    assert found, anchor
    return found[1]


def cells(text: str) -> list[list[str]]:
    """The rows of the table in a section, without its head."""
    rows = re.findall(r"^\| (.+) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows if "---" not in row][1:]


def test_each_state_has_its_time(step):
    """State, constant, option and seconds are those of the code; nobody waits in CLOSED."""
    parser = step["listening"].options("")
    step["serving"].add_options(parser)
    limits = step["limits"].limits_from(parser.parse_args([]))
    rows = cells(section("time-limits"))
    assert [row[0] for row in rows] == [one.name for one in step["connection"].State][:-1]
    for state, _, constant, option, seconds, _ in rows:
        places = ("limits", "listening", "patience")
        [value] = {vars(step[one]).get(constant.strip("`")) for one in places} - {None}
        assert value == float(seconds) == limits.patience(state).left, state
        assert not option or option.strip("`") in parser.format_help(), state


def test_limits_on_the_reference_page(step):
    """What http.md says of this step's limits."""
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    for place, constant in (
        ("limits", "IDLE_SECONDS"),
        ("limits", "MAX_REQUESTS"),
        ("limits", "DRAIN_SECONDS"),
        ("serving", "MAX_PER_ADDRESS"),
        ("chunked", "MAX_SIZE_LINE_BYTES"),
        ("chunked", "MAX_EXTENSION_BYTES"),
    ):
        [row] = [line for line in page.splitlines() if f"| `{constant}` |" in line]
        assert int(re.search(r"\d+", row)[0]) == getattr(step[place], constant), constant


def test_who_ends_it():
    """The table of versions and options is what `persists` says."""
    with Stage(find_step("07")).on():
        persists = importlib.import_module("persistence").persists
        fields = importlib.import_module("fields").Fields
    rows = cells(section("persistence"))
    assert len(rows) == 4
    others = {"`close`": ["close"], "`keep-alive`": ["keep-alive"]}
    for versions, option, answer in rows:
        for version in ("HTTP/1.0", "HTTP/1.1"):
            if versions not in ("any", version):
                continue
            said = others.get(option, ["x-hop", ""] + ["keep-alive"] * (version == "HTTP/1.1"))
            for one in said:
                given = fields({"Connection": one} if one else {})
                assert persists(version, given) == (answer == "yes"), (version, one)


def test_what_is_refused_in_the_table_of_smuggling():
    """Each row's example gets the status that its row names."""
    with Stage(find_step("07")).on():
        parser = importlib.import_module("request").RequestParser
        error = importlib.import_module("errors").HTTPError
    chunked = "Transfer-Encoding: chunked\r\n"
    wrong = {
        "Content-Length and Transfer-Encoding": [f"Content-Length: 5\r\n{chunked}\r\n"],
        "two Content-Lengths": [
            "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
            "Content-Length: +5\r\n\r\n",
            "Content-Length: 5, 5\r\n\r\n",
        ],
        "Transfer-Encoding in which": ["Transfer-Encoding: chunked, gzip\r\n\r\n"],
        "Transfer-Encoding in HTTP/1.0": [f"1.0{chunked}\r\n"],
        "a size such as": [f"{chunked}\r\n{size}\r\n" for size in ("0x5", "+5", "5_0", " 5")],
        "more data than": [f"{chunked}\r\n4\r\nhello\r\n"],
        "LF alone": ["A: b\n\r\n"],
        "white space before": ["Content-Length : 5\r\n\r\n"],
    }
    rows = [row for row in cells(section("smuggling")) if row[2].isdigit()]
    assert len(rows) == len(wrong)
    for row, (what, examples) in zip(rows, wrong.items(), strict=True):
        assert row[0].startswith(what)
        for text in examples:
            version = "HTTP/1.0" if text.startswith("1.0") else "HTTP/1.1"
            head = f"POST / {version}\r\nHost: a\r\n{text.removeprefix('1.0')}"
            with pytest.raises(error) as failure:
                parser().feed(head.encode())
            assert failure.value.status == int(row[2]), head
