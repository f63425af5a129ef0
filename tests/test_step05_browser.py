"""Chromium and step 05: what other sites' scripts and forms can do to a server, and what not.

The pages of the other sites come from step 04, which leaves them free to try whatever they like.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from course.servers import RunningServer, start
from course.steps import find_step

pytest_plugins = ["browser"]

SECONDS = 15
"""How long the log may take to come: a busy machine is slow."""

FETCH = """
async ([url, options]) => {
  try {
    const response = await fetch(url, options);
    return {
      status: response.status,
      text: await response.text(),
      fields: Object.fromEntries(response.headers),
    };
  } catch (error) {
    return { refused: String(error) };
  }
}
"""
"""What a script can see of an answer, or that it can see none."""

SUBMIT = """
([url, name, value]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.enctype = "text/plain";
  const input = document.createElement("input");
  input.name = name;
  input.value = value;
  form.append(input);
  document.body.append(form);
  form.submit();
}
"""
"""A form that sends itself, as a page does that wants something done in its visitor's name."""


@dataclass
class World:
    """Our server, a site that it allows, and a site that it does not."""

    ours: RunningServer
    shop: RunningServer
    evil: RunningServer

    @property
    def notes(self) -> str:
        """The address of our notes."""
        return f"{self.ours.url}/api/notes"

    def asked(self, method: str, path: str, since: int) -> int:
        """How many requests our log has for a method and a path, from a position on."""
        assert self.ours.own
        line = f'"{method} {path} HTTP/1.1"'
        return self.ours.own.output.since(since).count(line)

    def settled(self, since: int) -> None:
        """Wait until the log has what was asked so far: it does when it has one request more."""
        assert self.ours.own
        with self.ours.connect() as connection:
            connection.sendall(b"GET /user-agent?settled HTTP/1.1\r\nHost: a\r\n\r\n")
            while connection.recv(65536):
                pass
        assert self.ours.own.output.wait_for(lambda text: "?settled" in text, SECONDS, since)


def serving(step: str, *options: str) -> RunningServer:
    """A step's server."""
    return start([sys.executable, find_step(step).modules["server"], "--port", "0", *options])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    shop, evil = serving("04"), serving("04")
    ours = serving("05", "--origin", shop.url)
    yield World(ours, shop, evil)
    for one in (ours, shop, evil):
        one.stop()
        printed = one.output()
        assert printed.count("Traceback") == printed.count("GET /crash failed")


def fetch(page: Page, url: str, **options: object) -> dict:
    """What a script of the page that is shown gets from an address."""
    seen = page.evaluate(FETCH, [url, options])
    assert isinstance(seen, dict)
    return seen


def json_of(method: str, body: str) -> dict[str, object]:
    """The options of a fetch that sends JSON."""
    return {"method": method, "headers": {"Content-Type": "application/json"}, "body": body}


def blocked(tab) -> None:
    """The console says that the browser has kept an answer back, and nothing else."""
    wrong = [one for one in tab.errors if "CORS policy" not in one and "Failed to load" not in one]
    assert not wrong
    assert any("CORS policy" in one for one in tab.errors)
    tab.errors.clear()


def test_allowed_script_reads(tab, world):
    tab.page.goto(f"{world.shop.url}/about")
    seen = fetch(tab.page, f"{world.ours.url}/api/data")
    assert seen["status"] == 200
    assert "Hello from MyHTTPServer" in seen["text"]
    assert re.fullmatch("[0-9a-f]{32}", seen["fields"]["x-request-id"])
    assert "server-timing" not in seen["fields"], "this field is not among those exposed"


def test_allowed_script_reads_files(tab, world):
    tab.page.goto(f"{world.shop.url}/about")
    seen = fetch(tab.page, f"{world.ours.url}/static/style.css")
    assert seen["status"] == 200
    assert seen["fields"]["etag"]


def test_allowed_script_sends_json(tab, world):
    """POST, PUT and DELETE of JSON: for each the browser asks first, and then goes on."""
    since = world.ours.printed
    tab.page.goto(f"{world.shop.url}/about")
    made = fetch(tab.page, world.notes, **json_of("POST", '{"text": "first"}'))
    assert made["status"] == 201
    place = made["fields"]["location"]
    changed = fetch(tab.page, world.ours.url + place, **json_of("PUT", '{"text": "second"}'))
    assert changed["status"] == 200
    assert "second" in fetch(tab.page, world.ours.url + place)["text"]
    assert fetch(tab.page, world.ours.url + place, method="DELETE")["status"] == 204
    world.settled(since)
    assert world.asked("OPTIONS", "/api/notes", since) == 1
    assert world.asked("OPTIONS", place, since) >= 1


def test_allowed_script_sends_a_token(tab, world):
    tab.page.goto(f"{world.shop.url}/about")
    token = {"Authorization": "Bearer the-token-of-the-demo", "X-Request-ID": "from-the-script"}
    seen = fetch(tab.page, f"{world.ours.url}/api/me", headers=token)
    assert seen["status"] == 200
    assert '"user": "ada"' in seen["text"]
    assert seen["fields"]["x-request-id"] == "from-the-script"


def test_allowed_script_reads_errors(tab, world):
    """An error is an error, and not a riddle: status, text and id can be read."""
    tab.page.goto(f"{world.shop.url}/about")
    for path, status in (("/lost", 404), ("/api/me", 401), ("/crash", 500)):
        headers = {"Accept": "application/json"}
        seen = fetch(tab.page, world.ours.url + path, headers=headers)
        assert seen["status"] == status
        assert f'"status": {status}' in seen["text"]
        assert seen["fields"]["x-request-id"]
    refused = fetch(tab.page, f"{world.ours.url}/about", **json_of("POST", "{}"))
    assert refused["status"] == 405
    assert all("Failed to load resource" in one for one in tab.errors), tab.errors
    tab.errors.clear()


def test_browser_remembers_the_answer(tab, world):
    """Access-Control-Max-Age: of two requests of a kind the second goes without a question."""
    tab.page.goto(f"{world.shop.url}/about")
    since = world.ours.printed
    for _ in range(2):
        seen = fetch(tab.page, f"{world.ours.url}/echo", **json_of("POST", "{}"))
        assert seen["status"] == 200
    world.settled(since)
    assert world.asked("POST", "/echo", since) == 2
    assert world.asked("OPTIONS", "/echo", since) == 1


def test_other_script_reads_nothing(tab, world):
    tab.page.goto(f"{world.evil.url}/about")
    for path in ("/api/data", "/static/style.css", "/lost", "/api/notes"):
        assert "refused" in fetch(tab.page, world.ours.url + path)
    blocked(tab)


def test_other_script_changes_nothing(tab, world):
    """What needs a question gets a no; what needs none arrives, and is refused here."""
    since = world.ours.printed
    tab.page.goto(f"{world.evil.url}/about")
    assert "refused" in fetch(tab.page, world.notes, **json_of("POST", '{"text": "evil"}'))
    blocked(tab)
    simple = {"method": "POST", "body": '{"text": "evil"}', "mode": "no-cors"}
    seen = fetch(tab.page, world.notes, **simple)
    assert (seen["status"], seen["text"]) == (0, ""), "an opaque answer: the script sees nothing"
    world.settled(since)
    assert world.asked("OPTIONS", "/api/notes", since) == 1
    assert world.asked("POST", "/api/notes", since) == 1
    assert '"POST /api/notes HTTP/1.1" 403' in world.ours.output(since)
    tab.errors.clear()
    tab.page.goto(world.notes)
    assert "evil" not in tab.page.locator("body").inner_text()


def test_foreign_form_is_refused(tab, world):
    tab.page.goto(f"{world.evil.url}/about")
    with tab.page.expect_navigation():
        tab.page.evaluate(SUBMIT, [world.notes, '{"text": "', '"}'])
    assert tab.statuses()["/api/notes"] == 403
    assert "A page of another site may not change anything here." in tab.page.content()
    tab.errors.clear()  # the browser's console tells of the 403, too


def test_form_in_a_sandbox_is_refused(tab, world):
    """A page without an origin, in a frame, has the origin "null": it is nobody's page."""
    since = world.ours.printed
    tab.page.goto(f"{world.evil.url}/about")
    form = f'<form method="post" action="{world.ours.url}/echo"><button>x</button></form>'
    script = "<script>document.forms[0].submit()</script>"
    tab.page.evaluate(
        """html => {
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-forms allow-scripts";
          frame.srcdoc = html;
          document.body.append(frame);
        }""",
        form + script,
    )
    # The server's log is the witness: the browser tells nothing of a frame that it takes away.
    refused = '"POST /echo HTTP/1.1" 403'
    assert world.ours.own
    assert world.ours.own.output.wait_for(lambda text: refused in text, SECONDS, since)
    tab.page.goto("about:blank")
    tab.errors.clear()


def test_our_own_form_works(tab, world):
    tab.page.goto(world.ours.url)
    tab.page.locator("form input").fill("Tea & cake")
    tab.page.locator("form button").click()
    tab.page.wait_for_url("**/echo")
    assert "Tea & cake" in tab.page.locator("body").inner_text()


def test_demo_page_works(tab, world):
    """Style, script, picture and notes: all of it works under the security fields."""
    response = tab.page.goto(f"{world.ours.url}/static/demo.html")
    assert response is not None
    assert "default-src 'self'" in (response.header_value("Content-Security-Policy") or "")
    expect(tab.page.locator("#answer")).to_contain_text("Hello from MyHTTPServer")
    assert tab.page.locator("img").evaluate("picture => picture.naturalWidth") > 0
    assert tab.page.locator("main").evaluate("main => getComputedStyle(main).maxWidth") != "none"
    tab.page.locator("#note input").fill("Zoë & <b>co</b>")
    tab.page.locator("#note button").click()
    expect(tab.page.locator("#notes li").last).to_have_text("Zoë & <b>co</b>")
    assert not tab.errors


def test_every_link_of_the_home_page_works(tab, world):
    tab.page.goto(world.ours.url)
    links = tab.page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 8
    for link in links:
        response = tab.page.request.get(link, headers={"Authorization": "Basic YWRhOmxvdmVsYWNl"})
        assert response.status == 200, link


def test_browser_asks_for_the_password(chromium: Browser, world):
    """The challenge is one that a browser understands: it sends name and password."""
    for password, status in (("lovelace", 200), ("wrong", 401)):
        credentials = {"username": "ada", "password": password}
        context = chromium.new_context(http_credentials=credentials)
        response = context.new_page().goto(f"{world.ours.url}/private")
        assert response is not None
        assert response.status == status
        assert ("Hello, ada!" in response.text()) == (status == 200)
        context.close()


def test_nobody_shows_our_pages_inside_theirs(tab, world):
    """frame-ancestors: a page of another site cannot lay ours under its own buttons."""
    tab.page.goto(f"{world.evil.url}/about")
    tab.page.evaluate(
        """url => {
          const frame = document.createElement("iframe");
          frame.src = url;
          document.body.append(frame);
          return new Promise((resolve) => frame.addEventListener("load", resolve));
        }""",
        f"{world.ours.url}/about",
    )
    frame = tab.page.frames[-1]
    assert "MyHTTPServer" not in frame.content()
    assert any("frame-ancestors" in one for one in tab.errors)
    tab.page.goto("about:blank")
    tab.errors.clear()


def test_script_in_a_page_does_not_run(tab, tmp_path):
    """Content-Security-Policy: a script that somebody has smuggled into a page is not run."""
    (tmp_path / "page.html").write_text(
        "<!doctype html><title>before</title><script>document.title = 'after'</script>"
    )
    server = serving("05", "--directory", str(tmp_path))
    try:
        tab.page.goto(f"{server.url}/static/page.html")
        assert tab.page.title() == "before"
        assert any("Content Security Policy" in one for one in tab.errors)
        tab.errors.clear()
    finally:
        server.stop()


@pytest.mark.parametrize("device", ["laptop", "telephone"])
def test_pages_fit_into_the_window(tab, world, device):
    tab.resize(device)
    for path in ("/", "/about", "/static/", "/static/demo.html"):
        tab.page.goto(world.ours.url + path)
        assert not tab.overflows(), path
