"""What chapter 08 answers to "what breaks if" is so, and what it tells of the page is there."""

import importlib
import ipaddress
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from support import ROOT

from course.stage import Stage
from course.steps import find_step

CHAPTER = (ROOT / "docs" / "chapters" / "08_wsgi.md").read_text(encoding="utf-8")
FRAMEWORKS = (ROOT / "docs" / "frameworks.md").read_text(encoding="utf-8")
MODULES = ("environ", "errors", "hosted", "proxies", "request", "response", "serving", "wsgi")


@pytest.fixture(scope="module")
def step() -> SimpleNamespace:
    """The step's modules."""
    with Stage(find_step("08")).on():
        return SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})


@pytest.fixture
def request_for(step: SimpleNamespace) -> Callable[..., object]:
    """A request with these field lines."""

    def parse(*fields: str, body: str = ""):
        head = "\r\n".join(["GET / HTTP/1.1", "Host: a", *fields, "", body])
        return step.request.RequestParser().feed(head.encode())

    return parse


def hosted(step: SimpleNamespace, application: Callable) -> Callable:
    """The application as a handler."""
    return step.wsgi.HostedApplication(application, step.environ.Host())


def saying(content: object, *headers: tuple[str, str]) -> Callable:
    """An application that says the same to everybody."""

    def application(environ, start_response):
        start_response("200 OK", list(headers))
        return content

    return application


def test_bytes_are_no_blocks(step, request_for):
    """Iterated they are numbers: the application is told, and the client gets a 500."""
    with pytest.raises(TypeError, match="104"):
        hosted(step, saying(b"hello"))(request_for())


def test_an_empty_list_is_an_answer(step, request_for):
    response = hosted(step, saying([]))(request_for())
    assert ("Content-Length", "0") in response.framing
    assert list(response.blocks()) == []


def test_a_stream_sees_that_its_client_has_left(step, request_for):
    """As GeneratorExit at its `yield`, when the server closes what it has not sent."""
    seen = []

    def application(environ, start_response):
        start_response("200 OK", [])
        try:
            yield b"one"
            yield b"two"
        except GeneratorExit:
            seen.append("left")
            raise
        finally:
            seen.append("given back")

    response = hosted(step, application)(request_for())
    next(iter(response.blocks()))
    response.close()
    assert seen == ["left", "given back"]


def test_two_lengths_do_not_come_so_far(step, request_for):
    """The parser refuses them: there is no request, so no environ."""
    with pytest.raises(step.errors.HTTPError) as refused:
        request_for("Content-Length: 1", "Content-Length: 2")
    assert refused.value.status == 400


def test_of_connection_only_close_is_heard(step, request_for):
    for value, heard in ("close", "close"), ("keep-alive", ""), ("Upgrade", ""):
        response = hosted(step, saying([b"x"], ("Connection", value)))(request_for())
        assert response.fields.get("Connection") == heard


def test_input_ends(step, request_for):
    """Whoever reads more than there is gets nothing, and does not wait."""
    request = request_for("Content-Length: 5", body="hello")
    stream = step.environ.to_environ(request, step.environ.Host())["wsgi.input"]
    assert [stream.read(10), stream.read(10), stream.read()] == [b"hello", b"", b""]


def test_who_trusts_everybody_believes_the_client(step, request_for):
    """With 0.0.0.0/0 the leftmost address counts; with 127.0.0.1 what nginx has appended."""
    seen = []
    for network in "0.0.0.0/0", "127.0.0.1/32":
        request = request_for("X-Forwarded-For: 203.0.113.9, 127.0.0.2")
        request.context["client"] = "127.0.0.1"
        link = step.proxies.Proxied([ipaddress.ip_network(network)])
        link(request, lambda passed: seen.append(passed.context["client"]))
    assert seen == ["203.0.113.9", "127.0.0.2"]


def test_table_of_mounts(step):
    """The rows of the chapter's table are what Mount does, one in the other."""
    rows = re.findall(r"^\| .* \| `(.*)` \| `(.*)` \|$", CHAPTER, re.MULTILINE)
    assert len(rows) == 3
    seen = []

    def cart(environ, start_response):
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return []

    with Stage(find_step("08")).on():
        Mount = importlib.import_module("mounting").Mount
    inner = Mount({"/cart": cart})

    def shop(environ, start_response):
        seen.append((environ["SCRIPT_NAME"], environ["PATH_INFO"]))
        return inner(environ, start_response)

    first = tuple(rows[0])
    environ = {"SCRIPT_NAME": first[0].strip('"'), "PATH_INFO": first[1], "REQUEST_METHOD": "GET"}
    Mount({"/shop": shop})(environ, lambda status, headers: None)
    assert seen == [tuple(row) for row in rows[1:]]


def test_numbers_of_models(step):
    """Eight processes, and 32 threads for handlers, as the chapter says."""
    workers = step.serving.WORKERS
    assert workers["fork"] == 8 and "one in each of eight processes" in CHAPTER
    assert workers["selectors"] == workers["asyncio"] == 32 and "any of 32" in CHAPTER


def test_minutes():
    """The chapter's hours are the sum of its exercises' minutes."""
    assert sum(one.minutes for one in find_step("08").exercises) == 150
    assert "two hours and a half" in CHAPTER


def test_forty_lines():
    """Without its docstrings and empty lines the framework has no more than the page says."""
    text = (ROOT / "steps/08_wsgi/tinyapp.py").read_text(encoding="utf-8")
    framework = text[text.index("class Tiny") : text.index("\napp = ")]
    lines = [line for line in framework.splitlines() if line.strip()]
    code = [line for line in lines if not line.strip().startswith('"""')]
    assert len(code) <= 45 and "forty lines" in FRAMEWORKS
