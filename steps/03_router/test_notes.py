"""The notes: create, read, update and delete, in JSON, and what does not get in."""

import json

import pytest

from notes import MAX_NOTE_BYTES, MAX_NOTES, Notes
from request import RequestParser
from response import Response
from router import Router
from server import answer

JSON = "Content-Type: application/json"


class Api:
    """An application with nothing but notes, and none of those yet."""

    def __init__(self) -> None:
        self.router = Router()
        self.notes = Notes(self.router)

    def ask(self, line: str, body: bytes = b"", media_type: str = JSON) -> Response:
        """What it answers to a request with this line, such as `GET /api/notes`."""
        lines = [
            f"{line} HTTP/1.1",
            "Host: here",
            f"Content-Length: {len(body)}",
            media_type,
            "\r\n",
        ]
        request = RequestParser().feed("\r\n".join(line for line in lines if line).encode() + body)
        assert request is not None, "the request is not whole"
        return answer(request, self.router)

    def create(self, **members: object) -> str:
        """Make a note; its address."""
        response = self.ask("POST /api/notes", json.dumps(members).encode())
        assert response.status == 201
        return response.fields["Location"]

    def read(self, address: str) -> object:
        """The value at this address, which must be there."""
        response = self.ask(f"GET {address}")
        assert (response.status, response.fields["Content-Type"]) == (200, "application/json")
        return json.loads(response.content)


@pytest.fixture
def api() -> Api:
    """A new application for each check."""
    return Api()


def test_no_notes(api):
    """At first there are no notes: an empty list."""
    assert api.read("/api/notes") == []


def test_create(api, rng):
    """POST answers 201, with the note and, in Location, its address (RFC 9110, section 9.3.3)."""
    text = f"milk {rng.randrange(10**6)}"
    response = api.ask("POST /api/notes", json.dumps({"text": text}).encode())
    assert response.status == 201
    note = json.loads(response.content)
    assert note == {"id": note["id"], "text": text}
    assert api.read(response.fields["Location"]) == note
    assert api.read("/api/notes") == [note]


def test_each_its_own_address(api):
    """Each note has an address of its own, and none is given again after a note was deleted."""
    first, second = api.create(text="a"), api.create(text="b")
    api.ask(f"DELETE {second}")
    third = api.create(text="c")
    assert len({first, second, third}) == 3
    assert [note["text"] for note in api.read("/api/notes")] == ["a", "c"]


def test_id_is_ours(api):
    """The number of a note is ours to give: "id" in a body changes nothing."""
    address = api.create(id=77, text="a")
    number = api.read(address)["id"]
    assert address == f"/api/notes/{number}"
    for method in ("PUT", "PATCH"):
        assert api.ask(f"{method} {address}", b'{"id": 99, "text": "b"}').status == 200
        assert api.read(address) == {"id": number, "text": "b"}


def test_put(api):
    """PUT puts a new note in the place of the old one: members that it does not name are gone."""
    address = api.create(text="a", done=False)
    response = api.ask(f"PUT {address}", b'{"title": "b"}')
    assert response.status == 200
    assert json.loads(response.content) == api.read(address)
    assert api.read(address) == {"id": 1, "title": "b"}


def test_patch(api):
    """PATCH changes the members that it names, takes away those named null, and keeps the rest."""
    address = api.create(text="a", done=False, tags=["x"], due=None)
    response = api.ask(f"PATCH {address}", b'{"done": true, "tags": null, "new": 1, "none": null}')
    assert response.status == 200
    assert json.loads(response.content) == api.read(address)
    assert api.read(address) == {"id": 1, "text": "a", "done": True, "due": None, "new": 1}


def test_delete(api):
    """DELETE answers 204, without content, and then the note is gone."""
    address, other = api.create(text="a"), api.create(text="b")
    response = api.ask(f"DELETE {address}")
    assert (response.status, response.content) == (204, b"")
    assert api.ask(f"GET {address}").status == 404
    assert api.ask(f"GET {other}").status == 200
    assert len(api.read("/api/notes")) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_no_such_note(api, method):
    """What is not there is 404, in JSON, as all that these addresses say."""
    response = api.ask(f"{method} /api/notes/404", b'{"text": "a"}')
    assert (response.status, response.fields["Content-Type"]) == (404, "application/json")
    assert json.loads(response.content)["status"] == 404
    assert api.read("/api/notes") == []


NO_NOTES = {
    "no JSON": b"milk",
    "half an object": b'{"text": "mi',
    "nothing": b"",
    "two objects": b'{"a": 1} {"b": 2}',
    "a comma too many": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "a list": b'[{"text": "milk"}]',
    "a string": b'"milk"',
    "a number": b"1",
    "null": b"null",
    "no members": b"{}",
    "an id and nothing else": b'{"id": 7}',
    "no UTF-8": b'{"text": "\xff"}',
    "UTF-16": '{"text": "milk"}'.encode("utf-16"),
    "NaN": b'{"price": NaN}',
    "-Infinity": b'{"price": -Infinity}',
    "a number like infinity": b'{"price": 1e999}',
    "a number of 10000 digits": b'{"price": ' + b"9" * 10_000 + b"}",
    "nested 101 deep": b'{"a":' + b"[" * 100 + b"]" * 100 + b"}",
    "nested 100000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "nested, and never closed": b"[" * 100_000,
}


WRITING = ("POST /api/notes", "PUT /api/notes/1", "PATCH /api/notes/1")


@pytest.mark.parametrize("body", NO_NOTES.values(), ids=NO_NOTES)
def test_no_note(api, body):
    """What is no JSON object with members is 400, in JSON, and changes nothing."""
    api.create(text="a")
    for line in WRITING:
        response = api.ask(line, body)
        assert (response.status, response.fields["Content-Type"]) == (400, "application/json")
        assert json.loads(response.content)["status"] == 400
        assert api.read("/api/notes") == [{"id": 1, "text": "a"}]


@pytest.mark.parametrize(
    "media_type",
    ["", "Content-Type: text/plain", "Content-Type: application/jsonx", "Content-Type: json"],
)
def test_body_is_not_called_json(api, media_type):
    """415 where the body is not called JSON (RFC 9110, section 15.5.16), whatever it holds."""
    api.create(text="a")
    for line in WRITING:
        response = api.ask(line, b'{"text": "b"}', media_type)
        assert (response.status, response.fields["Content-Type"]) == (415, "application/json")
        assert api.read("/api/notes") == [{"id": 1, "text": "a"}]


@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"],
)
def test_body_is_called_json(api, media_type):
    """Parameters and case make no difference, and there are many kinds of JSON (RFC 6839)."""
    address = api.create(text="a")
    response = api.ask(f"PATCH {address}", b'{"text": "b"}', f"Content-Type: {media_type}")
    assert response.status == 200
    assert api.read(address)["text"] == "b"


STRANGE_NOTES = {
    "any script": '{"text": "Zoë 李 🐍"}',
    "control characters": r'{"text": "\u0000\u001f\u007f"}',
    "half a surrogate pair": r'{"text": "\ud800"}',
    "the other half first": r'{"text": "\udc00\ud800"}',
    "half a surrogate pair for a name": r'{"\udfff": 1}',
    "a surrogate pair": r'{"text": "\ud83d\udc0d"}',
    "a large number": '{"count": 123456789012345678901234567890}',
    "a small number": '{"count": -1.5e-300}',
    "HTML": '{"text": "<script>"}',
    "empty names": '{"": {"": [[], {}, null]}}',
    "nested 100 deep": '{"a":' + "[" * 99 + "]" * 99 + "}",
}


@pytest.mark.parametrize("note", STRANGE_NOTES.values(), ids=STRANGE_NOTES)
def test_strange_note(api, note):
    """What JSON can say comes back, even half a surrogate pair, which UTF-8 cannot say."""
    address = api.ask("POST /api/notes", note.encode()).fields["Location"]
    assert api.read(address) == {"id": 1, **json.loads(note)}
    assert api.read("/api/notes") == [{"id": 1, **json.loads(note)}]


@pytest.mark.parametrize(
    "address", ["/api/notes/x", "/api/notes/-1", "/api/notes/1.5", "/api/notes/" + "9" * 5000]
)
def test_no_number(api, address):
    """An address that ends with no number is no note's: 404."""
    assert api.ask(f"GET {address}").status == 404


@pytest.mark.parametrize(
    "line, methods",
    [
        ("DELETE /api/notes", "GET, HEAD, OPTIONS, POST"),
        ("POST /api/notes/1", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
    ],
)
def test_methods(api, line, methods):
    """405, and Allow tells what can be done with all notes, and with one."""
    response = api.ask(line, b'{"text": "a"}')
    assert (response.status, response.fields["Allow"]) == (405, methods)


def test_note_has_a_size(api):
    """A note has MAX_NOTE_BYTES at most, however it comes to them: more is 413, and not kept."""
    half = json.dumps({"a": "x" * (MAX_NOTE_BYTES // 2)}).encode()
    address = api.ask("POST /api/notes", half).fields["Location"]
    note = api.read(address)
    assert api.ask(f"PATCH {address}", half.replace(b"a", b"b", 1)).status == 413
    for line in ("POST /api/notes", f"PUT {address}"):
        assert api.ask(line, half.replace(b"x", b"xy")).status == 413
    assert api.read("/api/notes") == [note]


def test_not_without_end(api):
    """They are in memory, so that there is an end to them: 507, until one is deleted."""
    api.notes.notes.update((number, {"id": number}) for number in range(-MAX_NOTES, 0))
    assert api.ask("POST /api/notes", b'{"text": "a"}').status == 507
    del api.notes.notes[-1]
    assert api.ask("POST /api/notes", b'{"text": "a"}').status == 201
