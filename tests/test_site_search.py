"""The search of the built site: whoever looks for a word of the glossary finds its chapter."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from browser import Tab
from playwright.sync_api import Page, TimeoutError
from site_pages import ADDRESS_LIST, CHAPTERS
from support import ROOT

pytest_plugins = ["browser", "built_site"]

ENTRY = re.compile(
    r"^### (?P<term>.+?) \{#(?P<anchor>[\w-]+)\}$(?P<body>.*?)(?=^##|\Z)", re.M | re.S
)
CHAPTER = re.compile(r"\((chapters/\w+)\.md")

FINDING_MS = 3000
"""How long a result may take to appear."""


def entries() -> Iterator[tuple[str, str, set[str]]]:
    """The terms of the glossary, with their anchors and the chapters that their entries name."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for entry in ENTRY.finditer(text):
        chapters = {f"{name}/" for name in CHAPTER.findall(entry["body"])}
        yield entry["term"].replace("`", ""), entry["anchor"], chapters


ENTRIES = list(entries())


def test_every_term_has_a_chapter() -> None:
    assert len(ENTRIES) > 40
    assert [term for term, _, chapters in ENTRIES if not chapters <= set(CHAPTERS)] == []
    assert [term for term, _, chapters in ENTRIES if not chapters] == []


def test_the_terms_are_in_order() -> None:
    terms = [term.casefold() for term, _, _ in ENTRIES]
    assert terms == sorted(terms)


class Search:
    """The field at the top of a page, used as a reader uses it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.goto(f"{url}/")
        page.keyboard.press("f")
        self.field = page.get_by_role("textbox", name="Search")
        self.meta = page.locator(".md-search-result__meta")

    def results(self, words: str) -> list[str]:
        """Type words; the addresses of the pages that are offered, the best first."""
        self.type("")
        self.page.wait_for_function("meta => !/\\d|No/.test(meta.innerText)", arg=self.handle)
        self.type(words)
        self.page.wait_for_function("meta => /\\d|No/.test(meta.innerText)", arg=self.handle)
        with suppress(TimeoutError):  # "no results" may stand there until the index is loaded
            self.page.locator(".md-search-result__item").first.wait_for(timeout=FINDING_MS)
        links = self.page.locator(".md-search-result__item > .md-search-result__link")
        paths = [str(one.get_attribute("href")).partition("?")[0] for one in links.all()]
        pages = [path.partition("#")[0].removeprefix(f"{self.url}/") for path in paths]
        return list(dict.fromkeys(pages))  # a page comes with some of its sections

    def type(self, words: str) -> None:
        """Put words into the field, and let the last key go."""
        self.field.fill(words)
        self.field.press("End")

    @property
    def handle(self):
        """The line that says how many pages were found."""
        return self.meta.element_handle()


@pytest.fixture
def search(tab: Tab, site_url: str) -> Search:
    """The search, opened on the front page."""
    return Search(tab.page, site_url)


def test_a_term_finds_its_chapter(search: Search) -> None:
    """And the glossary, both among what is there before one scrolls for more."""
    lost = []
    for term, _, chapters in ENTRIES:
        found = search.results(term)
        if missing := {*chapters, "glossary/"} - set(found):
            lost.append(f"{term}: {sorted(missing)} not in {found}")
    assert not lost, "\n".join(lost)


def test_a_result_leads_to_its_page(search: Search, tab: Tab) -> None:
    """By keyboard alone: type, go down, press Enter."""
    first = search.results("percent-encoding")[0]
    search.page.keyboard.press("ArrowDown")
    search.page.locator(".md-search-result__link:focus").wait_for()
    search.page.keyboard.press("Enter")
    search.page.wait_for_url(re.compile(re.escape(first)))
    tab.page.locator("article h1").first.wait_for()


def test_nonsense_finds_nothing(search: Search) -> None:
    assert search.results("xyzzyplugh") == []


def test_the_index_knows_every_page_and_no_other(built_site: Path) -> None:
    index = json.loads((built_site / "search/search_index.json").read_text(encoding="utf-8"))
    known = {document["location"].partition("#")[0] for document in index["docs"]}
    assert known == set(ADDRESS_LIST)


def test_the_index_holds_words_and_no_machinery(built_site: Path) -> None:
    """Neither the data of playgrounds nor marks of Markdown that was not read as such."""
    index = (built_site / "search/search_index.json").read_text(encoding="utf-8")
    for mark in ('\\"script\\":', "data-base", ":::", "{ .", "playground-poster", "<pre>"):
        assert mark not in index, index[index.find(mark) - 200 : index.find(mark) + 50]
