"""The site behind the course's own server: compressed where that was prepared and is wanted."""

import gzip
import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from built_site import served

from course.pages.build import compress
from course.site import takes_gzip

PAGE = "<!doctype html><title>A page</title>" + "<p>again and again" * 99


@pytest.fixture
def site(tmp_path: Path) -> Iterator[http.client.HTTPConnection]:
    """A small site, as `start` serves it."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "index.html").write_text(PAGE)
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "404.html").write_text("<h1>No such page</h1>")
    compress(tmp_path)
    with served(tmp_path) as url:
        yield http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)


def ask(site: http.client.HTTPConnection, path: str, method: str = "GET", **fields: str):
    """One request; the response with its content read."""
    site.request(method, path, headers={name.replace("_", "-"): v for name, v in fields.items()})
    response = site.getresponse()
    content = response.read()
    site.close()
    return response, content


@pytest.mark.parametrize("path", ["/", "/index.html", "/chapters/"])
def test_compressed(site, path: str):
    """With its own length and validator, and the media type of what is inside."""
    plain, content = ask(site, path)
    small, packed = ask(site, path, Accept_Encoding="br, gzip;q=0.8")
    assert (plain.status, plain.headers["Content-Encoding"]) == (200, None)
    assert (small.status, small.headers["Content-Encoding"]) == (200, "gzip")
    assert small.headers["Content-Type"] == plain.headers["Content-Type"] == "text/html"
    assert small.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert len(packed) == int(small.headers["Content-Length"]) < len(content)
    assert gzip.decompress(packed) == content == PAGE.encode()


def test_asked_again(site):
    """What the client has is not sent again; the answer still says what it depends on."""
    first, _ = ask(site, "/", Accept_Encoding="gzip")
    again, content = ask(
        site, "/", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"] or ""
    )
    assert (again.status, content) == (304, b"")
    assert again.headers["Vary"] == "Accept-Encoding"
    assert again.headers["Content-Encoding"] is None


def test_head(site):
    """The head of the same, without content."""
    response, content = ask(site, "/", "HEAD", Accept_Encoding="gzip")
    assert (response.headers["Content-Encoding"], content) == ("gzip", b"")


def test_what_is_small_already(site):
    """A picture comes as it is."""
    response, content = ask(site, "/picture.png", Accept_Encoding="gzip")
    assert (response.headers["Content-Encoding"], content) == (None, b"\x89PNG")


def test_no_such_page(site):
    """The site's own page says so, and the status too; a folder gets its slash."""
    response, content = ask(site, "/nothing", Accept_Encoding="gzip")
    assert (response.status, content) == (404, b"<h1>No such page</h1>")
    response, _ = ask(site, "/chapters", Accept_Encoding="gzip")
    assert (response.status, response.headers["Location"]) == (308, "/chapters/")


def test_what_else_it_says(site):
    """The step's router and its links answer: 405 with what is allowed, and no folder but ours."""
    response, _ = ask(site, "/index.html", "POST")
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    response, _ = ask(site, "/..%2f..%2fetc/passwd")
    assert response.status == 404
    response, content = ask(site, "/progress")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"This page came from the server of step 08." in content


BURST, SPARE = 30, 8
"""Requests that a page makes at the same moment, and connections on which nothing is said."""


def test_a_burst_of_requests(site):
    """All are in the middle of a request; the last is answered first, and silent ones wait."""
    address = (site.host, site.port)
    with ExitStack() as stack:
        ours = [
            stack.enter_context(socket.create_connection(address, 10)) for _ in range(BURST + SPARE)
        ]
        for number, one in enumerate(ours[SPARE:]):
            one.sendall(f"GET /?{number} HTTP/1.1\r\nHost: a\r\nConnection: close".encode())
        for one in reversed(ours[SPARE:]):
            one.sendall(b"\r\n\r\n")
            with one.makefile("rb") as stream:
                assert stream.read().endswith(PAGE.encode())


@pytest.mark.parametrize(
    ("field", "taken"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("gzip; q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
        ("xgzip", False),
    ],
)
def test_who_takes_gzip(field: str, taken: bool):
    """RFC 9110, section 12.5.3: a weight of 0 means no."""
    assert takes_gzip(field) is taken
