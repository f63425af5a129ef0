"""`uploads.py`: files that clients put into a folder, whole or not at all, and never outside."""

from pathlib import Path

import pytest

from errors import HTTPError
from fields import Fields
from request import Request
from response import Response
from router import Router
from target import Target
from uploads import MAX_NAME_BYTES, Uploads, replace_file

REFUSED = {
    "up": "..",
    "encoded up": "%2e%2e",
    "up and a file": "..%2Fout.txt",
    "up by backslash": "..%5Cout.txt",
    "slash": "a%2Fb.txt",
    "absolute": "%2Ftmp%2Fout.txt",
    "NUL": "a.txt%00.png",
    "line feed": "a%0Ab.txt",
    "drive": "C:out.txt",
    "data stream": "a.txt::$DATA",
    "dotfile": ".env",
    "device": "NUL",
    "device with ending": "con.txt",
    "trailing dot": "a.txt.",
    "trailing space": "a.txt%20",
    "too long": "x" * (MAX_NAME_BYTES + 1),
    "too long in bytes": "%C3%A9" * (MAX_NAME_BYTES // 2 + 1),
}


class Client:
    """Puts requests to the endpoints of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.router = Router()
        Uploads(folder, self.router)

    def ask(self, method: str, name: str, body: bytes = b"", **fields: str) -> Response:
        """The response to a request for /files/name, with fields such as If_Match."""
        lines = Fields({key.replace("_", "-"): value for key, value in fields.items()})
        request = Request(method, Target(f"/files/{name}"), "HTTP/1.1", lines, body)
        try:
            return self.router(request)
        except HTTPError as error:
            return Response.text(error.detail, error.status)

    def read(self, name: str) -> bytes:
        """What GET gives."""
        return b"".join(self.ask("GET", name).blocks())

    @property
    def names(self) -> set[str]:
        """What lies in the folder."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def client(tmp_path) -> Client:
    """A client of a folder that is empty."""
    folder = tmp_path / "shared"
    folder.mkdir()
    return Client(folder)


def test_new_file(client, rng):
    """A file that is new is 201, with its address in Location; there it is, byte by byte."""
    content = rng.randbytes(3000) + b"\r\n\0\n"
    response = client.ask("POST", "a.bin", content)
    assert (response.status, response.fields["Location"]) == (201, "/files/a.bin")
    assert client.read("a.bin") == content
    assert client.names == {"a.bin"}


def test_file_in_the_place_of_another(client):
    """A file that takes another's place is 200, and nothing of the old one is left."""
    client.ask("POST", "a.txt", b"a long first version")
    response = client.ask("POST", "a.txt", b"second")
    assert (response.status, response.fields["Location"]) == (200, "/files/a.txt")
    assert client.read("a.txt") == b"second"


def test_only_if_it_is_as_the_client_thinks(client):
    """A condition that does not hold is 412, and nothing is written (RFC 9110, 13.1)."""
    assert client.ask("POST", "a.txt", b"1", If_Match="*").status == 412
    assert client.names == set()
    assert client.ask("POST", "a.txt", b"2", If_None_Match="*").status == 201
    assert client.ask("POST", "a.txt", b"3", If_None_Match="*").status == 412
    assert client.ask("POST", "a.txt", b"4", If_Match='"another"').status == 412
    long_ago = "Sun, 06 Nov 1994 08:49:37 GMT"
    assert client.ask("POST", "a.txt", b"5", If_Unmodified_Since=long_ago).status == 412
    assert client.read("a.txt") == b"2"
    known = client.ask("GET", "a.txt").fields["ETag"]
    assert client.ask("POST", "a.txt", b"changed", If_Match=known).status == 200
    assert client.ask("POST", "a.txt", b"late", If_Match=known).status == 412
    assert client.read("a.txt") == b"changed"


@pytest.mark.parametrize("name", ["caf%C3%A9%20&%20co.txt", "100%25.txt", "a..b", "%2525.txt"])
def test_location_leads_to_the_file(client, name):
    """The address in Location is percent-encoded, and gives the file back."""
    response = client.ask("POST", name, name.encode())
    assert response.status == 201
    assert client.read(response.fields["Location"].removeprefix("/files/")) == name.encode()


def test_empty_file(client):
    """A file may be empty."""
    assert client.ask("POST", "empty.txt").status == 201
    assert client.ask("GET", "empty.txt").length == 0


def test_longest_name(client):
    """A name of MAX_NAME_BYTES is not too long."""
    name = "x" * MAX_NAME_BYTES
    assert client.ask("POST", name, b"hello").status == 201
    assert client.read(name) == b"hello"


def test_refused_name(client):
    """A name that is hidden, or that leads elsewhere on any system, is 400, and writes nothing."""
    for kind, name in REFUSED.items():
        assert client.ask("POST", name, b"hello").status == 400, f"{kind}: {name}"
        assert client.ask("GET", name).status == 404, f"{kind}: {name}"
        assert client.names == set(), f"{kind}: {name}"
    assert [path.name for path in client.folder.parent.iterdir()] == ["shared"]


def test_folder_stays_a_folder(client):
    """A folder is never replaced by a file: 409. Nor is it a file that could be read: 404."""
    (client.folder / "sub").mkdir()
    (client.folder / "sub" / "inner.txt").touch()
    assert client.ask("POST", "sub", b"hello").status == 409
    assert client.ask("GET", "sub").status == 404
    assert (client.folder / "sub" / "inner.txt").exists()


def test_missing_file(client):
    """What nobody has put there is 404."""
    assert client.ask("GET", "a.txt").status == 404


def test_link_is_replaced_and_not_followed(client, tmp_path):
    """Where a symbolic link leads out of the folder, the link is replaced, and not its target."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"outside")
    try:
        (client.folder / "a.txt").symlink_to(outside)
    except (OSError, NotImplementedError) as error:
        pytest.skip(f"this system does not let us make symbolic links: {error}")
    assert client.ask("GET", "a.txt").status == 404
    client.ask("POST", "a.txt", b"inside")
    assert outside.read_bytes() == b"outside"
    assert client.read("a.txt") == b"inside"


def test_whole_or_not_at_all(client, monkeypatch):
    """Until it is whole, a new version can't be seen: its temporary file is never served."""
    client.ask("POST", "a.txt", b"old version")
    seen = []
    original = Path.replace

    def look_around(temporary: Path, target: Path) -> Path:
        [other] = client.names - {"a.txt"}
        seen.append((client.read("a.txt"), client.ask("GET", other).status))
        return original(temporary, target)

    monkeypatch.setattr(Path, "replace", look_around)
    client.ask("POST", "a.txt", b"new version")
    assert seen == [(b"old version", 404)]
    assert client.read("a.txt") == b"new version"
    assert client.names == {"a.txt"}


def test_disk_that_is_full(client, monkeypatch):
    """507 where the file cannot be written: the old one stays, and no temporary file is left."""
    client.ask("POST", "a.txt", b"old version")

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert client.ask("POST", "a.txt", b"new version").status == 507
    assert client.read("a.txt") == b"old version"
    assert client.names == {"a.txt"}


def test_folder_that_has_gone(tmp_path):
    """507 where the folder itself has gone, and no traceback."""
    with pytest.raises(HTTPError, match="507"):
        replace_file(tmp_path / "gone" / "a.txt", b"hello")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods(client, method):
    """Any other method is 405: here one can read and POST."""
    assert client.ask(method, "a.txt").status == 405
