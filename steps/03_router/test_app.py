"""The demo application: its pages, its echoes, and nothing that a stranger could slip into them."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from app import router
from request import RequestParser
from response import Response
from server import answer


def ask(line: str, *field_lines: str, body: bytes = b"") -> Response:
    """What the application answers to a request with this line, such as `GET /about`."""
    lines = [f"{line} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}", *field_lines, "", ""]
    request = RequestParser().feed("\r\n".join(lines).encode() + body)
    assert request is not None, "the request is not whole"
    return answer(request, router)


class Page(HTMLParser):
    """A page as a browser understands it: its tags, its text, and where its links lead."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.page = response.content.decode("utf-8")
        self.feed(self.page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its attributes, and its link."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "action")]

    def handle_data(self, data: str) -> None:
        """Note the text between two tags."""
        self.text += data


HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

ROUTES = {
    "home": ("GET /", 200, HTML),
    "about": ("GET /about", 200, HTML),
    "user": ("GET /user/ada", 200, HTML),
    "data": ("GET /api/data", 200, "application/json"),
    "echo of a text": ("GET /echo/hello", 200, TEXT),
    "echo of a body": ("POST /echo", 200, "application/octet-stream"),
    "user agent": ("GET /user-agent", 200, TEXT),
    "notes": ("GET /api/notes", 200, "application/json"),
    "no favicon": ("GET /favicon.ico", 404, TEXT),
    "no such page": ("GET /contact", 404, TEXT),
    "no user": ("GET /user/", 404, TEXT),
    "two segments to echo": ("GET /echo/a/b", 404, TEXT),
    "echo without a body": ("GET /echo", 405, TEXT),
    "post to a page": ("POST /about", 405, TEXT),
    "unknown method": ("BREW /coffee", 501, TEXT),
    "slash too many": ("GET /user/ada/", 308, TEXT),
}


@pytest.mark.parametrize("line, status, media_type", ROUTES.values(), ids=ROUTES)
def test_route(line, status, media_type):
    """Each of the application's addresses answers with its status and its media type."""
    response = ask(line)
    assert (response.status, response.fields.get("Content-Type")) == (status, media_type)


@pytest.mark.parametrize("path", ["/", "/about", "/user/ada"], ids=["home", "about", "user"])
def test_page(path):
    """A page names its language, character set, title and width, and has one heading."""
    page = Page(ask(f"GET {path}"))
    assert page.page.startswith("<!doctype html>\n<html lang=")
    assert page.page.index("charset") < 100
    assert [page.tags.count(tag) for tag in ("title", "h1", "style", "script")] == [1, 1, 1, 0]
    assert 'name="viewport"' in page.page
    assert "MyHTTPServer" in page.text


def test_links():
    """The first page links to all the rest, and each link leads somewhere."""
    links = [link for link in Page(ask("GET /")).links if link != "/"]
    for beginning in ("/about", "/user/", "/api/data", "/echo/", "/user-agent", "/api/notes"):
        assert any(link.startswith(beginning) for link in links), f"no link to {beginning}"
    for link in links:
        assert ask(f"GET {link}").status == (405 if link == "/echo" else 200)


def test_form():
    """The form of the first page sends plain text to /echo, which a browser can show."""
    page = Page(ask("GET /")).page
    assert '<form method="post" action="/echo" enctype="text/plain">' in page
    shown = ask("POST /echo", "Content-Type: text/plain", body=b"word=hello\r\n")
    assert (shown.fields["Content-Type"], shown.content) == ("text/plain", b"word=hello\r\n")


STRANGERS = {
    "script": "<script>alert(1)</script>",
    "out of an attribute": '"><img src=x onerror=alert(1)>',
    "into an attribute": "' onclick='alert(1)",
    "out of the title": "</title><script>",
    "escaped already": "&lt;script&gt;",
    "name in the template": "{title}",
    "number in the template": "{0}",
    "comment": "<!--",
}


@pytest.mark.parametrize("name", STRANGERS.values(), ids=STRANGERS)
def test_strangers_text_is_escaped(name):
    """Whatever stands in the address is text on the page, and never a tag or an attribute."""
    page, plain = Page(ask(f"GET /user/{quote(name, safe='')}")), Page(ask("GET /user/ada"))
    assert page.tags == plain.tags
    assert page.attributes == plain.attributes
    assert page.text == plain.text.replace("ada", name)


def test_user_in_any_script():
    """A name may be in any script."""
    assert "Hello, Zoë 李!" in Page(ask("GET /user/Zo%C3%AB%20%E6%9D%8E")).text


def test_data():
    """/api/data is a JSON object with a message, and the time with its offset (RFC 3339)."""
    value = json.loads(ask("GET /api/data").content)
    assert sorted(value) == ["message", "timestamp"]
    assert "MyHTTPServer" in value["message"]
    age = datetime.now(UTC) - datetime.fromisoformat(value["timestamp"])
    assert timedelta(seconds=-2) < age < timedelta(minutes=1)


def test_echo_of_a_text(rng):
    """/echo/{text} is the text from the address, as text: a slash in it, and HTML, too."""
    text = f"<b>a/b</b> ë {rng.randrange(10**6)}%2F"
    response = ask(f"GET /echo/{quote(text, safe='')}")
    assert response.content.decode() == text
    assert response.fields["Content-Type"] == TEXT


@pytest.mark.parametrize(
    "media_type", ["image/png", "application/x-thing; a=1", 'text/plain; b="c"']
)
def test_echo_of_a_body(media_type, rng):
    """POST /echo gives the bytes back, whatever they are, with the media type they came with."""
    body = rng.randbytes(3000)
    response = ask("POST /echo", f"Content-Type: {media_type}", body=body)
    assert response.status == 200
    assert response.content == body
    assert response.fields.get_all("Content-Type") == [media_type]


def test_echo_of_bytes_without_a_type():
    """Where the client says nothing of its body, neither do we (RFC 9110, section 8.3)."""
    for body in (b"", b"\0\xff"):
        response = ask("POST /echo", body=body)
        assert response.content == body
        assert response.fields["Content-Type"] == "application/octet-stream"


def test_user_agent():
    """/user-agent tells what the client calls itself; nothing where it has no name."""
    name = "Mozilla/5.0 (X11; <b>) Thing/1"
    assert ask("GET /user-agent", f"User-Agent: {name}").content.decode() == name
    assert ask("GET /user-agent").content == b""


@pytest.mark.parametrize("accept, media_type", [("text/html", HTML), ("application/json", None)])
def test_errors_in_the_form_that_is_asked_for(accept, media_type):
    """A browser gets a 404 as a page, a program as JSON, and neither shows our insides."""
    response = ask("GET /nothing/%3Cscript%3E", f"Accept: {accept}")
    assert response.status == 404
    assert response.fields["Content-Type"] == (media_type or "application/json")
    assert b"<script>" not in response.content
    assert b"Traceback" not in response.content
