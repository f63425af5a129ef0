"""Flask, Django and Pyramid on our server: in a browser, and beside the servers of others."""

import hashlib
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import PATIENCE_SECONDS, Tab
from clients import curl
from playwright.sync_api import expect
from wsgi_hosts import HOSTS, STEP, Reply, ask, hosted, without_tracebacks

from course.servers import RunningServer, start_foreign

pytest_plugins = ["browser"]

APPLICATIONS = ["flaskapp", "djangoapp", "pyramidapp"]

TOKEN = "abcdefghijklmnopqrstuvwxyz012345"
"""Django takes this for the token against forged forms, as long as cookie and form agree."""

COOKIE = {"Cookie": f"csrftoken={TOKEN}"}
BOUNDARY = "a-boundary-of-ours"
FILE = random.Random(8).randbytes(300_000)

CSRF = re.compile(rb'<input type="hidden" name="csrfmiddlewaretoken" value="\w+">')

WERKZEUG = """
import sys
from werkzeug.serving import run_simple

sys.path.insert(0, {step!r})
from {module} import app

run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=True)
"""


def form(*parts: tuple[str, bytes]) -> bytes:
    """A body of multipart/form-data: heads and contents."""
    pieces = [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts]
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


def named(name: str, **more: str) -> str:
    """The head of a part."""
    parameters = {"name": name, **more}
    shown = "; ".join(f'{key}="{value}"' for key, value in parameters.items())
    return f"Content-Disposition: form-data; {shown}"


UPLOAD = form(
    (named("csrfmiddlewaretoken"), TOKEN.encode()),
    (named("name"), "Zoë & <b>co</b>".encode()),
    (named("file", filename="a file.bin") + "\r\nContent-Type: application/octet-stream", FILE),
)
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
NAME = f"csrfmiddlewaretoken={TOKEN}&name=Zo%C3%AB+%26+%3Cb%3E".encode()

CASES: list[tuple[str, str, bytes | None, dict[str, str]]] = [
    ("GET", "/", None, COOKIE),
    ("HEAD", "/", None, COOKIE),
    ("POST", "/", NAME, COOKIE | URLENCODED),
    ("POST", "/", UPLOAD, COOKIE | MULTIPART),
    ("GET", "/visits", None, {}),
    ("GET", "/visits", None, {"Cookie": "visits=41; other=1"}),
    ("GET", "/stream", None, {}),
    ("HEAD", "/stream", None, {}),
    ("GET", "/static/style.css", None, {}),
    ("HEAD", "/static/style.css", None, {}),
    ("GET", "/static/style.css", None, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    ("GET", "/static/pictures/envelope.png", None, {}),
    ("GET", "/static/../server.py", None, {}),
    ("GET", "/static/%2e%2e/server.py", None, {}),
    ("GET", "/nothing", None, {}),
    ("GET", "/caf%C3%A9/a%2Fb?x=%20", None, {}),
    ("DELETE", "/visits", None, {}),
    ("OPTIONS", "/visits", None, {}),
]


@contextmanager
def on_werkzeug(module: str, folder: Path) -> Iterator[RunningServer]:
    """The server that Flask is developed with; it can run all three."""
    script = folder / f"on_werkzeug_{module}.py"
    script.write_text(WERKZEUG.format(step=str(STEP.path), module=module), encoding="utf-8")
    server = start_foreign(f'"{sys.executable}" "{script}" {{port}}')
    try:
        yield server
    finally:
        server.stop()


def shown(reply: Reply) -> tuple[int, str, dict[str, str], bytes]:
    """What has to be the same on every server."""
    fields = reply.steady
    for name in ("transfer-encoding", "content-length"):
        fields.pop(name, None)
    if "set-cookie" in fields:
        fields["set-cookie"] = re.sub(r"csrftoken=\w+|expires=[^;]+", "", fields["set-cookie"])
    if "allow" in fields:
        fields["allow"] = ", ".join(sorted(fields["allow"].split(", ")))
    return reply.status, reply.reason, fields, CSRF.sub(b"", reply.content)


@pytest.fixture(scope="module", params=APPLICATIONS)
def application(request: pytest.FixtureRequest) -> str:
    """The name of its module."""
    return request.param


@pytest.fixture(scope="module")
def ours(application: str) -> Iterator[RunningServer]:
    """The application on our server."""
    with hosted("ours", f"{application}:app") as server:
        yield server


@pytest.fixture(scope="module")
def said() -> dict[tuple, tuple]:
    """What our server has said to each request: it is asked once."""
    return {}


@pytest.fixture(scope="module", params=[*HOSTS[1:], "werkzeug"])
def theirs(
    request: pytest.FixtureRequest, application: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """The application on a server of somebody else."""
    if request.param == "werkzeug":
        with on_werkzeug(application, tmp_path_factory.mktemp("werkzeug")) as server:
            yield server
        return
    with hosted(request.param, f"{application}:app") as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=[f"{one[0]} {one[1]}" for one in CASES])
def test_same_on_every_server(
    ours: RunningServer, theirs: RunningServer, said: dict[tuple, tuple], case
) -> None:
    """Forms, uploads, cookies, streams, files and errors: what the application says, and no more.

    The view of each framework has seen the same: it gives back name, size and digest of the file.
    """
    method, target, body, fields = case
    fields = {"Host": "127.0.0.1", **fields}  # without the port, which pages of errors show
    key = (ours.port, method, target, body, *fields.items())
    if key not in said:
        said[key] = shown(ask(ours, method, target, body, fields))
    assert said[key] == shown(ask(theirs, method, target, body, fields))
    assert said[key][0] < 500


def test_upload_is_what_was_sent(ours: RunningServer) -> None:
    """The digest that the view has worked out is that of the file; the name is escaped."""
    reply = ask(ours, "POST", "/", UPLOAD, COOKIE | MULTIPART)
    digest = hashlib.sha256(FILE).hexdigest()
    assert f"a file.bin: 300000 bytes, SHA-256 {digest}".encode() in reply.content
    assert "Hello, Zoë &amp; &lt;b&gt;co&lt;/b&gt;!".encode() in reply.content


def test_upload_in_chunks(ours: RunningServer, tmp_path: Path) -> None:
    """What curl sends in chunks is the same upload, though these frameworks read no chunks."""
    (tmp_path / "body").write_bytes(UPLOAD)
    page = curl(
        *("--request", "POST", "--data-binary", f"@{tmp_path / 'body'}"),
        *("--header", "Transfer-Encoding: chunked"),
        *(word for line in (COOKIE | MULTIPART).items() for word in ("--header", ": ".join(line))),
        ours.url + "/",
    )
    assert hashlib.sha256(FILE).hexdigest() in page


def test_stream_comes_line_by_line(ours: RunningServer) -> None:
    """Each line is a chunk of its own."""
    raw = curl("--no-buffer", "--raw", "--include", ours.url + "/stream")
    head, _, chunks = raw.partition("\r\n\r\n")
    assert "Transfer-Encoding: chunked" in head.splitlines()
    assert chunks.startswith("2\r\n1\n\r\n2\r\n2\n\r\n2\r\n3\n\r\n0\r\n")


def test_head_of_a_stream(ours: RunningServer) -> None:
    """HEAD makes up no length that GET does not have (RFC 9110, section 8.6)."""
    assert ask(ours, "HEAD", "/stream").get("Content-Length") is None


def test_crash(ours: RunningServer) -> None:
    """A mistake of the application is a 500 that tells nothing; the log tells it all."""
    before = ours.printed
    reply = ask(ours, "GET", "/crash")
    assert reply.status == 500
    for inside in (b"mistake of the application", b"Traceback", b"RuntimeError", b"crash"):
        assert inside not in reply.content
    assert ours.own
    told = "RuntimeError: a mistake of the application"
    assert ours.own.output.wait_for(lambda text: told in text, PATIENCE_SECONDS, before)
    assert ask(ours, "GET", "/visits").status == 200


class TestBrowser:
    """What somebody sees who visits."""

    def test_form(self, tab: Tab, ours: RunningServer, tmp_path: Path) -> None:
        """A name and a file are sent; what comes back is a greeting, and no HTML of a stranger."""
        file = tmp_path / "héllo <i>.txt"
        file.write_bytes(FILE)
        tab.page.goto(ours.url + "/")
        tab.page.get_by_label("Your name:").fill("Zoë <b>& co</b>")
        tab.page.get_by_label("A file:").set_input_files(file)
        tab.page.get_by_role("button", name="Send").click()
        greeting = tab.page.locator("#greeting")
        expect(greeting).to_have_text("Hello, Zoë <b>& co</b>!")
        assert greeting.locator("b").count() == 0
        digest = hashlib.sha256(FILE).hexdigest()
        expect(tab.page.locator("#file")).to_contain_text(f"300000 bytes, SHA-256 {digest}")
        assert tab.page.locator("#file i").count() == 0

    def test_style(self, tab: Tab, ours: RunningServer) -> None:
        """The style sheet comes from the application, and is applied."""
        tab.page.goto(ours.url + "/")
        assert tab.statuses()["/static/style.css"] == 200
        rules = tab.page.evaluate("document.styleSheets[0].cssRules.length")
        assert rules > 0
        assert tab.page.evaluate("getComputedStyle(document.body).fontFamily").startswith("system")

    def test_cookie(self, tab: Tab, ours: RunningServer) -> None:
        """The browser brings the number along, and scripts of the page do not see it."""
        for number in (1, 2, 3):
            tab.page.goto(ours.url + "/visits")
            expect(tab.page.locator("body")).to_have_text(f"Visit {number}")
        assert tab.page.evaluate("document.cookie") == ""

    def test_stream(self, tab: Tab, ours: RunningServer) -> None:
        """An answer in chunks is a page like any other."""
        tab.page.goto(ours.url + "/stream")
        expect(tab.page.locator("body")).to_contain_text("3")
        assert tab.page.inner_text("body").split() == ["1", "2", "3"]

    def test_crash(self, tab: Tab, ours: RunningServer) -> None:
        """The page of an error shows nothing of the insides, and the next page is fine."""
        response = tab.page.request.get(ours.url + "/crash")
        assert response.status == 500
        assert "mistake of the application" not in response.text()
        tab.page.goto(ours.url + "/")
        expect(tab.page.get_by_role("heading")).to_contain_text("Hello from")


def test_nothing_else_in_the_log(ours: RunningServer) -> None:
    """Pages that work leave no traceback behind the one that we make, and wait for."""
    asked = ours.printed
    ask(ours, "GET", "/crash")
    last = "RuntimeError: a mistake of the application"
    assert ours.own and ours.own.output.wait_for(lambda text: last in text, PATIENCE_SECONDS, asked)
    before = ours.printed
    for target in ("/", "/visits", "/stream", "/static/style.css", "/nothing"):
        ask(ours, "GET", target)
    assert without_tracebacks(ours.output(before))
