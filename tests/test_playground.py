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
SILENT = {"name": "silent", "title": "Nothing", "pieces": [], "end": "wait", "expect": ""}

PAGES = {
    "01": [{"label": "01", "script": "hello.py"}],
    "echo": [{"label": "01"}],
    "02": [{"label": "02", "open": "server.py,request.py"}],
    "03": [{"label": "03", "open": "app.py,router.py"}],
    "04": [{"label": "04", "open": "app.py", "path": "/static/demo.html"}],
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


def test_step_01_answers_any_path(visit):
    one = visit("01")
    one.shows("/", "Hello, World!")
    one.go("/any/path?x=1")
    one.shows("/any/path?x=1", "Hello, World!")
    expect(one.log).to_contain_text("GET /any/path?x=1 HTTP/1.1CRLF")
    expect(one.log).to_contain_text("HTTP/1.1 200 OKCRLF")


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


@pytest.mark.parametrize("step", ["03", "04"])
def test_links_forms_redirects_and_history(visit, step):
    one = visit(step)
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


@pytest.mark.parametrize(
    "mistake",
    [
        "01_echo_server/content_length_counts_characters",
        "02_request_parser/int_reads_the_length",
        "03_router/a_wrong_method_is_404",
        "04_static_files/unknown_file_is_text",
    ],
)
def test_an_edit_that_breaks_the_code_turns_a_check_red(visit, mistake):
    mutant = Mutant.read(MUTANTS / f"{mistake}.py")
    one, file = visit(mutant.step.label), mutant.module
    one.open(file)
    one.write(mutant.source)
    expect(one.root.get_by_role("tab", name=file)).to_contain_text("changed")
    one.check("[0-9]+ failed")
    expect(one.root.locator(".pg-terminal")).to_contain_text(f"answers/{file}")
    one.button("Reset this file").click()
    expect(one.root.get_by_role("tab", name=file)).not_to_contain_text("changed")
    one.check("^[0-9]+ passed · [0-9]+ run on your machine$")
    expect(one.root.locator(".pg-checks")).to_have_attribute("data-outcome", "green")
    one.button("Undo").click()
    expect(one.root.get_by_role("tab", name=file)).to_contain_text("changed")


def test_edits_stay_and_can_be_taken_home(visit, tab):
    one = visit("01")
    one.replace("Hello, World!", "Hello, Moon!")
    one.button("Restart with your changes").click()
    one.runs()
    one.shows("/", "Hello, Moon!")
    one = visit("01")
    one.shows("/", "Hello, Moon!")
    with tab.page.expect_download() as download:
        one.button("Download").click()
    assert download.value.suggested_filename == "answers-01.zip"
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    [name] = archive.namelist()
    assert name == f"steps/{find_step('01').name}/answers/hello.py"
    assert "Hello, Moon!" in archive.read(name).decode()
    expect(one.status).to_contain_text("answers/")
    one.button("Reset all").click()
    assert "Hello, World!" in one.text()


def test_an_exercise_from_blank_to_green(visit):
    one = visit("01")
    whole = one.text()
    one.root.get_by_label("Exercise", exact=True).first.select_option("01.1")
    assert 'raise NotImplementedError("exercise 01.1")' in one.text()
    card = one.root.get_by_role("region", name="Exercise")
    card.get_by_role("button", name="A hint").click()
    expect(card.get_by_role("listitem")).to_contain_text("docstring")
    card.get_by_role("button", name="Check it").click()
    expect(one.summary).to_contain_text("not written yet", timeout=CHECK_MILLISECONDS)
    expect(one.root.locator(".pg-terminal")).to_contain_text("01.1 A response by hand")
    one.write(whole)
    card.get_by_role("button", name="Check it").click()
    expect(one.summary).to_contain_text(re.compile("^[0-9]+ passed"), timeout=CHECK_MILLISECONDS)


def test_a_loop_without_end_in_a_check_is_cut_off(visit):
    one = visit("01")
    one.root.get_by_label("Exercise", exact=True).first.select_option("01.5")
    one.replace('raise NotImplementedError("exercise 01.5")', "while True:\n        pass")
    one.button("Check it").click()
    expect(one.summary).to_contain_text("failed", timeout=CHECK_MILLISECONDS)
    expect(one.root.locator(".pg-terminal")).to_contain_text("It was still running after 5 seconds")


def test_a_loop_without_end_in_the_server_is_noticed_and_stopped(visit):
    one = visit("01")
    one.replace("content = text.encode()", "while True: pass\n    content = text.encode()")
    one.button("Restart with your changes").click()
    one.runs()
    expect(one.status).to_contain_text("perhaps a loop has no end", timeout=START_MILLISECONDS)
    one.button("Stop the server").click()
    expect(one.status).to_contain_text("has stopped")
    one.button("Reset this file").click()
    one.button("Start the server").click()
    one.runs()
    one.shows("/", "Hello, World!")


def test_a_traceback_shows_the_learners_line(visit):
    one = visit("01")
    one.replace("content = text.encode()", "content = texd.encode()")
    one.button("Restart with your changes").click()
    one.runs()
    expect(one.log).to_contain_text("content = texd.encode()")
    expect(one.log).to_contain_text("NameError")
    expect(one.body).to_contain_text("without an answer")
    one.replace("def greeting(", "def greeting((")
    one.button("Restart with your changes").click()
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


def test_enter_writes_the_end_of_a_line(visit, tab):
    one = visit("01", start=True)
    one.button("Raw request").click()
    box = one.root.get_by_label("Bytes to send")
    box.fill("")
    box.press("a")
    box.press("Enter")
    assert box.input_value() == "a\\r\\n\n"


def test_a_request_of_the_page_starts_the_playground(visit, tab):
    one = visit("01", start=False)
    tab.page.locator(".send-to-playground").first.click()
    one.runs()
    answer = one.root.get_by_role("region", name="What came back")
    expect(answer).to_contain_text("Hello, World!", timeout=START_MILLISECONDS)
    expect(one.log).to_contain_text("GET /sent HT")
    expect(one.log).to_contain_text("→ recv 12 bytes")


def test_a_mistake_can_be_seen_mended_and_put_back(visit, tab):
    """The second client waits as long as the first is silent; the real code waits five seconds."""
    one = visit("two")
    expect(one.root.locator(".pg-mistake")).to_be_visible()
    one.shows("/", "Hello, World!")
    tab.page.locator(".send-to-playground").last.click()
    one.root.locator(".pg-client").get_by_role("button", name="Browser").click()
    one.go("/waits")
    expect(one.log).to_contain_text("waits to be accepted")
    one.button("Reset all").click()
    expect(one.button("Put the mistake back")).to_be_visible()
    one.button("Restart with your changes").click()
    one.runs()
    one.shows("/", "Hello, World!")
    one.button("Put the mistake back").click()
    expect(one.button("Put the mistake back")).not_to_be_visible()


def test_one_playground_of_a_page_runs_at_a_time(visit, tab):
    first = visit("two")
    place = tab.page.locator(".playground").nth(1)
    place.get_by_role("button", name="Start the server").click()
    second = Playground(tab, place.locator(".pg"))
    second.runs()
    expect(first.button("Start the server")).to_be_visible()
    second.shows("/", "Hello, World!")
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
        one.button("Restart with your changes").click()
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
    one = visit("04")
    expect(one.status).to_contain_text("run anew for each connection")
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


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("device", ["laptop", "telephone"])
def test_everybody_can_use_it(visit, tab, axe, scheme, device):
    """No violation that axe finds, nothing wider than the window, whatever is shown."""
    tab.resize(device)
    one = visit("01", start=False)
    tab.page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
    assert violations(tab.page, axe) == []
    tab.page.get_by_role("button", name="Start the server").click()
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


def test_the_keyboard_alone_reaches_everything(visit, tab):
    one = visit("01", start=False)
    page = tab.page
    page.keyboard.press("Tab")
    while "send-to-playground" in page.evaluate("document.activeElement.className"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    one.runs()
    controls = one.root.locator("button:visible:enabled, input:visible, select:visible, iframe")
    wanted = controls.evaluate_all(
        "all => all.filter(one => one.tabIndex >= 0).map(one => one.outerHTML.slice(0, 80))"
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
@pytest.mark.parametrize("step", ["01", "02", "03", "04"])
def test_firefox(url, step):
    """The same in Firefox: what the script beside this file does, and what it prints."""
    node, packages = tools.find_node(), front.packages(lambda text: None)
    assert node is not None, tools.NO_NODE
    script = Path(__file__).with_name("firefox.mjs")
    done = subprocess.run(
        [node, script, str(packages), str(FIREFOX), f"{url}/chapters/{step}/", step],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["errors"] == []
    assert report["away"] == []
