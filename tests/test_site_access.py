"""The built site in Chromium: for everybody, on every window, on paper, and from one host alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import Tab
from playwright.sync_api import Page
from site_pages import ADDRESS_LIST, CHAPTERS, label

from course.pages import front

pytest_plugins = ["browser", "built_site"]

SCHEMES = ("default", "slate")
"""What the theme calls light and dark."""

CHOOSE = "scheme => document.querySelector(`.md-option[data-md-color-scheme=${scheme}]`).click()"

MORE_TABS = 20
"""Places where the focus may rest that are no control: a block of code that scrolls."""

PAPER = {"width": 718, "height": 1020}
"""A4 without its margins, in CSS pixels."""

each_page = pytest.mark.parametrize("address", ADDRESS_LIST, ids=label)

ONE_OF_EACH_KIND = ["", CHAPTERS[0], CHAPTERS[6], "notebooks/06_concurrency/", "scorecard/"]
"""Front page, playgrounds, diagrams, a notebook, tables. Every page's addresses are looked at in
test_site_links.py: here it is the scripts, which all pages have in common."""

FOR_FINGERS = "{rules: {'target-size': {enabled: true}}}"
"""A rule that axe leaves out by itself: what is touched is large enough."""

OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"


def go(tab: Tab, site_url: str, address: str) -> Page:
    """Open a page; its scripts have run when this returns."""
    response = tab.page.goto(f"{site_url}/{address}")
    assert response and response.status == 200, f"{address}: {response}"
    return tab.page


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what keeps people out."""
    folder = front.packages(lambda text: None)
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@each_page
def test_axe_finds_nothing(tab: Tab, site_url: str, axe: str, address: str) -> None:
    """With everything unfolded, in light and in dark; a finger can hit what is to be touched."""
    tab.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page = go(tab, site_url, address)
    page.evaluate(OPEN_ALL)
    page.evaluate(axe)
    found = []
    for scheme in SCHEMES:
        page.evaluate(CHOOSE, scheme)
        page.wait_for_selector(f"body[data-md-color-scheme={scheme}]")
        violations = page.evaluate("async () => (await axe.run()).violations")
        found += [f"{scheme}: {told(violation)}" for violation in violations]
    tab.resize("telephone")
    small = page.evaluate(f"async () => (await axe.run({FOR_FINGERS})).violations")
    found += [f"on a telephone: {told(violation)}" for violation in small]
    assert not found, "\n".join(found)


def told(violation: dict[str, Any]) -> str:
    """A violation in a few lines."""
    lines = [f"{violation['id']}: {violation['help']}"]
    for node in violation["nodes"][:6]:
        lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:120]}")
        lines += [f"        {check['message']}" for check in node["any"][:1]]
    return "\n".join(lines)


CONTROLS = """() => {
  const selector = 'a[href], button, input, select, textarea, summary, iframe, [tabindex="0"]'
  const seen = (element) =>
    element.checkVisibility({visibilityProperty: true}) && !element.disabled &&
    element.tabIndex >= 0 && element.getClientRects().length > 0
  const oneOfGroup = (element) => element.type !== 'radio' || element.checked
  const controls = [...document.querySelectorAll(selector)].filter(seen).filter(oneOfGroup)
  controls.forEach((element, index) => { element.dataset.control = index })
  return controls.map((element) => element.outerHTML.slice(0, 140))
}"""

FOCUSED = """() => {
  const element = document.activeElement
  if (!element || element === document.body) return null
  const shown = element.matches('.md-option') ? element.nextElementSibling
    : element.type === 'radio' ? document.querySelector(`label[for="${element.id}"]`) : element
  const style = getComputedStyle(shown)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return {
    control: element.dataset.control ?? null,
    visible: outlined || style.boxShadow !== 'none',
    html: element.outerHTML.slice(0, 140),
  }
}"""


@dataclass
class Walk:
    """Where the Tab key leads on a page."""

    reached: set[str] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)
    ended: bool = False


def walk(page: Page, steps: int) -> Walk:
    """Press Tab until the focus leaves the page, or so many times."""
    walk = Walk()
    for _ in range(steps):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            walk.ended = True
            break
        if focused["control"] is not None:
            walk.reached.add(focused["control"])
        if not focused["visible"]:
            walk.unseen.append(focused["html"])
    return walk


@each_page
def test_the_keyboard_reaches_everything(tab: Tab, site_url: str, address: str) -> None:
    """Tab goes to every control, one sees where it is, and it leaves again."""
    page = go(tab, site_url, address)
    controls = page.evaluate(CONTROLS)
    way = walk(page, len(controls) + MORE_TABS)
    missed = [html for i, html in enumerate(controls) if str(i) not in way.reached]
    assert not missed, "never reached:\n" + "\n".join(missed)
    assert way.ended, "the focus does not leave the page"
    assert not way.unseen, "the focus cannot be seen on:\n" + "\n".join(way.unseen)


def test_the_first_tab_offers_to_skip_the_navigation(tab: Tab, site_url: str) -> None:
    page = go(tab, site_url, CHAPTERS[0])
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
  .filter((e) => {
    for (let up = e.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return false
    return true
  })
  .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)"""


@each_page
def test_a_telephone_shows_the_whole_width(tab: Tab, site_url: str, address: str) -> None:
    """At 360 pixels nothing scrolls sideways but what scrolls by itself, such as code."""
    tab.resize("telephone")
    page = go(tab, site_url, address)
    page.evaluate(OPEN_ALL)
    assert not tab.overflows(), page.evaluate(WIDE)


NOT_ON_PAPER = (
    ".md-header", ".md-sidebar", ".md-search", ".md-footer__inner", ".md-top", ".md-skip",
    ".headerlink", ".md-clipboard", ".playground button",
)  # fmt: skip
"""What is of no use on paper."""

CUT_OFF = """() => [...document.querySelectorAll('article *')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
  .filter((e) => getComputedStyle(e).overflowX !== 'visible' && e.checkVisibility())
  .map((e) => `${e.outerHTML.slice(0, 100)} … ${e.scrollWidth} > ${e.clientWidth}`)"""


@each_page
def test_paper_shows_the_text_alone(tab: Tab, site_url: str, address: str) -> None:
    """No navigation and no buttons, and no line of code is cut off."""
    tab.page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    page = go(tab, site_url, address)
    page.emulate_media(media="print")
    for selector in NOT_ON_PAPER:
        shown = [one for one in page.locator(selector).all() if one.is_visible()]
        assert not shown, f"{selector} is printed"
    assert page.locator("article h1").first.is_visible()
    assert not (cut := page.evaluate(CUT_OFF)), "cut off:\n" + "\n".join(cut)


@pytest.fixture
def asked(tab: Tab) -> Iterator[list[str]]:
    """The address of everything that the tab asks for."""
    urls: list[str] = []
    tab.page.context.on("request", lambda request: urls.append(request.url))
    yield urls


SCROLLED = """y => scrollY + innerHeight >= y
  || scrollY + innerHeight >= document.documentElement.scrollHeight - 2"""
"""Whether the window is there; a diagram that is drawn may make the page shorter."""


def used(tab: Tab, url: str, address: str) -> None:
    """Do on a page what a reader does: scroll through it, unfold it, search."""
    page = go(tab, url, address)
    page.wait_for_load_state("networkidle")
    page.evaluate(OPEN_ALL)
    height = page.evaluate("document.body.scrollHeight")
    for y in range(0, height, 700):
        page.mouse.wheel(0, 700)
        page.wait_for_function(SCROLLED, arg=y)
    page.keyboard.press("f")
    page.get_by_role("textbox", name="Search").press_sequentially("framing")
    page.locator(".md-search-result__item").first.wait_for()
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("address", ["", CHAPTERS[0]], ids=label)
def test_nothing_is_asked_of_another_host(
    tab: Tab, site_url: str, asked: list[str], address: str
) -> None:
    """And nothing that is asked for is missing; at a host's root."""
    used(tab, site_url, address)
    check_requests(tab, asked, site_url)


@pytest.mark.parametrize("address", ONE_OF_EACH_KIND, ids=label)
def test_below_a_path_the_site_is_the_same(
    tab: Tab, site_url_sub: str, asked: list[str], address: str
) -> None:
    """Nothing is asked for outside the folder in which the site is."""
    used(tab, site_url_sub, address)
    check_requests(tab, asked, site_url_sub)


def check_requests(tab: Tab, asked: list[str], base: str) -> None:
    """All requests stay below the site's address, and are answered."""
    fetched = [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert len(fetched) > 5, fetched
    icon = f"{urlsplit(base).scheme}://{urlsplit(base).netloc}/favicon.ico"
    outside = [url for url in fetched if not url.startswith(f"{base}/") and url != icon]
    assert not outside, outside
    failed = {path: status for path, status in tab.statuses().items() if status >= 400}
    assert not failed, failed
