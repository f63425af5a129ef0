"""The promises of step 04, over the wire: files go out, files come in, and nothing else does."""

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

import server as program

PUBLIC = {
    "demo.html": "text/html",
    "index.html": "text/html",
    "style.css": "text/css",
    "app.js": "text/javascript",
    "pictures/envelope.png": "image/png",
    "pictures/envelope.svg": "image/svg+xml",
}
"""The step's own files, as they are served under /static/."""

TRAVERSALS = {
    "dots": "../secret.txt",
    "dots from a folder": "folder/../../secret.txt",
    "many dots": "../" * 20 + "etc/passwd",
    "encoded dots": "%2e%2e/secret.txt",
    "half encoded dots": ".%2E/secret.txt",
    "encoded slash": "..%2Fsecret.txt",
    "all encoded": "%2e%2e%2fsecret.txt",
    "doubly encoded": "%252e%252e%252fsecret.txt",
    "overlong dots": "%c0%ae%c0%ae/secret.txt",
    "overlong slash": "..%c0%afsecret.txt",
    "backslash": "..\\secret.txt",
    "encoded backslash": "..%5Csecret.txt",
    "dots after a file": "page.html/../../secret.txt",
    "four dots": "..../secret.txt",
    "dots with a parameter": "..;/secret.txt",
    "absolute": "/etc/passwd",
    "encoded absolute": "%2Fetc%2Fpasswd",
    "drive": "C:/secret.txt",
    "drive, backslash": "C:%5Csecret.txt",
    "share": "%5C%5Chost%5Cshare%5Csecret.txt",
    "NUL": "page.html%00",
    "NUL in the middle": "page.html%00.png",
    "line feed": "page.html%0A",
    "device": "CON",
    "device with ending": "nul.txt",
    "data stream": "page.html::$DATA",
    "trailing dot": "page.html.",
    "trailing space": "page.html%20",
    "sibling with the same beginning": "../site-secret/secret.txt",
    "dotfile": ".env",
    "encoded dotfile": "%2Eenv",
    "dot folder": ".git/config",
    "very long name": "x" * 3000,
    "thousands of names": "a/" * 2000,
    "link that leaves": "out.txt",
    "through a link that leaves": "out/secret.txt",
    "link into a sibling": "sibling/secret.txt",
    "link to what is hidden": "settings.txt",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to be served, and beside it what must never be."""
    base = tmp_path_factory.mktemp("step04")
    for name in ("secret.txt", "site-secret/secret.txt", "site/.env", "site/.git/config"):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text("secret")
    (base / "site" / "folder").mkdir()
    (base / "site" / "page.html").write_text("<p>Hello")
    return base / "site"


@pytest.fixture(scope="module")
def links(site) -> None:
    """Symbolic links that lead to what must not be served."""
    try:
        (site / "out.txt").symlink_to(site.parent / "secret.txt")
        (site / "out").symlink_to(site.parent, target_is_directory=True)
        (site / "sibling").symlink_to(site.parent / "site-secret", target_is_directory=True)
        (site / "settings.txt").symlink_to(".env")
    except (OSError, NotImplementedError) as error:
        pytest.skip(f"this system does not let us make symbolic links: {error}")


@pytest.fixture
def shared(serve, site):
    """The server with the folder `site` instead of its own."""
    return serve("--directory", str(site))


def get(target: str, *lines: str, method: str = "GET") -> bytes:
    """A request as bytes."""
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", *lines]
    return "".join(f"{line}\r\n" for line in [*head, ""]).encode()


def post(target: str, body: bytes) -> bytes:
    """A POST with a body, as bytes."""
    return get(target, f"Content-Length: {len(body)}", method="POST") + body


def names_in(folder: Path) -> set[str]:
    """What lies in the folder, hidden files and all."""
    return {path.name for path in folder.iterdir()}


def head_of(raw: bytes) -> bytes:
    """Status line and field lines, but for what is another one for each request."""
    own = rb"\r\n(?:Date|Server-Timing|X-Request-ID): [^\r]*"
    return re.sub(own, b"", raw.partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize("name", PUBLIC)
def test_public_files(server, name):
    """Each file under /static/ comes as it is on disk, with its media type (RFC 9110, 8.3)."""
    content = (Path(program.__file__).parent / "public" / name).read_bytes()
    answer = server.ask(get(f"/static/{name}"))
    answer.expect(status=200, fields={"Content-Type": PUBLIC[name]}, body=content)


def test_home_page_leads_to_the_files(server):
    """The home page has a link to the files, and the files are there."""
    server.ask(get("/")).expect(status=200, contains='href="/static/"')
    server.ask(get("/static/")).expect(status=200, contains="demo.html")


@pytest.mark.parametrize("path", ["/static/demo.html", "/static/", "/static/pictures/", "/static"])
def test_head_is_the_head_of_get(server, path):
    """HEAD answers with the head of GET, Content-Length and all, and ends there (9.3.2)."""
    whole = server.ask(get(path))
    short = server.ask(get(path, method="HEAD"))
    assert head_of(short.raw) == head_of(whole.raw)
    short.expect(body=b"")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_client_that_has_the_file_gets_304(server, method):
    """A client that sends back ETag or Last-Modified gets 304 and no content (15.4.5)."""
    fields = server.ask(get("/static/app.js")).fields
    etag, modified = fields.get("ETag"), fields.get("Last-Modified")
    for line in (f"If-None-Match: {etag}", f"If-Modified-Since: {modified}", "If-None-Match: *"):
        answer = server.ask(get("/static/app.js", line, method=method))
        answer.expect(
            status=304,
            fields={"ETag": etag, "Last-Modified": modified, "Content-Type": None},
            body=b"",
        )


@pytest.mark.parametrize(
    "line",
    [
        'If-None-Match: "another"',
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
        "If-Modified-Since: yesterday",
    ],
)
def test_client_that_has_another_gets_the_file(server, line):
    """A client that has something else, or does not make sense, gets the file (13.1)."""
    server.ask(get("/static/app.js", line)).expect(status=200, contains="fetch")


@pytest.mark.parametrize(
    "path, location",
    [
        ("/static", "/static/"),
        ("/static?a=1&b=%3F", "/static/?a=1&b=%3F"),
        ("/static/pictures", "/static/pictures/"),
        ("/static/pictures?sort=name", "/static/pictures/?sort=name"),
    ],
)
def test_redirect_to_the_slash(server, path, location):
    """A folder without its slash is a redirect to it, and the query is kept."""
    server.ask(get(path)).expect(status=308, fields={"Location": location})


def test_only_get_and_head(server):
    """Other methods than GET and HEAD are 405, with the methods in Allow (15.5.6)."""
    server.ask(post("/static/app.js", b"hello")).expect(
        status=405, fields={"Allow": "GET, HEAD, OPTIONS"}
    )


def test_listing_leads_to_every_file(shared, site):
    """Each link of a listing leads to its file, whatever the name is made of, and ../ leads up."""
    names = {"a&b#c?<x>.txt", "say \"cheese\" & 'more'.txt", "100%41 +.txt", "Zoë \N{SNOWMAN}.txt"}
    if os.name == "nt":
        names -= {name for name in names if set(name) & set('<>"?')}
    (site / "odd").mkdir()
    for name in names:
        (site / "odd" / name).write_text(name, encoding="utf-8")
    (site / "odd" / ".hidden").touch()
    page = shared.ask(get("/static/odd/")).expect(lacks=[".hidden", "<x>"]).body.decode()
    links = re.findall(r'href="([^"]*)"', page)
    assert {unquote(link) for link in links} == names | {"../"}
    for link in links[1:]:
        shared.ask(get(f"/static/odd/{link}")).expect(status=200, body=unquote(link))
    shared.ask(get("/static/")).expect(contains='href="odd/"', lacks=".env")


@pytest.mark.skipif(os.name == "nt", reason="on Windows every file name is text")
def test_name_that_is_no_text_is_not_listed(shared, site):
    """A name of bytes that are not UTF-8 is left out of the list, and the list is sent."""
    (site / "bytes").mkdir()
    (site / "bytes" / "shown.txt").touch()
    try:
        (site / "bytes" / os.fsdecode(b"caf\xe9.txt")).touch()
    except OSError as error:
        pytest.skip(f"this file system takes no such names: {error}")
    page = shared.ask(get("/static/bytes/")).expect(status=200, contains="shown.txt").body
    assert page.count(b"<li>") == 2  # ../ and shown.txt


@pytest.mark.parametrize("kind", TRAVERSALS)
def test_traversal(shared, links, kind):
    """No path leads out of the folder, or to what is hidden: 404, or 400 if it is no path."""
    for prefix in ("/static/", "/files/"):
        with shared.connect() as wire:
            wire.send(get(prefix + TRAVERSALS[kind]))
            wire.read_response().expect(status=(400, 404), lacks="secret")


def test_another_folder(shared):
    """`--directory` serves another folder, under /static/ and under /files/."""
    for path in ("/static/page.html", "/files/page.html"):
        shared.ask(get(path)).expect(
            status=200, fields={"Content-Type": "text/html"}, body="<p>Hello"
        )
    shared.ask(get("/static/demo.html")).expect(status=404)
    shared.ask(get("/about")).expect(status=200)


def test_without_a_folder_no_uploads(server):
    """Without `--directory` there is no /files/: nobody can write anywhere."""
    server.ask(get("/files/demo.html")).expect(status=404)
    server.ask(post("/files/a.txt", b"hello")).expect(status=404)
    assert not list(Path(program.__file__).parent.rglob("a.txt"))


def test_folder_that_is_not_there(tmp_path, monkeypatch, capsys):
    """A folder that is not there gets one line that says so, and exit code 2."""
    monkeypatch.setattr("sys.argv", ["server.py", "--directory", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit) as stop:
        program.main()
    assert stop.value.code == 2
    assert "there is no folder" in capsys.readouterr().err


def test_upload(shared, site, rng):
    """POST makes a file: 201 for a new one, 200 for one in its place; GET gives it back."""
    before = names_in(site)
    name, content = "Zoë & co.bin", rng.randbytes(2000)
    path = f"/files/{quote(name)}"
    with shared.connect() as wire:
        wire.send(post(path, content))
        wire.read_response("POST").expect(status=201, fields={"Location": path})
    shared.ask(get(path)).expect(status=200, body=content)
    shared.ask(get(f"/static/{quote(name)}")).expect(status=200, body=content)
    shared.ask(post(path, b"second")).expect(status=200, fields={"Location": path})
    assert (site / name).read_bytes() == b"second"
    assert names_in(site) == before | {name}


def test_upload_stays_inside(shared, site):
    """An upload writes into the folder, and nowhere else: 400 for a name that leads elsewhere."""
    before = names_in(site), names_in(site.parent)
    for name in ("..%2Fout.txt", "%2e%2e", "..%5Cout.txt", ".env", "a.txt::$DATA", "NUL", "a%00b"):
        shared.ask(post(f"/files/{name}", b"hello")).expect(status=400)
    for path in ("/files/folder/a.txt", "/files/../out.txt"):
        shared.ask(post(path, b"hello")).expect(status=404)
    assert (names_in(site), names_in(site.parent)) == before


def test_upload_over_a_folder(shared, site):
    """A folder can't be replaced by a file: 409. Nor is it a file that can be read: 404."""
    shared.ask(post("/files/folder", b"hello")).expect(status=409)
    shared.ask(get("/files/folder")).expect(status=404)
    assert (site / "folder").is_dir()


def test_upload_that_is_too_large(shared, site):
    """A file that is too large is refused at its head, before its bytes are sent: 413."""
    request = get("/files/large.txt", "Content-Length: 999999999", method="POST")
    shared.ask(request, behind=False).expect(status=413)
    assert "large.txt" not in names_in(site)


def test_upload_that_breaks_off(shared, site):
    """Of an upload that breaks off nothing is left, and the file of that name stays as it was."""
    before = names_in(site)
    with shared.connect() as wire:
        wire.send(post("/files/page.html", b"new version")[:-1])
        wire.close_sending()
        wire.read_response("POST").expect(status=400)
    shared.ask(get("/files/page.html")).expect(body="<p>Hello")
    assert names_in(site) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_named_pipe(shared, site):
    """A named pipe in the folder is not there: to open it would stop the server for everybody."""
    os.mkfifo(site / "pipe")
    for path in ("/static/pipe", "/files/pipe"):
        shared.ask(get(path)).expect(status=404)


def test_large_file(shared, site, rng):
    """A file of many blocks arrives whole, byte by byte what is on disk."""
    content = rng.randbytes(2**20 + 12345)
    (site / "large.bin").write_bytes(content)
    with shared.connect() as wire:
        wire.send(get("/static/large.bin", "Connection: close"))
        wire.read_response().expect(status=200, body=content)
        wire.expect_closed()


def test_client_that_leaves_half_way(shared, site):
    """A client that leaves in the middle of a large file does not stop the server."""
    with (site / "larger.bin").open("wb") as sparse:
        sparse.truncate(2**26)
    for _ in range(3):
        with shared.connect() as wire:
            wire.send(get("/static/larger.bin"))
            wire.read_exactly(100_000)
            wire.reset()
    shared.ask(get("/about")).expect(status=200)
    assert "Traceback" not in shared.running.output()
