"""What makes the pages quick to see, as far as it can be told without a stop-watch.

`python -m tests.lighthouse` measures; this keeps what it depends on from getting lost.
"""

import gzip
import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import Tab
from site_pages import ADDRESS_LIST, CHAPTERS, BuiltPage, file_of, label, shown

from course.pages import build

pytest_plugins = ["browser", "built_site"]

KB = 1000

PAGE_BYTES = 60 * KB
"""What a page's own HTML may weigh, compressed: a telephone in a train gets so much in 0.3 s."""

REST_BYTES = 180 * KB
"""What its style sheets, scripts and the font of its text may weigh together, compressed."""

FIRST_BYTES = 400 * KB
"""What a first visit may fetch in all, compressed; the index of the search is the largest part."""

FETCHED_LATER = ("/assets/playground/", "mermaid.min.js")
"""What no page fetches before somebody asks for it, or comes near it."""

EMPTY_WORDS = {
    "click here", "click this", "go", "here", "information", "learn more", "more", "more info",
    "more information", "right here", "read more", "see more", "start", "this",
}  # fmt: skip
"""A link with such words does not say where it leads: Lighthouse's list."""

each_page = pytest.mark.parametrize("address", ADDRESS_LIST, ids=label)


@pytest.fixture
def page(built_site: Path, address: str) -> BuiltPage:
    """The page at an address."""
    return BuiltPage(built_site, address)


def compressed(path: Path) -> int:
    """What a file weighs on its way."""
    return weight(path.read_bytes())


def weight(data: bytes) -> int:
    """How many bytes are sent; a font is compressed already, and does not become larger."""
    return min(len(data), len(gzip.compress(data)))


@each_page
def test_a_page_is_light(page: BuiltPage) -> None:
    size = compressed(page.path)
    assert size <= PAGE_BYTES, f"{size} bytes"


@each_page
def test_what_a_page_needs_at_once_is_light(page: BuiltPage) -> None:
    wanted = page.soup.select("link[rel=stylesheet], link[rel=preload], script[src]")
    urls = {url for tag, url in page.links() if tag in wanted}
    sizes = {path.name: compressed(path) for url in urls if (path := file_of(page.site, url))}
    assert sum(sizes.values()) <= REST_BYTES, sizes


@each_page
def test_no_script_keeps_the_page_waiting(page: BuiltPage) -> None:
    blocking = [
        shown(script)
        for script in page.soup.find_all("script", src=True)
        if not (script.has_attr("defer") or script.has_attr("async"))
        and script.get("type") != "module"
    ]
    assert not blocking, blocking


@each_page
def test_pictures_say_what_they_show_and_how_large_they_are(page: BuiltPage) -> None:
    """So that the text does not jump when they come."""
    for picture in page.soup.select("article img"):
        assert str(picture.get("alt", "")).strip(), shown(picture)
        assert picture.get("width") and picture.get("height"), shown(picture)


@each_page
def test_links_say_where_they_lead(page: BuiltPage) -> None:
    links = page.soup.find_all("a", href=True)
    empty = [shown(one) for one in links if one.get_text(" ", strip=True).lower() in EMPTY_WORDS]
    assert not empty, empty


@each_page
def test_a_telephone_is_told_how_wide_it_is(page: BuiltPage) -> None:
    viewport = page.soup.find("meta", attrs={"name": "viewport"})
    assert viewport and "width=device-width" in str(viewport["content"])
    assert "user-scalable=no" not in str(viewport["content"])
    assert page.soup.find("meta", charset=re.compile("utf-8", re.I))


@pytest.fixture(scope="session")
def compressed_site(built_site: Path) -> None:
    """The site with all that `start` adds to it."""
    build.compress(built_site)


@pytest.mark.usefixtures("compressed_site")
@pytest.mark.parametrize("path", ["", "search/search_index.json", "assets/course.css"])
def test_the_server_compresses(site_url: str, path: str) -> None:
    """Text weighs a fifth then; who does not ask for it gets it as it is."""
    plain = fetched(f"{site_url}/{path}", {})
    small = fetched(f"{site_url}/{path}", {"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "accept-encoding" in small.headers["Vary"].lower()
    assert plain.headers["Content-Encoding"] is None
    assert plain.headers["ETag"] != small.headers["ETag"]
    data = small.read()
    assert gzip.decompress(data) == plain.read()


def fetched(url: str, fields: dict[str, str]):
    """The response to a GET."""
    return urllib.request.urlopen(urllib.request.Request(url, headers=fields), timeout=10)


@pytest.mark.parametrize("address", ["", *CHAPTERS], ids=label)
def test_a_first_visit_fetches_little(tab: Tab, site_url: str, address: str) -> None:
    tab.page.goto(f"{site_url}/{address}")
    tab.page.wait_for_load_state("networkidle")
    came = (one for one in tab.responses if one.status == 200)
    sizes = {urlsplit(one.url).path: weight(one.body()) for one in came}
    early = [path for path in sizes if any(one in path for one in FETCHED_LATER)]
    assert not early, early
    assert sum(sizes.values()) <= FIRST_BYTES, sizes
