"""The playground in Chromium and in Firefox: the step's code, checks and server inside a page.

The pages here hold nothing but playgrounds, and lie below a path, as on a host for many sites.
"""

import io
import json
import re
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from built_site import served
from playwright.sync_api import FrameLocator, Locator, expect
from support import ROOT

from course import tools
from course.mutation import Mutant
from course.pages import bundle, front, playgrounds
from course.pages.code import MUTANTS
from course.playground import starters
from course.steps import find_step

pytest_plugins = ["browser"]

SUB_PATH = "some/sub/path"

START_MILLISECONDS = 90_000
"""Python has to be loaded and started, on a machine that may have much else to do."""

CHECK_MILLISECONDS = 120_000

REQUEST = {
    "name": "two-pieces",
    "title": "A head in two pieces",
    "pieces": ["GET /sent HT", "TP/1.1\r\nHost: a\r\n\r\n"],
    "end": "wait",
    "expect": "200",
}
SILENT = {"name": "silent", "title": "Nothing", "pieces": [], "end": "wait", "expect": "silence"}

PAGES = {
    "01": [{"label": "01", "script": "hello.py"}],
    "echo": [{"label": "01"}],
    "02": [{"label": "02", "open": "server.py,request.py"}],
    "03": [{"label": "03", "open": "app.py,router.py"}],
    "04": [{"label": "04", "open": "app.py", "path": "/static/demo.html"}],
    "05": [{"label": "05", "open": "access_log.py"}],
    "06": [{"label": "06", "open": "event_loop.py"}],
    "07": [{"label": "07", "open": "connection.py"}],
    "two": [
        {
            "label": "01",
            "script": "hello.py",
            "mutant": "01_echo_server/silent_clients_are_waited_for.py",
        },
        {"label": "01", "script": "hello.py"},
    ],
}

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../../assets/course.css">
<style>
  html {{ font-size: 125% }}
  body {{ margin: 1rem; background: var(--md-default-bg-color); color: var(--md-default-fg-color) }}
</style>
<script src="../../assets/course.js" defer></script>
<body data-md-color-scheme="default">
<main class="md-typeset">
<h1>{name}</h1>
<h2>Playgrounds</h2>
<figure class="wire"><div class="wire-about"></div><dl class="wire-parts"></dl>{figure}</figure>
{request}
{playgrounds}
</main>
</html>
"""


def playground_html(label: str, **options: str) -> str:
    return playgrounds.playground(label, to_root="../../", **options)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host's folder; the site lies below SUB_PATH."""
    host = tmp_path_factory.mktemp("host")
    site = host / SUB_PATH
    shutil.copytree(front.front_end(lambda text: None), site / "assets")
    bundle.write_bundle(site / "assets" / "playground")
    shutil.copyfile(ROOT / "docs" / "assets" / "course.css", site / "assets" / "course.css")
    for name, places in PAGES.items():
        folder = site / "chapters" / name
        folder.mkdir(parents=True)
        html = PAGE.format(
            name=name,
            figure=playgrounds.send_button(REQUEST),
            request=playgrounds.send_button(REQUEST) + playgrounds.send_button(SILENT),
            playgrounds="\n".join(playground_html(**place) for place in places),
        )
        (folder / "index.html").write_text(html, encoding="utf-8")
    return host


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield f"{address}/{SUB_PATH}"


@dataclass
class Playground:
    """A playground in a tab, by what a person sees of it."""

    tab: object
    root: Locator

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def status(self) -> Locator:
        return self.root.locator(".pg-status")

    @property
    def log(self) -> Locator:
        return self.root.get_by_role("log")

    @property
    def frame(self) -> FrameLocator:
        return self.root.frame_locator("iframe")

    @property
    def body(self) -> Locator:
        return self.frame.locator("body")

    @property
    def address(self) -> Locator:
        return self.root.get_by_label("Address")

    @property
    def summary(self) -> Locator:
        return self.root.locator(".pg-summary")

    @property
    def editor(self) -> Locator:
        return self.root.locator(".cm-content")

    def runs(self) -> None:
        expect(self.status).to_contain_text("The server runs", timeout=START_MILLISECONDS)

    def go(self, target: str) -> None:
        self.address.fill(f"http://127.0.0.1:8080{target}")
        self.address.press("Enter")

    def shows(self, target: str, text: str) -> None:
        """The mini browser is at this address, and shows this."""
        expect(self.address).to_have_value(f"http://127.0.0.1:8080{target}")
        expect(self.body).to_contain_text(text)

    def tab_of(self, name: str) -> Locator:
        return self.root.locator(f".pg-tab[data-file='{name}']")

    def open(self, name: str) -> None:
        self.root.get_by_label("Open another file").select_option(name)

    def replace(self, old: str, new: str) -> None:
        """Change the text in the editor as somebody would who pastes a new version of it."""
        text = self.text().replace(old, new)
        assert text != self.text()
        self.write(text)

    def write(self, text: str) -> None:
        self.editor.focus()
        self.tab.page.keyboard.press("ControlOrMeta+a")
        self.tab.page.keyboard.insert_text(text)

    def text(self) -> str:
        """The whole text; the editor itself draws only the lines in view."""
        return self.root.locator(".cm-content").evaluate(
            "one => one.cmTile.view.state.doc.toString()"
        )

    def restart(self) -> None:
        self.root.locator(".pg-code .pg-restart").click()

    def choose(self, exercise: str) -> None:
        self.root.get_by_label("Exercise", exact=True).first.select_option(exercise)
        expect(self.editor).to_contain_text(f'raise NotImplementedError("exercise {exercise}")')

    def check(self, outcome: str) -> None:
        self.button("Run checks").click()
        expect(self.summary).to_contain_text(re.compile(outcome), timeout=CHECK_MILLISECONDS)


@pytest.fixture
def visit(tab, url):
    """Opens a page; `start` starts its first playground, or the one of that number."""
    requests: list[str] = []
    tab.page.on("request", lambda request: requests.append(request.url))

    def visit(name: str, number: int = 0, *, start: bool = True) -> Playground:
        tab.page.goto(f"{url}/chapters/{name}/")
        place = tab.page.locator(".playground").nth(number)
        one = Playground(tab, place.locator(".pg"))
        if start:
            place.get_by_role("button", name="Start the server").click()
            one.runs()
        return one

    visit.requests = requests
    yield visit
    host = urlsplit(url).netloc
    away = [one for one in requests if urlsplit(one).netloc not in (host, "")]
    assert not away, f"requests to other hosts: {away}"


def test_nothing_is_loaded_before_somebody_asks(visit, tab):
    visit("01", start=False)
    expect(tab.page.get_by_role("button", name="Start the server")).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    assert not [one for one in visit.requests if "playground/" in one]


def test_step_01_answers_any_path(visit, tab):
    """It is started by a request of the page, which is sent."""
    one = visit("01", start=False)
    tab.page.locator(".send-to-playground").first.click()
    one.runs()
    answer = one.root.get_by_role("region", name="What came back")
    expect(answer).to_contain_text("Hello, World!", timeout=START_MILLISECONDS)
    expect(one.log).to_contain_text("GET /sent HT")
    expect(one.log).to_contain_text("→ recv 12 bytes")
    one.root.locator(".pg-client").get_by_role("button", name="Browser").click()
    one.shows("/", "Hello, World!")
    one.go("/any/path?x=1")
    one.shows("/any/path?x=1", "Hello, World!")
    expect(one.log).to_contain_text("GET /any/path?x=1 HTTP/1.1CRLF")
    expect(one.log).to_contain_text("HTTP/1.1 200 OKCRLF")
    breaks_and_is_mended(one, "01_echo_server/content_length_counts_characters")


def test_step_02_understands_forms_and_files(visit):
    one = visit("02")
    one.frame.get_by_label("A form").fill("Zoë & <b>co</b> = 100%")
    one.frame.get_by_role("button").first.click()
    expect(one.frame.locator("pre")).to_contain_text("Zoë & <b>co</b> = 100%")
    expect(one.log).to_contain_text("Content-Type: application/x-www-form-urlencodedCRLF")
    file = {"name": "Zoë.txt", "mimeType": "text/plain", "buffer": b"--\r\n\0" * 2000}
    one.frame.get_by_label("A file").set_input_files(files=[file])
    one.frame.get_by_role("button").last.click()
    expect(one.frame.locator("pre")).to_contain_text("Zoë.txt")
    expect(one.frame.locator("pre")).to_contain_text("10000")
    begins_at_the_newest_connection(one)
    breaks_and_is_mended(one, "02_request_parser/int_reads_the_length")


def test_step_03_has_links_forms_and_redirects(visit):
    one = visit("03")
    links_forms_redirects_and_history(one)
    breaks_and_is_mended(one, "03_router/a_wrong_method_is_404")


def test_step_04_serves_a_whole_page_and_nothing_twice(visit):
    one = visit("04")
    expect(one.frame.locator("#answer")).to_contain_text("Hello from MyHTTPServer")
    assert one.frame.locator("img").evaluate("one => one.naturalWidth") > 0
    one.frame.locator("#note input").fill("Zoë & <b>co</b>")
    one.frame.locator("#note button").click()
    expect(one.frame.locator("#notes li")).to_have_text("Zoë & <b>co</b>")
    one.button("Reload").click()
    expect(one.log).to_contain_text("HTTP/1.1 304 Not ModifiedCRLF")
    expect(one.frame.locator("#notes li")).to_have_text("Zoë & <b>co</b>")
    links_forms_redirects_and_history(one)
    breaks_and_is_mended(one, "04_static_files/unknown_file_is_text")


HALF = "GET /api/data HTTP/1.1\\r\\nHost: a\\r\\n"


def half_a_head(one) -> Locator:
    """Send it by hand, and leave the connection open; where the answer will be."""
    one.button("Raw request").click()
    one.root.get_by_label("Bytes to send").fill(HALF)
    one.root.get_by_label("then", exact=True).select_option("wait")
    one.button("Send").click()
    expect(one.log).to_contain_text("Host: aCRLF")
    one.root.locator(".pg-client").get_by_role("button", name="Browser").click()
    return one.root.get_by_role("region", name="What came back")


def test_step_06_waits_for_all_at_once(visit):
    """Another client is served while one has sent half a head; then that one is, too."""
    one = visit("06")
    command = "$ python server.py --port 8080 --model selectors --workers 0 --directory shared"
    expect(one.log).to_contain_text(command)
    one.shows("/", "Welcome")
    answer = half_a_head(one)
    one.go("/about")
    one.shows("/about", "written by hand")
    expect(one.log.locator(".pg-access").last).to_contain_text('"GET /about HTTP/1.1" 200')
    one.root.locator(".pg-client").get_by_role("button", name="Raw request").click()
    one.root.get_by_label("Bytes to send").fill("\\r\\n")
    one.button("Send on this connection").click()
    expect(answer).to_contain_text("Hello from MyHTTPServer")
    one.button("Stop the server").click()
    expect(one.log).to_contain_text("Stopped.")
    expect(one.status).to_have_text("The server has stopped.")
    one.button("Start the server").click()
    one.runs()
    one.check("^[0-9]+ passed · [0-9]+ run on your machine$")
    expect(one.root.locator(".pg-terminal")).to_contain_text("✓ 06.5 Wait for all at once")
    a_loop_that_spins_leaves_the_page_alive(one)
    a_loop_that_ends_is_said_to_have_ended(one)


def test_step_07_keeps_the_connection(visit):
    """Two requests on one connection; an answer in chunks, which the browser puts together."""
    one = visit("07")
    one.shows("/", "Welcome")
    answer = half_a_head(one)
    one.go("/count/3")
    expect(one.frame.locator("body")).to_have_text("1\n2\n3\n", use_inner_text=True)
    expect(one.log).to_contain_text("0CRLF CRLF")
    one.root.locator(".pg-client").get_by_role("button", name="Raw request").click()
    more = one.root.get_by_label("Bytes to send")
    more.fill("\\r\\n")
    one.button("Send on this connection").click()
    expect(answer).to_contain_text("Hello from MyHTTPServer")
    more.fill("GET /echo/again HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    one.button("Send on this connection").click()
    expect(answer).to_contain_text("again")


def with_mistake(one, name, request):
    """Put the mistake in, and send a request after which our side ends."""
    one.open("peer.py")
    one.write(Mutant.read(MUTANTS / "06_concurrency" / name).source)
    one.restart()
    one.runs()
    one.root.locator(".pg-client").get_by_role("button", name="Raw request").click()
    one.root.get_by_label("Bytes to send").fill(request)
    one.root.get_by_label("then", exact=True).select_option("close")
    one.button("Send").click()
    one.root.locator(".pg-client").get_by_role("button", name="Browser").click()


def a_loop_that_spins_leaves_the_page_alive(one):
    with_mistake(one, "the_end_is_taken_for_nothing.py", HALF)
    expect(one.log).to_contain_text("the client has ended its side")
    one.go("/echo/while-it-spins")
    one.shows("/echo/while-it-spins", "while-it-spins")


def a_loop_that_ends_is_said_to_have_ended(one):
    with_mistake(one, "who_leaves_ends_the_loop.py", "")
    expect(one.status).to_have_text("The server has ended: the wire log says why.")
    expect(one.log).to_contain_text("EOFError")


def links_forms_redirects_and_history(one):
    one.go("/")
    one.shows("/", "Welcome")
    one.frame.get_by_role("link", name="/about").click()
    one.shows("/about", "written by hand")
    one.button("Back").click()
    one.shows("/", "Welcome")
    one.button("Forward").click()
    one.shows("/about", "written by hand")
    one.frame.get_by_role("link", name="MyHTTPServer").click()
    one.frame.get_by_role("link", name="/user/").click()
    one.shows("/user/Zo%C3%AB%20%26%20co", "Hello, Zoë & co!")
    one.go("/")
    one.frame.locator("form input").fill("Tea & <b>cake</b>")
    one.frame.locator("form button").click()
    one.shows("/echo", "Tea & <b>cake</b>")
    expect(one.log).to_contain_text("POST /echo HTTP/1.1CRLF")
    one.button("Reload").click()
    one.shows("/echo", "Tea & <b>cake</b>")
    one.go("/about/")
    one.shows("/about", "written by hand")
    expect(one.log).to_contain_text("308 Permanent Redirect")
    one.go("/nowhere")
    one.shows("/nowhere", "404")
    expect(one.log).to_contain_text("HTTP/1.1 404 Not FoundCRLF")


def begins_at_the_newest_connection(one):
    """The log is not at the end of a long answer."""
    newest = one.log.locator(".pg-connection").last
    distance = newest.evaluate(
        "one => one.getBoundingClientRect().top - one.parentElement.getBoundingClientRect().top"
    )
    assert -1 <= distance < 40 or one.log.evaluate("one => one.scrollTop") == 0


def breaks_and_is_mended(one, mistake):
    """An edit turns a check red, and its report leads to it; a reset turns it green again."""
    mutant = Mutant.read(MUTANTS / f"{mistake}.py")
    file = mutant.module
    one.open(file)
    one.write(mutant.source)
    expect(one.tab_of(file)).to_contain_text("changed")
    one.restart()
    expect(one.root.locator(".pg-code .pg-restart")).to_be_hidden()
    one.runs()
    one.check("[0-9]+ failed")
    terminal = one.root.locator(".pg-terminal")
    for words in ("answers/", "pytest steps/", "python -m course", "-v shows"):
        reports = terminal.inner_text().partition("need sockets or threads")[0]
        assert words not in reports
    one.open("errors.py" if file != "hello.py" else "stream.py")
    terminal.get_by_role("button", name=re.compile(rf"^{re.escape(file)}:\d+$")).first.click()
    expect(one.tab_of(file)).to_have_attribute("aria-selected", "true")
    one.button("Reset this file").click()
    expect(one.status).to_have_text("The step's own code is back; the server was restarted.")
    expect(one.tab_of(file)).not_to_contain_text("changed")
    one.check("^[0-9]+ passed · [0-9]+ run on your machine$")
    expect(one.root.locator(".pg-checks")).to_have_attribute("data-outcome", "green")
    one.button("Undo").click()
    expect(one.tab_of(file)).to_contain_text("changed")


def test_edits_stay_and_can_be_taken_home(visit, tab):
    one = visit("01")
    one.replace("Hello, World!", "Hello, Moon!")
    one.restart()
    one.runs()
    one.shows("/", "Hello, Moon!")
    one.open("stream.py")
    one.write(one.text() + "# mine\n")
    one = visit("01")
    expect(one.tab_of("stream.py")).to_contain_text("changed")
    one.shows("/", "Hello, Moon!")
    with tab.page.expect_download() as download:
        one.button("Download").click()
    assert download.value.suggested_filename == "answers-01.zip"
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    folder = f"steps/{find_step('01').name}/answers"
    assert sorted(archive.namelist()) == [f"{folder}/hello.py", f"{folder}/stream.py"]
    assert "Hello, Moon!" in archive.read(f"{folder}/hello.py").decode()
    expect(one.status).to_contain_text("answers/")
    one.button("Reset all").click()
    assert "Hello, World!" in one.text()


def test_an_exercise_from_blank_to_green(visit):
    one = visit("01")
    whole = one.text()
    one.choose("01.1")
    card = one.root.get_by_role("region", name="Exercise")
    for name in ("A hint", "Hint 2 of 3", "Hint 3 of 3"):
        card.get_by_role("button", name=name).click()
    assert inside(card, one.root.locator(".pg-code"))
    expect(card.get_by_role("listitem").first).to_contain_text("docstring")
    card.get_by_role("button", name="Check it").click()
    expect(one.summary).to_contain_text("not written yet", timeout=CHECK_MILLISECONDS)
    expect(one.root.locator(".pg-terminal")).to_contain_text("01.1 A response by hand")
    expect(one.root.locator(".pg-terminal .ansi-red")).to_have_count(0)
    one.write(whole)
    card.get_by_role("button", name="Check it").click()
    expect(one.summary).to_contain_text(re.compile("^[0-9]+ passed"), timeout=CHECK_MILLISECONDS)
    expect(one.root.get_by_role("option", name="✓ 01.1")).to_have_count(1)
    one.root.get_by_role("button", name="Next: 01.2").click()
    expect(card).to_contain_text("01.2")
    a_loop_without_end_is_cut_off(one)


def a_loop_without_end_is_cut_off(one):
    one.button("Reset all").click()
    one.choose("01.5")
    one.replace('raise NotImplementedError("exercise 01.5")', "while True:\n        pass")
    one.button("Check it").click()
    expect(one.summary).to_contain_text("failed", timeout=CHECK_MILLISECONDS)
    expect(one.root.locator(".pg-terminal")).to_contain_text("It was still running after 5 seconds")


def test_what_there_is_to_write_is_in_view(visit, tab):
    one = visit("02")
    for device, exercise, other in (("laptop", "02.1", "02.2"), ("telephone", "02.2", "02.1")):
        tab.resize(device)
        tab.page.evaluate("scrollTo(0, 0)")
        one.choose(exercise)
        there = f'exercise {other}")' in one.text()
        assert there, "the solution of the file's other exercise is there"
        card, line = one.root.locator(".pg-card"), one.root.locator(".cm-line", has_text=exercise)
        for place in (card, line):
            expect(place).to_be_in_viewport()
        assert not tab.overflows()


def inside(inner, outer):
    one, other = inner.bounding_box(), outer.bounding_box()
    return one["x"] + one["width"] <= other["x"] + other["width"]


@pytest.mark.parametrize(("step", "model"), [("04", "one"), ("06", "threads"), ("06", "none")])
def test_a_model_that_a_page_cannot_run(step, model):
    with pytest.raises(playgrounds.BadPlayground, match=f"step {step} has no model '{model}'"):
        playground_html(step, model=model)


@pytest.mark.parametrize(("step", "app"), [("07", "tinyapp:app"), ("08", "nothing:app")])
def test_an_application_that_a_page_cannot_run(step, app):
    with pytest.raises(playgrounds.BadPlayground, match=f"step {step} has no application '{app}'"):
        playground_html(step, app=app)


def test_only_what_nobody_has_begun_is_blanked():
    original = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"
    names = {"a": "09.1", "b": "09.2", "gone": "09.2"}
    blank = starters.blanked(original, original, names)
    assert 'raise NotImplementedError("exercise 09.1")' in blank
    assert 'raise NotImplementedError("exercise 09.2")' in blank
    begun = original.replace("return 2", "return 1 + 1")
    assert "return 1 + 1" in starters.blanked(begun, original, names)
    with pytest.raises(SyntaxError):
        starters.blanked("def a(:", original, names)


def test_a_loop_or_an_error_in_the_server_is_noticed(visit):
    one = visit("01")
    one.replace("content = text.encode()", "while True: pass\n    content = text.encode()")
    one.restart()
    one.runs()
    expect(one.status).to_contain_text("perhaps a loop has no end", timeout=START_MILLISECONDS)
    one.button("Stop the server").click()
    expect(one.status).to_contain_text("has stopped")
    one.button("Reset this file").click()
    one.button("Start the server").click()
    one.runs()
    one.shows("/", "Hello, World!")
    one.replace("content = text.encode()", "content = texd.encode()")
    one.restart()
    one.runs()
    expect(one.log).to_contain_text("content = texd.encode()")
    expect(one.log).to_contain_text("NameError")
    expect(one.body).to_contain_text("without an answer")
    one.replace("def greeting(", "def greeting((")
    one.restart()
    expect(one.status).to_contain_text("The server has ended")
    expect(one.log).to_contain_text("SyntaxError")
    one.go("/")
    expect(one.body).to_contain_text("Nothing listens")


def test_raw_bytes_on_a_connection_that_stays_open(visit):
    one = visit("echo")
    answer = one.root.get_by_role("region", name="What came back")
    one.root.get_by_label("Bytes to send").fill("caf\\xe9\\|\\0tea\\r\\n")
    one.root.get_by_label("then", exact=True).select_option("wait")
    one.button("Send").click()
    expect(answer).to_have_text("cafE900teaCRLF\n")
    expect(one.log).to_contain_text("→ recv 4 bytes")
    expect(one.log).to_contain_text("→ recv 6 bytes")
    one.root.get_by_label("Bytes to send").fill("more")
    one.button("Send on this connection").click()
    expect(answer).to_contain_text("more")
    one.button("Close our side").click()
    expect(one.root.locator(".pg-composer [role=status]")).to_contain_text("closed the connection")
    one.root.get_by_label("Send", exact=True).select_option("bytes")
    one.button("Send").click()
    expect(answer).to_have_text("more")
    box = one.root.get_by_label("Bytes to send")
    box.fill("")
    box.press("a")
    box.press("Enter")
    assert box.input_value() == "a\\r\\n\n"


def test_a_mistake_can_be_seen_mended_and_put_back(visit, tab):
    """The second client waits as long as the first is silent; the real code waits five seconds."""
    one = visit("two")
    banner = one.root.locator(".pg-mistake")
    expect(banner).to_contain_text("With a mistake")
    expect(one.root.locator(".pg-changed-line").first).to_be_visible()
    one.shows("/", "Hello, World!")
    tab.page.locator(".send-to-playground").last.click()
    expect(one.root.locator(".pg-expect")).to_have_text("Expect, without the mistake: silence")
    one.root.locator(".pg-client").get_by_role("button", name="Browser").click()
    one.go("/waits")
    expect(one.log).to_contain_text("waits to be accepted")
    one.button("Reset all").click()
    expect(one.status).to_have_text("The step's own code is back; the server was restarted.")
    expect(banner).to_contain_text("is mended")
    one.shows("/waits", "Hello, World!")
    one.button("Put the mistake back").click()
    expect(one.status).to_have_text("The mistake is back; the server was restarted.")
    expect(one.button("Put the mistake back")).not_to_be_visible()
    expect(banner).to_contain_text("With a mistake")
    one_runs_at_a_time(one, tab)


def one_runs_at_a_time(first, tab):
    """A figure, too, sends what it shows to the playground without a mistake."""
    second = Playground(tab, tab.page.locator(".playground").nth(1).locator(".pg"))
    tab.page.locator("figure.wire .send-to-playground").click()
    second.runs()
    expect(first.button("Start the server")).to_be_visible()
    answer = second.root.get_by_role("region", name="What came back")
    expect(answer).to_contain_text("Hello, World!")
    first.button("Start the server").click()
    first.runs()
    expect(second.button("Start the server")).to_be_visible()


def test_what_leads_away_stays(visit, tab):
    """Links, redirects by address bar, and pictures of other hosts: nothing is asked of these."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0)
        away = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
        html = (
            f"<a href='{away}'>away</a> <a href='/about' target='_blank'>tab</a>"
            f"<img src='{away}x.png' alt='not loaded'>"
        )
        one = visit("03")
        one.replace('"<p>MyHTTPServer is', f'"{html}<p>MyHTTPServer is')
        one.restart()
        one.runs()
        one.go("/about")
        note = one.root.locator(".pg-browser [role=status]")
        one.frame.get_by_role("link", name="away").click()
        expect(note).to_contain_text("is not on this server")
        one.go("/")
        one.shows("/", "Welcome")
        expect(note).to_be_empty()
        one.address.fill(away)
        one.address.press("Enter")
        expect(note).to_contain_text("is not on this server")
        one.go("/about")
        one.frame.get_by_role("link", name="tab").click()
        one.shows("/about", "written by hand")
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    visit.requests[:] = [one for one in visit.requests if not one.startswith(away)]
    tab.errors[:] = [one for one in tab.errors if away not in one]  # the picture did not come


WITHOUT_JSPI = "delete WebAssembly.Suspending; delete WebAssembly.promising;\n"


def test_where_python_cannot_be_suspended(visit, tab):
    """The script runs anew for each connection; its modules, and so the notes, stay."""

    def cut(route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=WITHOUT_JSPI + response.text())

    tab.page.context.route("**/playground/worker.js", cut)
    one = visit("06")
    expect(one.status).to_contain_text("run anew for each connection")
    one.go("/static/demo.html")
    one.frame.locator("#note input").fill("tea")
    one.frame.locator("#note button").click()
    expect(one.frame.locator("#notes li")).to_have_text("tea")
    one.go("/")
    one.frame.get_by_role("link", name="/about").click()
    one.shows("/about", "written by hand")
    one.check("[0-9]+ passed")
    one.button("Stop the server").click()
    expect(one.status).to_contain_text("stopped")


def test_without_webassembly_it_says_so(visit, tab):
    tab.page.add_init_script("delete globalThis.WebAssembly")
    visit("01", start=False)
    tab.page.get_by_role("button", name="Start the server").click()
    expect(tab.page.locator(".playground [role=status]")).to_contain_text("has no WebAssembly")


def test_without_a_service_worker_the_raw_request_works(visit, tab):
    tab.page.add_init_script("delete Navigator.prototype.serviceWorker")
    one = visit("01")
    expect(one.root.locator(".pg-browser [role=status]")).to_contain_text("service worker")
    one.button("Raw request").click()
    one.button("Send").click()
    answer = one.root.get_by_role("region", name="What came back")
    expect(answer).to_contain_text("Hello, World!")


@pytest.fixture(scope="session")
def axe() -> Path:
    return front.packages(lambda text: None) / "node_modules" / "axe-core" / "axe.min.js"


def violations(page, axe: Path) -> list[str]:
    page.add_script_tag(path=axe)
    found = page.evaluate("axe.run(document, {iframes: false})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize(("device", "scheme"), [("laptop", "default"), ("telephone", "slate")])
def test_everybody_can_use_it(visit, tab, axe, scheme, device):
    """No violation that axe finds, nothing wider than the window, nothing that needs a mouse."""
    tab.resize(device)
    one = visit("01", start=False)
    tab.page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
    assert violations(tab.page, axe) == []
    start_by_keyboard(tab.page)
    one.runs()
    one.root.get_by_label("Exercise", exact=True).first.select_option("01.1")
    one.button("Run checks").click()
    expect(one.summary).to_contain_text("not written", timeout=CHECK_MILLISECONDS)
    views = one.root.locator(".pg-views").get_by_role("button").all() if device != "laptop" else []
    for view in [None, *views]:
        if view:
            view.click()
        for client in ("Browser", "Raw request"):
            button = one.root.locator(".pg-client").get_by_role("button", name=client)
            if button.is_visible():
                button.click()
            assert violations(tab.page, axe) == []
            assert not tab.overflows()
    if device == "laptop":
        the_keyboard_alone_reaches_everything(one)


def start_by_keyboard(page):
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Start the server":
            break
    page.keyboard.press("Enter")


def the_keyboard_alone_reaches_everything(one):
    page = one.tab.page
    controls = one.root.locator("button:visible:enabled, input:visible, select:visible, iframe")
    wanted = controls.evaluate_all(
        "all => all.filter(one => one.tabIndex >= 0 && one.checkVisibility())"
        ".map(one => one.outerHTML.slice(0, 80))"
    )
    reached = set()
    one.root.get_by_role("button").first.focus()
    for _ in range(2 * len(wanted)):
        reached.add(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        if "cm-content" in page.evaluate("document.activeElement.className"):
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    assert set(wanted) <= reached
    one.button("Expand").focus()
    page.keyboard.press("Enter")
    expect(one.button("Back to the page")).to_be_focused()
    page.keyboard.press("Escape")
    expect(one.button("Expand")).to_be_focused()


FIREFOX = shutil.which("firefox") or shutil.which("firefox-esr")


@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox on this machine")
def test_firefox(url):
    """The same in Firefox: what the script beside this file does, and what it prints."""
    node, packages = tools.find_node(), front.packages(lambda text: None)
    assert node is not None, tools.NO_NODE
    script = Path(__file__).with_name("firefox.mjs")
    done = subprocess.run(
        [node, script, str(packages), str(FIREFOX), f"{url}/chapters", "01", "02", "03", "04"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["errors"] == []
    assert report["away"] == []
