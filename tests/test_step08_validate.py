"""The standard library's validator of WSGI stands between our server and every application.

It raises AssertionError where a server or an application does not keep to PEP 3333, and writes to
stderr where an iterable was not closed: neither may happen.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from wsgi_hosts import SECONDS, STEP, ask, without_tracebacks

from course.servers import RunningServer, start

VALIDATED = """
import sys
from wsgiref.validate import validator

sys.path[:0] = [{step!r}, {extras!r}]

from {module} import app as unchecked

app = validator(unchecked)
"""

BROKEN = ("AssertionError", "without being closed", "WSGIWarning")
"""What the validator prints where something is not as it should be."""

FRAMEWORKS = ["flaskapp", "djangoapp", "pyramidapp"]
APPLICATIONS = [*FRAMEWORKS, "tinyapp", "demoapp", "mounting"]

Serve = Callable[[str], RunningServer]


def serving(folder: Path, text: str) -> RunningServer:
    """Our server with the application `app` of this module."""
    (folder / "validated.py").write_text(text, encoding="utf-8")
    command = [sys.executable, STEP.modules["server"], "validated:app"]
    return start([*command, "--port", "0", "--log", "off"], cwd=folder)


@pytest.fixture(scope="module", params=APPLICATIONS)
def validated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, RunningServer]]:
    """Each application, with the validator around it, by its name."""
    folder = tmp_path_factory.mktemp("validated")
    paths = {"step": str(STEP.path), "extras": str(STEP.path / "extras")}
    server = serving(folder, VALIDATED.format(module=request.param, **paths))
    yield request.param, server
    server.stop()


@pytest.fixture
def each(validated: tuple[str, RunningServer]) -> Iterator[tuple[str, RunningServer]]:
    """The same; in the end nothing of what the validator complains about is in its output."""
    yield validated
    printed = validated[1].output()
    assert not [word for word in BROKEN if word in printed], printed


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "POST"])
@pytest.mark.parametrize("target", ["/", "/nothing", "/caf%C3%A9/%2F?a=%20&b", "/static/style.css"])
def test_requests(each: tuple[str, RunningServer], method: str, target: str) -> None:
    """Every method, at what is there and at what is not: an answer, and none of 500."""
    _, server = each
    body = b"a=1" if method == "POST" else None
    fields = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    reply = ask(server, method, target, body, fields)
    assert reply.status in (200, 204, 301, 302, 303, 400, 403, 404, 405), reply
    assert reply.content == b"" if method == "HEAD" else True


@pytest.mark.parametrize("target", ["/static/style.css", "/static/pictures/envelope.png"])
def test_files(each: tuple[str, RunningServer], target: str) -> None:
    """A file comes whole, and 304 has none of it."""
    name, server = each
    if name == "tinyapp":
        assert ask(server, "GET", target).status == 404
        return
    reply = ask(server, "GET", target)
    assert reply.content == (STEP.path / "public" / target.removeprefix("/static/")).read_bytes()
    since = {"If-Modified-Since": reply.get("Last-Modified") or ""}
    again = ask(server, "GET", target, None, since)
    assert (again.status, again.content) == (304, b"")


def test_forms(each: tuple[str, RunningServer]) -> None:
    """A form, and one with a file in it."""
    name, server = each
    session = requests.Session()
    session.trust_env = False
    home = session.get(server.url + "/", timeout=SECONDS)
    values = {"name": "Zoë <b>"}
    if name == "djangoapp":
        values["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    assert home.status_code == 200
    where = "/hello" if name == "tinyapp" else "/tiny/hello" if name == "mounting" else "/"
    answer = session.post(server.url + where, data=values, timeout=SECONDS)
    if name == "demoapp":
        assert answer.status_code == 405
        return
    assert "Hello, Zoë &lt;b&gt;!" in answer.text
    if name in FRAMEWORKS:
        file = {"file": ("a.bin", bytes(300_000))}
        answer = session.post(server.url + "/", data=values, files=file, timeout=SECONDS)
        assert "a.bin: 300000 bytes" in answer.text


def test_streams(each: tuple[str, RunningServer]) -> None:
    """What is generated, to GET and HEAD, and to who leaves in the middle of it."""
    name, server = each
    target = {"tinyapp": None, "demoapp": "/count/3", "mounting": "/count/3"}.get(name, "/stream")
    if target is None:
        return
    assert ask(server, "GET", target).content == b"1\n2\n3\n"
    head = ask(server, "HEAD", target)
    assert (head.content, head.get("Content-Length")) == (b"", None)
    with server.connect() as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(100)
    assert ask(server, "GET", target).status == 200


HOSTILE = """
import sys
from wsgiref.validate import validator

TEXT = [("Content-Type", "text/plain")]


def app(environ, start_response):
    return CASES[environ["PATH_INFO"].strip("/")](environ, start_response)


def fine(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"fine"]


def reads(environ, start_response):
    source = environ["wsgi.input"]
    said = [source.read(0), source.readline(), source.readline(2), *source.readlines()]
    said.append(source.read(9))
    start_response("200 OK", TEXT)
    return [repr(said).encode()]


def iterates(environ, start_response):
    lines = list(environ["wsgi.input"])
    environ["wsgi.errors"].write("a word\\n")
    environ["wsgi.errors"].writelines(["another\\n"])
    environ["wsgi.errors"].flush()
    start_response("200 OK", TEXT)
    return [repr(lines).encode()]


def replaces(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise KeyError("of the application")
    except KeyError:
        start_response("503 Busy", TEXT, sys.exc_info())
    return [b"replaced"]


def writes(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"written, ")
    return [b"returned"]


def late(environ, start_response):
    start_response("200 OK", TEXT)
    return iter([b"", b"", b"late"])


def wraps(environ, start_response):
    import io
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](io.BytesIO(b"wrapped"), 3)


def changes(environ, start_response):
    for key in list(environ):
        if not key.startswith("wsgi.") and key not in ("REQUEST_METHOD",):
            del environ[key]
    start_response("200 OK", TEXT)
    return [b"changed"]


def empty(environ, start_response):
    start_response("204 No Content", [])
    return []


CASES = {name: validator(case) for name, case in list(globals().items())
         if name in "fine reads iterates replaces writes late wraps changes empty".split()}


# From here on it is not the validator that complains, but our server.


def wrong(case):
    return CASES.setdefault(case.__name__, case)


@wrong
def raises(environ, start_response):
    raise RuntimeError("secret")


@wrong
def exits(environ, start_response):
    sys.exit("secret")


@wrong
def forgets(environ, start_response):
    return [b"secret"]


@wrong
def splits(environ, start_response):
    start_response("200 OK", [("X", "a\\r\\nSet-Cookie: secret")])
    return [b"secret"]


@wrong
def phrases(environ, start_response):
    start_response("200 OK\\r\\nSet-Cookie: secret", TEXT)
    return [b"secret"]


@wrong
def texts(environ, start_response):
    start_response("200 OK", TEXT)
    return ["secret"]


@wrong
def nothing(environ, start_response):
    start_response("200 OK", TEXT)


@wrong
def numbers(environ, start_response):
    start_response(200, {"X": 5})
    return [b"secret"]


@wrong
def interim(environ, start_response):
    start_response("100 Continue", [])
    return [b"secret"]


@wrong
def recurses(environ, start_response):
    return recurses(environ, start_response)
"""
"""Applications that use every corner of PEP 3333; and such that do not keep to it."""

GOOD = {
    "fine": (200, b"fine"),
    "reads": (200, b"[b'', b'one\\n', b'tw', b'o\\n', b'three', b'']"),
    "iterates": (200, b"[b'one\\n', b'two\\n', b'three']"),
    "replaces": (503, b"replaced"),
    "writes": (200, b"written, returned"),
    "late": (200, b"late"),
    "wraps": (200, b"wrapped"),
    "changes": (200, b"changed"),
    "empty": (204, b""),
}

WRONG = [
    "raises",
    "exits",
    "forgets",
    "splits",
    "phrases",
    "texts",
    "nothing",
    "numbers",
    "interim",
    "recurses",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Our server with these applications."""
    server = serving(tmp_path_factory.mktemp("hostile"), HOSTILE)
    yield server
    server.stop()


@pytest.mark.parametrize("case", GOOD)
def test_every_corner(hostile: RunningServer, case: str) -> None:
    """Whatever PEP 3333 allows an application is served as it is meant, and the server does too."""
    before = hostile.printed
    reply = ask(hostile, "POST", f"/{case}", b"one\ntwo\nthree", {"Content-Type": "text/plain"})
    assert (reply.status, reply.content) == GOOD[case]
    printed = hostile.output(before)
    assert not [word for word in BROKEN if word in printed], printed
    assert without_tracebacks(printed)


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_not_allowed(hostile: RunningServer, case: str, method: str) -> None:
    """A mistake of the application is a 500 that tells nothing, and the next one is served."""
    reply = ask(hostile, method, f"/{case}")
    assert reply.status == 500
    assert b"secret" not in reply.content
    assert reply.get("Set-Cookie") is None
    assert ask(hostile, "GET", "/fine").content == b"fine"
