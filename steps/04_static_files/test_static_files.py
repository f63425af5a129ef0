"""Exercise 04.2, a file piece by piece; and `StaticFiles`: what a folder answers."""

import builtins
import contextlib
import errno
import io
import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from errors import HTTPError
from fields import Fields
from request import Request
from response import Response, head
from static_files import BLOCK_BYTES, FileResponse, StaticFiles, file_response
from target import Target, percent_decode
from validators import Validators

SIZES = {
    "empty": 0,
    "one byte": 1,
    "one block less one": BLOCK_BYTES - 1,
    "one block": BLOCK_BYTES,
    "one block and one": BLOCK_BYTES + 1,
    "several blocks": 3 * BLOCK_BYTES + 777,
}


def response_for(path: Path) -> FileResponse:
    """The response that promises this file as it is now."""
    status = path.stat()
    return FileResponse(fields=Validators.of(status).fields(), path=path, size=status.st_size)


def request_for(address: str, **fields: str) -> Request:
    """A GET of this address, with these field lines: `If_None_Match="*"`."""
    path, _, query = address.partition("?")
    lines = {name.replace("_", "-"): value for name, value in fields.items()}
    return Request("GET", Target(path, query), "HTTP/1.1", Fields(lines))


def get(folder: Path, address: str, **fields: str) -> Response:
    """What the folder answers to a GET of this address, which begins with /static/."""
    path = percent_decode(address.partition("?")[0]).removeprefix("/static/")
    return StaticFiles(folder)(request_for(address, **fields), path)


def status_of(folder: Path, address: str, **fields: str) -> int:
    """The status that the folder answers with."""
    try:
        return get(folder, address, **fields).status
    except HTTPError as error:
        return error.status


def same(received: bytes, expected: bytes) -> None:
    """Compare many bytes, and tell in few words where they differ."""
    counts = f"{len(received):,} bytes came, {len(expected):,} were expected"
    assert len(received) == len(expected), counts
    at = next((n for n in range(0, len(expected), 64) if received[n:][:64] != expected[n:][:64]), 0)
    assert received[at : at + 64] == expected[at : at + 64], f"they differ from byte {at:,} on"


@pytest.fixture
def file(tmp_path, rng) -> Path:
    """A file of several blocks."""
    path = tmp_path / "large.bin"
    path.write_bytes(rng.randbytes(4 * BLOCK_BYTES))
    return path


@pytest.fixture
def opened(monkeypatch) -> list:
    """Every file that is opened during the check."""
    files = []
    original = io.open

    def watched(*arguments, **options):
        files.append(original(*arguments, **options))
        return files[-1]

    monkeypatch.setattr(io, "open", watched)
    monkeypatch.setattr(builtins, "open", watched)
    return files


@pytest.mark.exercise("04.2")
class TestBlocks:
    @pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
    def test_whole_file(self, tmp_path, rng, size):
        """All bytes of the file come, in order, whatever its size."""
        path = tmp_path / "file.bin"
        path.write_bytes(rng.randbytes(size))
        same(b"".join(response_for(path).blocks()), path.read_bytes())

    def test_size_of_the_pieces(self, tmp_path):
        """No piece is larger than BLOCK_BYTES, and none is empty."""
        path = tmp_path / "file.bin"
        for size in SIZES.values():
            path.write_bytes(bytes(size))
            lengths = [len(block) for block in response_for(path).blocks()]
            assert all(0 < length <= BLOCK_BYTES for length in lengths), f"pieces of {lengths}"

    def test_memory_stays_small(self, tmp_path):
        """A file of any size takes the memory of some blocks: it is never here as a whole."""
        path = tmp_path / "large.bin"
        with path.open("wb") as sparse:
            sparse.truncate(100 * BLOCK_BYTES)
        tracemalloc.start()
        try:
            total = sum(len(block) for block in response_for(path).blocks())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert total == 100 * BLOCK_BYTES
        assert peak < 20 * BLOCK_BYTES, f"{peak} bytes of memory for blocks of {BLOCK_BYTES}"

    def test_file_that_grows(self, file):
        """Of a file that grows meanwhile `size` bytes come: Content-Length has said so already."""
        before = file.read_bytes()
        blocks = response_for(file).blocks()
        first = next(blocks)
        with file.open("ab") as writer:
            writer.write(b"more" * BLOCK_BYTES)
        same(first + b"".join(blocks), before)

    def test_part_of_a_file(self, file):
        """`size` decides how many bytes come, even where the file has more."""
        response = response_for(file)
        response.size = BLOCK_BYTES + 5
        same(b"".join(response.blocks()), file.read_bytes()[: BLOCK_BYTES + 5])

    def test_file_that_shrinks(self, file):
        """Of a file that shrinks meanwhile all comes that is left, then OSError: no silent end."""
        before, rest = file.read_bytes(), BLOCK_BYTES + BLOCK_BYTES // 2
        blocks = response_for(file).blocks()
        received = next(blocks)
        os.truncate(file, rest)
        with pytest.raises(OSError):
            for block in blocks:
                received += block
                assert len(received) <= len(before), "more bytes came than the file ever had"
        same(received, before[: len(received)])

    def test_closed_at_the_end(self, file, opened):
        """After the last piece the file is closed."""
        blocks = response_for(file).blocks()
        assert sum(map(len, blocks)) == 4 * BLOCK_BYTES
        assert opened, "the file was not opened"
        assert all(one.closed for one in opened), "the file is still open"

    def test_closed_when_the_client_leaves(self, file, opened):
        """Where nobody asks for the rest, and `close` is called instead, the file is closed."""
        blocks = response_for(file).blocks()
        next(blocks)
        assert not all(one.closed for one in opened), "it was closed after the first piece"
        blocks.close()
        assert all(one.closed for one in opened), "the file is still open"

    def test_closed_after_an_error(self, file, opened):
        """Where the file turns out shorter, it is closed all the same."""
        response = response_for(file)
        response.size += 1
        with pytest.raises(OSError):
            list(response.blocks())
        assert all(one.closed for one in opened), "the file is still open"

    def test_file_that_was_replaced(self, file):
        """OSError where the file is no longer the one that the head has described."""
        response = response_for(file)
        file.write_bytes(b"another file")
        with pytest.raises(OSError):
            list(response.blocks())


def test_length_is_known_without_reading(file, opened):
    """The head needs no look into the file: Content-Length is its size."""
    response = response_for(file)
    assert b"\r\nContent-Length: %d\r\n" % (4 * BLOCK_BYTES) in head(response)
    assert not opened


def test_file(tmp_path):
    """A file comes with its media type, its validators, and the order to ask for it each time."""
    (tmp_path / "page.html").write_text("<p>Hello")
    response = get(tmp_path, "/static/page.html")
    validators = Validators.of((tmp_path / "page.html").stat())
    assert response.status == 200
    assert b"".join(response.blocks()) == b"<p>Hello"
    assert dict(response.fields) == {
        "Cache-Control": "no-cache",
        "Content-Type": "text/html",
        "ETag": validators.etag,
        "Last-Modified": validators.fields()["Last-Modified"],
    }


def test_client_has_it_already(tmp_path):
    """304 has what the file came with, but media type and content (RFC 9110, section 15.4.5)."""
    (tmp_path / "page.html").write_text("<p>Hello")
    etag = get(tmp_path, "/static/page.html").fields["ETag"]
    response = get(tmp_path, "/static/page.html", If_None_Match=etag)
    assert response.status == 304
    assert response.fields["ETag"] == etag
    assert "Last-Modified" in response.fields
    assert response.fields["Cache-Control"] == "no-cache"
    assert "Content-Type" not in response.fields
    assert b"Content-Length" not in head(response)


def test_client_has_an_older_one(tmp_path):
    """A file that was changed is sent anew."""
    page = tmp_path / "page.html"
    page.write_text("<p>Hello")
    etag = get(tmp_path, "/static/page.html").fields["ETag"]
    page.write_text("<p>Hello again")
    assert status_of(tmp_path, "/static/page.html", If_None_Match=etag) == 200


@pytest.mark.parametrize("etag", ["*", '"x"'], ids=["any", "another"])
def test_conditions_do_not_make_a_file(tmp_path, etag):
    """What is not there is 404, whatever the client says that it has (RFC 9110, 13.2.1)."""
    assert status_of(tmp_path, "/static/nowhere.html", If_None_Match=etag) == 404


def test_index_page(tmp_path):
    """A folder answers with its index page, its validators and all."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "index.html").write_text("<p>Index")
    for folder, address in ((tmp_path / "in", "/static/"), (tmp_path, "/static/in/")):
        response = get(folder, address)
        assert b"".join(response.blocks()) == b"<p>Index"
        assert response.fields["Content-Type"] == "text/html"
        assert status_of(folder, address, If_None_Match=response.fields["ETag"]) == 304


def test_index_that_is_a_folder(tmp_path):
    """A folder called index.html is no index page."""
    (tmp_path / "index.html").mkdir()
    assert b"index.html/" in get(tmp_path, "/static/").content


def test_listing(tmp_path):
    """A folder without an index page answers with the list of what can be had from it."""
    for name in (".env", "con.txt", "shown.txt"):
        with contextlib.suppress(OSError):
            (tmp_path / name).write_text(name)
    page = get(tmp_path, "/static/").content
    assert b"shown.txt" in page
    assert b".env" not in page
    assert b"con.txt" not in page


def test_listing_leaves_out_links_that_leave(tmp_path):
    """A link that leads out of the folder, or to what is hidden, is not in the list."""
    site = tmp_path / "site"
    site.mkdir()
    (site / ".env").touch()
    try:
        (site / "out").symlink_to(tmp_path, target_is_directory=True)
        (site / "hidden.txt").symlink_to(".env")
        (site / "dangling.txt").symlink_to("nowhere")
    except (OSError, NotImplementedError) as error:
        pytest.skip(f"this system does not let us make symbolic links: {error}")
    (site / "shown.txt").touch()
    page = get(site, "/static/").content
    assert page.count(b"<li>") == 2  # ../ and shown.txt


def test_redirect_to_the_slash(tmp_path):
    """A folder's address gets its slash, and the query stays; links are relative to it."""
    (tmp_path / "my files").mkdir()
    for address, location in (
        ("/static/my%20files", "/static/my%20files/"),
        ("/static/my%20files?a=1&b=%20?", "/static/my%20files/?a=1&b=%20?"),
    ):
        response = get(tmp_path, address)
        assert (response.status, response.fields["Location"]) == (308, location)


@pytest.mark.parametrize(
    "address",
    ["/static/page.html/", "/static/page.html%2F", "/static/folder//", "/static//page.html"],
)
def test_slashes_too_many(tmp_path, address):
    """A file has no slash behind it, and no path has two: one file, one address."""
    (tmp_path / "page.html").touch()
    (tmp_path / "folder").mkdir()
    assert status_of(tmp_path, address) == 404


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    """403 for a file that the system does not let us read, and for such a folder."""

    def refuse(*arguments):
        raise PermissionError

    (tmp_path / "page.html").touch()
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert status_of(tmp_path, "/static/page.html") == 403
    assert status_of(tmp_path, "/static/") == 403


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE], ids=errno.errorcode.get)
def test_too_many_open_files(tmp_path, monkeypatch, code):
    """503 for a file that is there, and cannot be opened just now: 404 would be a lie."""

    def refuse(*arguments):
        raise OSError(code, "Too many open files")

    (tmp_path / "page.html").touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert status_of(tmp_path, "/static/page.html") == 503


def test_file_that_goes_away(tmp_path, monkeypatch):
    """404 for a file that somebody removes while we look at it."""
    (tmp_path / "page.html").touch()
    request, file = request_for("/static/page.html"), tmp_path / "page.html"
    original = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: original(path) and not path.unlink())
    with pytest.raises(HTTPError, match="404"):
        file_response(request, file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_named_pipe(tmp_path):
    """A named pipe is no file, and not listed: to open it would wait for a writer, for ever."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    page = get(tmp_path, "/static/").content.decode()
    assert "pipe" not in page.partition("<ul>")[2] and ">file<" in page
    found: list[int] = []
    reader = threading.Thread(
        target=lambda: found.append(status_of(tmp_path, "/static/pipe")), daemon=True
    )
    reader.start()
    reader.join(2)
    assert found == [404], "the server waits for somebody to write into the pipe"
