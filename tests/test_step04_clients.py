"""Step 04 as clients see it that nobody here wrote, and its promises for any input at all."""

import email.utils
import html.parser
import http.client
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import pytest
import requests
from clients import curl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import ROOT, find_step

STEP = find_step("04")

with Stage(STEP).on():
    from errors import HTTPError
    from fields import Fields
    from file_types import type_of
    from listing import item
    from request import RequestParser
    from router import Router
    from safe_paths import is_safe_name, locate
    from server import answer
    from static_files import StaticFiles
    from uploads import Uploads
    from validators import Validators, is_not_modified, parse_date

ours = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

PUBLIC = STEP.path / "public"

ASTRAY = r"""
    . .. ... / \ %2e%2e %252e %2f %5c %00 %c0%ae %C3%A9 é ? # ~ nul C: ::$DATA
    page.html folder inner.html secret.txt site-secret .env .git config out link link.txt
"""
PIECES = st.sampled_from(["", " ", "x" * 300, *ASTRAY.split()])
"""What paths that lead astray are made of."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to serve and to write to; what lies beside it, or is hidden in it, says secret."""
    base = tmp_path_factory.mktemp("step04").resolve()
    hidden = ("secret.txt", "site-secret/secret.txt", "site/.env", "site/.git/config")
    for name in (*hidden, "site/page.html", "site/folder/inner.html"):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text("secret" if name in hidden else f"this is {name}")
    return base / "site"


@pytest.fixture(scope="module")
def linked(site: Path) -> Path:
    """The same folder, with links in it that lead out of it, or to what is hidden."""
    try:
        (site / "out").symlink_to(site.parent, target_is_directory=True)
        (site / "link").symlink_to(site.parent / "site-secret", target_is_directory=True)
        (site / "link.txt").symlink_to(".env")
    except (OSError, NotImplementedError) as error:
        pytest.skip(f"this system does not let us make symbolic links: {error}")
    return site


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    running = start([sys.executable, STEP.modules["server"], "--port", "0"])
    yield running
    assert "Traceback" not in running.output()
    running.stop()


@pytest.fixture(scope="module")
def shared(site: Path) -> Iterator[RunningServer]:
    command = [sys.executable, STEP.modules["server"], "--port", "0", "--directory", site]
    running = start(command)
    yield running
    assert "Traceback" not in running.output()
    running.stop()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_curl_downloads_every_file(server, tmp_path):
    for path in (path for path in PUBLIC.rglob("*") if path.is_file()):
        curl("--output", tmp_path / "got", f"{server.url}/static/{path.relative_to(PUBLIC)}")
        assert (tmp_path / "got").read_bytes() == path.read_bytes()


def test_curl_has_it_already_by_tag(server, tmp_path):
    url, tag = f"{server.url}/static/style.css", tmp_path / "tag"
    curl("--etag-save", tag, "--output", tmp_path / "first", url)
    code = curl(
        "--etag-compare", tag, "--output", tmp_path / "second", "--write-out", "%{http_code}", url
    )
    assert code == "304"
    assert not (tmp_path / "second").exists() or not (tmp_path / "second").read_bytes()


def test_curl_has_it_already_by_date(server, tmp_path):
    url, copy = f"{server.url}/static/style.css", tmp_path / "copy.css"
    curl("--remote-time", "--output", copy, url)
    assert int(copy.stat().st_mtime) == int((PUBLIC / "style.css").stat().st_mtime)
    assert curl("--time-cond", copy, "--write-out", "%{http_code}", url) == "304"
    os.utime(copy, (0, copy.stat().st_mtime - 10))
    assert curl("--time-cond", copy, url).encode() == (PUBLIC / "style.css").read_bytes()


def test_curl_follows_to_the_slash(server):
    seen = curl("--location", "--write-out", "%{url_effective}", f"{server.url}/static/pictures?a")
    assert "envelope.png" in seen
    assert seen.endswith("/static/pictures/?a")


def test_curl_asks_for_the_head(server):
    size = (PUBLIC / "pictures" / "envelope.png").stat().st_size
    head = curl("--head", f"{server.url}/static/pictures/envelope.png")
    assert f"\r\nContent-Length: {size}\r\n" in head
    assert head.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "../server.py",
        "..%2Fserver.py",
        "%2e%2e/server.py",
        "%252e%252e/server.py",
        "..\\server.py",
        "pictures/../../server.py",
        "/etc/passwd",
    ],
)
def test_curl_cannot_get_out(server, path):
    seen = curl("--path-as-is", "--include", f"{server.url}/static/{path}")
    assert seen.startswith("HTTP/1.1 404 Not Found\r\n")
    assert "import" not in seen


def test_curl_uploads_files_and_gets_them_back(shared, site, tmp_path):
    """Before more than a mebibyte curl asks (Expect), and goes on although nobody answers."""
    url, sent, got = f"{shared.url}/files/curl.bin", tmp_path / "sent", tmp_path / "got"
    for content, status in ((os.urandom(2**20 + 1), "201"), (b"\r\n\0", "200")):
        sent.write_bytes(content)
        code = ("--output", os.devnull, "--write-out", "%{http_code}")
        assert curl("--data-binary", f"@{sent}", *code, url) == status
        curl("--output", got, url)
        assert got.read_bytes() == content == (site / "curl.bin").read_bytes()


def test_requests_goes_by_the_tag(server, session):
    url = f"{server.url}/static/demo.html"
    first = session.get(url, timeout=5)
    assert (first.status_code, first.content) == (200, (PUBLIC / "demo.html").read_bytes())
    again = session.get(url, headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")


def test_requests_uploads_and_lists(shared, session):
    names = ["Zoë & co.txt", "100%41.txt", "it's + more;a=b.txt"]
    for name in names:
        made = session.post(f"{shared.url}/files/{quote(name)}", data=name.encode(), timeout=5)
        assert made.status_code == 201
        assert session.get(urljoin(shared.url, made.headers["Location"])).content == name.encode()
    page = session.get(f"{shared.url}/static/", timeout=5)
    links = Links(page.text).addresses
    assert set(names) <= {unquote(link) for link in links}
    for link in links:
        assert session.get(urljoin(page.url, link), timeout=5).status_code == 200, link


def test_requests_cannot_write_outside(shared, session, site):
    before = sorted(path.name for path in site.parent.iterdir())
    for name in ("..%2Fout.txt", "%2e%2e%2fout.txt", "..%5Cout.txt", "%2Ftmp%2Fout.txt", "NUL"):
        assert session.post(f"{shared.url}/files/{name}", data=b"x", timeout=5).status_code == 400
    assert sorted(path.name for path in site.parent.iterdir()) == before


def test_single_page_is_a_server(session):
    """The solution of exercise 04.6 runs as a program, with the step's modules on stage."""
    command = [sys.executable, "-m", "course.stage", "04", "--script", "single_page"]
    running = start([*command, "--", "--port", "0"], cwd=ROOT)
    try:
        page = session.get(f"{running.url}/orders/17", headers={"Accept": "text/html"}, timeout=5)
        assert page.content == (PUBLIC / "index.html").read_bytes()
        assert session.get(f"{running.url}/lost.js", timeout=5).status_code == 404
    finally:
        running.stop()


def test_http_client_reads_head_and_content(server):
    size = (PUBLIC / "app.js").stat().st_size
    for method, count in (("GET", size), ("HEAD", 0)):
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        connection.request(method, "/static/app.js")
        response = connection.getresponse()
        assert response.getheader("Content-Length") == str(size)
        assert len(response.read()) == count
        connection.close()


def test_urllib_sees_media_type_and_time(server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{server.url}/static/pictures/envelope.svg", timeout=5) as response:
        assert response.headers.get_content_type() == "image/svg+xml"
        assert response.headers.get_content_charset() is None
        seen = email.utils.parsedate_to_datetime(response.headers["Last-Modified"])
    modified = (PUBLIC / "pictures" / "envelope.svg").stat().st_mtime
    assert seen == datetime.fromtimestamp(int(modified), UTC)


class Links(html.parser.HTMLParser):
    """The addresses of a page's links, and their texts, as the standard library reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.texts = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]

    def handle_data(self, data: str) -> None:
        self.texts += data


@ours
@given(path=st.lists(PIECES, max_size=6).map("/".join) | st.text(max_size=20))
def test_no_path_leads_out(linked, path):
    try:
        found = locate(linked, path)
    except UnicodeEncodeError:
        assert not path.isprintable()  # half a surrogate pair: no request can hold it
        return
    if found is not None:
        inside = found.resolve(strict=True).relative_to(linked).parts
        assert all(is_safe_name(name) for name in inside)


@ours
@given(pieces=st.lists(PIECES, max_size=8), slashes=st.booleans())
def test_no_request_gets_what_is_hidden(linked, pieces, slashes):
    """Any target through the parser, the router and the files: no secret, and no 500."""
    router = Router()
    router.get("/static/{path:path}", name="static")(StaticFiles(linked))
    target = "/static/" + ("/" if slashes else "").join(pieces)
    parser = RequestParser()
    try:
        request = parser.feed(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    except HTTPError as error:
        assert error.status in (400, 414)
        return
    assert request is not None
    response = answer(request, router)
    assert response.status in (200, 308, 400, 404)
    content = b"".join(response.blocks())
    assert b"secret" not in content.replace(b"site-secret", b"")


@ours
@given(name=st.lists(PIECES, min_size=1, max_size=3).map("".join) | st.text(min_size=1))
def test_any_upload_stays_inside(tmp_path_factory, name):
    """What can be posted under a name can be read under it; all else writes nothing."""
    base = tmp_path_factory.mktemp("base")
    folder = base / "folder"
    folder.mkdir()
    router = Router()
    Uploads(folder, router)
    target = f"/files/{quote(name, safe='', errors='surrogatepass')}"
    try:
        head = f"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".encode()
        request = RequestParser().feed(head)
    except HTTPError as error:
        assert error.status == 400
        return
    assert request is not None
    response = answer(request, router)
    assert response.status in (201, 400, *[507] * (os.name == "nt")) or name == ""
    written = list(folder.iterdir())
    assert [path.name for path in base.iterdir()] == ["folder"]
    if response.status == 201:
        assert [path.read_bytes() for path in written] == [b"hello"]
        got = RequestParser().feed(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert got is not None
        assert b"".join(answer(got, router).blocks()) == b"hello"
    else:
        assert written == []


@ours
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="/\0\r"), min_size=1))
def test_any_name_can_be_listed(name):
    page = Links(item(name))
    assert page.texts == name
    assert [unquote(address) for address in page.addresses] == [name]
    assert set(page.addresses[0]) <= set(quote("".join(map(chr, range(128)))) + "%0123456789ABCDEF")


@ours
@given(name=st.text())
def test_any_name_has_a_media_type(name):
    main, slash, sub = type_of(name).partition("/")
    assert main and slash and sub
    assert ";" not in sub


@ours
@given(
    tags=st.none() | st.text(st.characters(codec="latin-1", min_codepoint=32)),
    since=st.none() | st.text(st.characters(codec="latin-1", min_codepoint=32)),
)
def test_conditions_may_be_garbage(tags, since):
    lines = {"If-None-Match": tags, "If-Modified-Since": since}
    try:
        fields = Fields({name: value for name, value in lines.items() if value is not None})
    except ValueError:
        return  # no request can hold it
    assert is_not_modified(fields, Validators('"a"', 0)) in (True, False)


@ours
@given(moment=st.datetimes(datetime(1970, 1, 1), datetime(2060, 1, 1)))
def test_any_date_in_any_form(moment):
    """The standard library writes the dates, and we read them."""
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    seconds = moment.timestamp()
    assert parse_date(email.utils.format_datetime(moment, usegmt=True)) == seconds
    assert parse_date(time.asctime(moment.timetuple())) == seconds
    assert parse_date(f"{moment:%A, %d-%b-%y %H:%M:%S GMT}") == seconds
