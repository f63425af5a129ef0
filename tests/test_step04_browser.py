"""Chromium with the servers of steps 01 to 04: what their READMEs show, it shows."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from support import pytest_here

from course import tools
from course.servers import RunningServer, start
from course.steps import find_step

pytest_plugins = ["browser"]

Run = Callable[..., RunningServer]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Starts a step's server, or finds it running; in the end none may have failed."""
    running: dict[tuple[str, ...], RunningServer] = {}

    def run(*wanted: str) -> RunningServer:
        if wanted not in running:
            step, script, *options = wanted
            command = [sys.executable, find_step(step).modules[script], "--port", "0", *options]
            running[wanted] = start(command)
        return running[wanted]

    yield run
    for server in running.values():
        server.stop()
        assert "Traceback" not in server.output()


def understood(tab) -> dict:
    """What step 02's page says that it understood."""
    lines = re.findall(r"^(\w+): +(.*(?:\n .*)*)", tab.page.locator("pre").inner_text(), re.M)
    return {name: json.loads(value) for name, value in lines}


def test_step_01_says_hello(tab, run):
    hello = run("01", "hello")
    tab.page.goto(hello.url)
    assert tab.page.locator("body").inner_text() == "Hello, World!"


def test_step_02_tells_what_it_understood(tab, run):
    server = run("02", "server")
    tab.page.goto(f"{server.url}/caf%C3%A9?drink=tea&drink=coffee&milk=")
    report = understood(tab)
    assert (report["method"], report["path"]) == ("GET", "/café")
    assert report["query"] == [["drink", "tea"], ["drink", "coffee"], ["milk", ""]]
    assert "Chrome" in dict(report["fields"])["User-Agent"]


def test_step_02_understands_a_form(tab, run):
    tab.page.goto(run("02", "server").url)
    tab.page.get_by_label("A form").fill("Zoë & <b>co</b> = 100%")
    tab.page.get_by_role("button").first.click()
    expect(tab.page.locator("pre")).to_contain_text("Zoë & <b>co</b> = 100%")
    assert understood(tab)["body"] == [["word", "Zoë & <b>co</b> = 100%"]]


def test_step_02_takes_a_file(tab, run, tmp_path):
    sent = tmp_path / "Zoë's file.txt"
    sent.write_bytes(b"--\r\n\0" * 20_000)
    tab.page.goto(run("02", "server").url)
    tab.page.get_by_label("A file").set_input_files(sent)
    tab.page.get_by_role("button").last.click()
    expect(tab.page.locator("pre")).to_contain_text(sent.name)
    [file] = understood(tab)["body"]
    assert (file["filename"], file["media_type"]) == (sent.name, "text/plain")
    assert file["bytes"] == 100_000


@pytest.mark.parametrize("step", ["03", "04"])
def test_every_link_of_the_home_page_works(tab, run, step):
    server = run(step, "server")
    tab.page.goto(server.url)
    links = tab.page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 6
    for link in links:
        response = tab.page.goto(link)
        assert response is not None
        assert response.status == 200, link


def test_step_03_echoes_a_form(tab, run):
    tab.page.goto(run("03", "server").url)
    tab.page.locator("form input").fill("Tea & <b>cake</b>")
    tab.page.locator("form button").click()
    tab.page.wait_for_url("**/echo")
    assert "Tea & <b>cake</b>" in tab.page.locator("body").inner_text()


def test_step_04_shows_its_page(tab, run):
    """The picture, the style sheet and the script are there, and do what they are for."""
    tab.page.goto(f"{run('04', 'server').url}/static/demo.html")
    expect(tab.page.locator("#answer")).to_contain_text("Hello from MyHTTPServer")
    assert tab.page.locator("img").evaluate("picture => picture.naturalWidth") > 0
    assert tab.page.locator("main").evaluate("main => getComputedStyle(main).maxWidth") != "none"
    statuses = {path: code for path, code in tab.statuses().items() if path != "/favicon.ico"}
    assert set(statuses.values()) == {200}


def test_step_04_keeps_notes(tab, run):
    server = run("04", "server")
    tab.page.goto(f"{server.url}/static/demo.html")
    for text in ("Zoë & <b>co</b>", "a second note"):
        tab.page.locator("#note input").fill(text)
        tab.page.locator("#note button").click()
        expect(tab.page.locator("#notes li").last).to_have_text(text)
    tab.page.reload()
    expect(tab.page.locator("#notes li")).to_have_text(["Zoë & <b>co</b>", "a second note"])


def test_step_04_sends_nothing_twice(tab, run):
    """The second time the browser asks whether its copies are still right: 304."""
    url = f"{run('04', 'server').url}/static/demo.html"
    files = {f"/static/{name}" for name in ("style.css", "app.js", "pictures/envelope.png")}
    for expected in (200, 304):
        tab.page.goto(url)
        expect(tab.page.locator("#answer")).to_contain_text("Hello from MyHTTPServer")
        assert {tab.statuses()[path] for path in files} == {expected}
        tab.responses.clear()


def test_step_04_shows_what_was_changed(tab, run, tmp_path):
    """A file that was changed is new at the next visit, though it had not changed for years."""
    server = run("04", "server", "--directory", str(tmp_path))
    for text, seconds in (("first", 10**9), ("second", 1.5 * 10**9)):
        (tmp_path / "page.html").write_text(f"<!doctype html><p>{text}")
        os.utime(tmp_path / "page.html", (seconds, seconds))
        tab.page.goto(f"{server.url}/static/page.html")
        assert tab.page.locator("p").inner_text() == text


def test_step_04_lists_a_folder(tab, run, tmp_path):
    """A click on a strange name leads to its file, and a click on ../ up."""
    names = ["Zoë & co #1.txt", "it's 100%41 +.txt", "&lt;b&gt;.txt"]
    (tmp_path / "folder").mkdir()
    for name in names:
        (tmp_path / "folder" / name).write_text(f"this is {name!a}")
    tab.page.goto(f"{run('04', 'server', '--directory', str(tmp_path)).url}/static/")
    tab.page.get_by_role("link", name="folder/").click()
    for name in names:
        tab.page.get_by_role("link", name=name, exact=True).click()
        assert tab.page.locator("body").inner_text() == f"this is {name!a}"
        tab.page.go_back()
    tab.page.get_by_role("link", name="../").click()
    assert urlsplit(tab.page.url).path == "/static/"


@pytest.mark.parametrize("device", ["laptop", "telephone"])
def test_pages_fit_into_the_window(tab, run, tmp_path, device):
    tab.resize(device)
    (tmp_path / ("long-name" * 20)).touch()
    own, other = run("04", "server"), run("04", "server", "--directory", str(tmp_path))
    pages = ("/", "/about", "/static/", "/static/demo.html", "/static/pictures/")
    for url in (*(own.url + path for path in pages), f"{other.url}/static/"):
        tab.page.goto(url)
        assert not tab.overflows(), url


@pytest.mark.skipif(
    any(map(os.path.exists, tools.PLACES)), reason="here a browser is found whatever the PATH says"
)
def test_without_a_browser_it_fails_and_says_why(tmp_path):
    """It is not skipped: nobody looks at what is skipped."""
    nowhere = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    result = pytest_here(f"{__file__}::test_step_01_says_hello", env=nowhere)
    assert result.code == 1
    assert tools.NO_CHROMIUM in " ".join(result.out.split())
