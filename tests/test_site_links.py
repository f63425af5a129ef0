"""Every link and anchor of the built site leads somewhere, wherever the site is put."""

import itertools
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from site_pages import ADDRESS_LIST, BASE, HOST, BuiltPage, file_of, label, shown

pytest_plugins = ["built_site"]

HOSTS = {
    "cve.mitre.org",
    "developer.mozilla.org",
    "docs.python.org",
    "docs.pytest.org",
    "en.wikipedia.org",
    "flask.palletsprojects.com",
    "html.spec.whatwg.org",
    "nvd.nist.gov",
    "portswigger.net",
    "url.spec.whatwg.org",
    "fetch.spec.whatwg.org",
    "www.python.org",
    "peps.python.org",
    "www.rfc-editor.org",
}
"""Where the pages may link to, beside themselves: sources that will be there in ten years."""

OWN_MACHINE = {"127.0.0.1", "localhost"}
"""A server that the reader starts."""

MADE_BY_MARKDOWN = ("__", "fn:", "fnref:")
"""How ids begin that no heading has."""

each_page = pytest.mark.parametrize("address", ADDRESS_LIST, ids=label)


@pytest.fixture(scope="session")
def pages(built_site: Path) -> dict[str, BuiltPage]:
    """Every page by its address."""
    return {address: BuiltPage(built_site, address) for address in ADDRESS_LIST}


def test_every_page_is_in_the_navigation(built_site: Path) -> None:
    """No page is built that nobody finds."""
    built = {path.parent.relative_to(built_site).as_posix() for path in built_pages(built_site)}
    assert built == {address.rstrip("/") or "." for address in ADDRESS_LIST}


def built_pages(site: Path) -> list[Path]:
    """Pages; the playground has HTML of its own, which is none."""
    return [
        path for path in site.rglob("index.html") if "assets" not in path.parts[len(site.parts) :]
    ]


@each_page
def test_every_link_leads_to_a_file(pages: dict[str, BuiltPage], address: str) -> None:
    page = pages[address]
    wrong = []
    for tag, url in page.links():
        if not url.startswith(HOST):
            continue
        path = file_of(page.site, url)
        if path is None:
            wrong.append(f"{shown(tag)} leaves the site's folder")
        elif not path.is_file():
            wrong.append(f"{shown(tag)} leads to nothing")
    assert not wrong, "\n".join(wrong)


@each_page
def test_every_anchor_is_there(pages: dict[str, BuiltPage], address: str) -> None:
    by_path = {page.path: page for page in pages.values()}
    wrong = []
    for tag, url in pages[address].links():
        anchor = unquote(urlsplit(url).fragment)
        path = file_of(pages[address].site, url)
        if anchor and path in by_path and anchor not in by_path[path].ids:
            wrong.append(shown(tag))
    assert not wrong, "\n".join(wrong)


@each_page
def test_links_to_elsewhere_are_few_and_safe(pages: dict[str, BuiltPage], address: str) -> None:
    wrong = []
    for tag, url in pages[address].links():
        parts = urlsplit(url)
        if url.startswith(HOST) or parts.scheme in ("data", "mailto", "javascript", "blob"):
            fine = parts.scheme != "javascript"
        elif parts.hostname in OWN_MACHINE:
            fine = parts.scheme == "http"
        else:
            fine = parts.scheme == "https" and parts.hostname in HOSTS and tag.name == "a"
        if not fine:
            wrong.append(shown(tag))
    assert not wrong, "\n".join(wrong)


@each_page
def test_no_id_is_there_twice(pages: dict[str, BuiltPage], address: str) -> None:
    ids = pages[address].ids
    twice = sorted({one for one in ids if ids.count(one) > 1})
    assert not twice, twice


@each_page
def test_a_page_says_what_it_is(pages: dict[str, BuiltPage], address: str) -> None:
    """Title and description of its own, a language, one h1, and headings that skip no level."""
    soup = pages[address].soup
    assert soup.html and soup.html.get("lang") == "en"
    assert soup.title and len(soup.title.get_text(strip=True)) > 10
    description = soup.find("meta", attrs={"name": "description"})
    assert description and 40 < len(str(description["content"])) < 200, description
    article = soup.find("article")
    assert article, "no article"
    levels = [int(tag.name[1]) for tag in article.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1 and levels[0] == 1, levels
    skipped = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
    assert not skipped, f"headings skip a level: {skipped}"


def test_titles_and_descriptions_are_different(pages: dict[str, BuiltPage]) -> None:
    """A list of search results tells the pages apart."""
    titles = [page.soup.title.get_text(strip=True) for page in pages.values() if page.soup.title]
    assert len(set(titles)) == len(pages), sorted(titles)
    found = [page.soup.find("meta", attrs={"name": "description"}) for page in pages.values()]
    descriptions = [str(tag["content"]) for tag in found if tag]
    twice = {one for one in descriptions if descriptions.count(one) > 1}
    assert not twice, twice


def test_style_sheets_ask_for_nothing_elsewhere(built_site: Path) -> None:
    """What they name is there."""
    wrong = []
    for path in built_site.rglob("*.css"):
        url = BASE + path.relative_to(built_site).as_posix()
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"""(?:url\(|@import )\s*["']?([^"')]+)""", text):
            target = file_of(built_site, urljoin(url, name.partition("#")[0]))
            if not name.startswith(("data:", "#")) and not (target and target.is_file()):
                wrong.append(f"{path.name}: {name}")
    assert not wrong, wrong


def test_the_page_for_what_is_not_there(built_site: Path) -> None:
    """A static host shows 404.html at any depth, so its addresses begin at the root."""
    assert "404" in (built_site / "404.html").read_text(encoding="utf-8")
