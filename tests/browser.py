"""A real browser for the tests.

With `pytest_plugins = ["browser"]` in a test module, a test that asks for `tab` gets a fresh tab
of Chromium. It fails in the end if the browser's console has shown an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from course import tools

ARGUMENTS = (
    "--no-sandbox",  # as root, which containers run as, it does not start otherwise
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)

PATIENCE_SECONDS = 15
"""How long the browser may take for anything: a busy machine is slow."""

WINDOWS = {"laptop": (1280, 800), "telephone": (360, 740)}
"""Widths and heights."""


@dataclass
class Tab:
    """A tab, and what happened in it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def statuses(self) -> dict[str, int]:
        """The status of the newest response to each path that was asked for."""
        return {urlsplit(one.url).path: one.status for one in self.responses}

    def resize(self, device: str) -> None:
        """Give the window the size that it has on one of WINDOWS."""
        width, height = WINDOWS[device]
        self.page.set_viewport_size({"width": width, "height": height})

    def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. Its event loop must not outlive the module: other tests have their own."""
    program = tools.find_chromium()
    if program is None:
        pytest.fail(tools.NO_CHROMIUM, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    """A fresh tab, with nothing in its cache."""
    context = chromium.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    tab = Tab(context.new_page())
    tab.resize("laptop")
    tab.page.on("response", lambda response: tab.responses.append(response))
    tab.page.on("console", lambda message: note(tab, message))
    tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
    yield tab
    context.close()
    assert not tab.errors, f"the browser's console shows {tab.errors}"


def note(tab: Tab, message: ConsoleMessage) -> None:
    """Keep an error of the console, but for the icon that browsers ask for and nobody has."""
    where = message.location.get("url", "")
    if message.type == "error" and urlsplit(where).path != "/favicon.ico":
        tab.errors.append(f"{message.text} ({where})")
