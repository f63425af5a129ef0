"""Exercise 04.6: one page for every address that a person may open."""

import socket
from pathlib import Path

import pytest

from errors import HTTPError
from fields import Fields
from request import Request
from response import Response
from single_page import handle, is_visit, single_page
from static_files import StaticFiles
from target import Target

pytestmark = pytest.mark.exercise("04.6")

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
"""What a browser sends when somebody opens an address."""

PROGRAMS = {
    "script, style": "*/*",
    "picture": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "fetch of JSON": "application/json",
    "HTML if need be": "application/json, text/html;q=0.5, */*;q=0.9",
    "no HTML": "text/html;q=0, */*",
    "nothing said": "",
}


def request_for(path: str, accept: str = BROWSER, **fields: str) -> Request:
    """A GET of this path, by a browser unless Accept says otherwise."""
    lines = {name.replace("_", "-"): value for name, value in fields.items()}
    if accept:
        lines["Accept"] = accept
    return Request("GET", Target(f"/{path}"), "HTTP/1.1", Fields(lines))


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    """A folder with the page and the script of an application, and a folder of pictures."""
    (tmp_path / "index.html").write_text("the application")
    (tmp_path / "app.js").write_text("the script")
    (tmp_path / "LICENSE").write_text("the licence")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "logo.png").write_text("a picture")
    (tmp_path / ".env").write_text("hidden")
    return StaticFiles(tmp_path)


def content(response: Response) -> bytes:
    """All that the response would send behind its head."""
    return b"".join(response.blocks())


@pytest.mark.parametrize("path", ["", "orders/17", "orders/", "user/Zo%C3%AB", "a.b/c"])
def test_person_is_a_visitor(path):
    """A browser that opens an address whose last name has no dot is a visit."""
    assert is_visit(request_for(path), path)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_program_is_none(kind):
    """A client that does not prefer HTML to anything else is no visitor, but a program."""
    assert not is_visit(request_for("orders/17", PROGRAMS[kind]), "orders/17")


@pytest.mark.parametrize("path", ["app.js", "lost/logo.png", "v1.2/data.json", "page.html"])
def test_file_is_none(path):
    """A last name with a dot is a file's name: whoever asks for it wants the file."""
    assert not is_visit(request_for(path), path)


def test_address_of_the_application(files, rng):
    """A visitor's address that is no file gets the index page, as it is: 200."""
    for path in (f"orders/{rng.randrange(10**6)}", "about", "deep/er/still", "orders/"):
        response = single_page(files, request_for(path), path)
        assert response.status == 200
        assert content(response) == b"the application"
        assert response.fields["Content-Type"] == "text/html"


@pytest.mark.parametrize("accept", [BROWSER, "*/*"], ids=["visitor", "program"])
def test_file_that_is_there(files, accept):
    """A file that is there is served, whoever asks for it."""
    for name, expected in (("app.js", b"the script"), ("LICENSE", b"the licence")):
        assert content(single_page(files, request_for(name, accept), name)) == expected
    listing = single_page(files, request_for("pictures/", accept), "pictures/")
    assert b"logo.png" in content(listing)


def test_index_page_is_validated_too(files):
    """The index page can be 304 at any address."""
    etag = single_page(files, request_for("a"), "a").fields["ETag"]
    assert single_page(files, request_for("b", If_None_Match=etag), "b").status == 304


@pytest.mark.parametrize("path", ["lost.js", "pictures/lost.png", ".env", "../lost.txt"])
def test_missing_file_stays_missing(files, path):
    """A missing script or picture stays 404, or a browser would run the page as a script."""
    with pytest.raises(HTTPError, match="404"):
        single_page(files, request_for(path), path)


def test_program_gets_404(files):
    """A program that asks for what is not there is told so."""
    with pytest.raises(HTTPError, match="404"):
        single_page(files, request_for("orders/17", "application/json"), "orders/17")


def test_other_refusals_stay(files, monkeypatch):
    """Whatever is refused with another status than 404 stays refused."""

    def refuse(*arguments):
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(HTTPError, match="403"):
        single_page(files, request_for("pictures/"), "pictures/")


def test_without_index_page(tmp_path):
    """Without an index page there is nothing to be shown: 404."""
    with pytest.raises(HTTPError, match="404"):
        single_page(StaticFiles(tmp_path), request_for("orders/17"), "orders/17")


def test_on_a_connection(rng):
    """The server of this exercise gives its page at any address, and 404 for a missing script."""
    orders = b"/orders/%d?a=b" % rng.randrange(10**6)
    for target, status in ((orders, b"200"), (b"/index.html", b"200"), (b"/lost.js", b"404")):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.settimeout(5)
            theirs.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\n" % target)
            theirs.sendall(f"Accept: {BROWSER}\r\n\r\n".encode())
            handle(ours)
            ours.close()
            answer = theirs.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert (b"Content-Type: text/html\r\n" in answer) == (status == b"200")
