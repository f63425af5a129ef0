"""A collection of notes that programs read and write as JSON: create, read, update, delete."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bodies import parse_json
from errors import HTTPError, error_response
from request import Request
from response import Response
from router import Endpoint, Router
from shared_state import SharedState, StateOfProcesses

MAX_NOTES = 1000
MAX_NOTE_BYTES = 16 * 1024
"""They live in memory until the server stops: this is what they may take of it."""

Note = dict[str, object]
"""What the client put into it, and the number that we gave it as "id"."""


@dataclass
class Collection:
    """All notes by their numbers, and the last number that was given."""

    notes: dict[int, Note] = field(default_factory=dict)
    last: int = 0


class Notes:
    """The notes, and the endpoints that work on them."""

    def __init__(self, router: Router) -> None:
        """No notes yet. Puts the endpoints on the router, under /api/notes."""
        self.state = SharedState(Collection())
        self.url_for = router.url_for
        for pattern, method, endpoint in (
            ("/api/notes", "GET", self.list_notes),
            ("/api/notes", "POST", self.create_note),
            ("/api/notes/{id:int}", "GET", self.read_note),
            ("/api/notes/{id:int}", "PUT", self.replace_note),
            ("/api/notes/{id:int}", "PATCH", self.change_note),
            ("/api/notes/{id:int}", "DELETE", self.delete_note),
        ):
            alone = self.one_at_a_time(endpoint)
            router.route(pattern, method, name=endpoint.__name__)(errors_in_json(alone))

    def share(self) -> None:
        """Let processes that are forked from now on have these notes in common."""
        with self.state as collection:
            self.state = StateOfProcesses(collection)

    def one_at_a_time(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, but with nobody else at the notes meanwhile."""

        def answer(request: Request, **values: int) -> Response:
            with self.state as self.collection:
                return endpoint(request, **values)

        return answer

    def list_notes(self, request: Request) -> Response:
        """GET /api/notes: all notes."""
        return Response.json(list(self.collection.notes.values()))

    def create_note(self, request: Request) -> Response:
        """POST /api/notes: 201, and the new note's address in Location (RFC 9110, 9.3.3)."""
        if len(self.collection.notes) >= MAX_NOTES:
            raise HTTPError(507, f"There are {MAX_NOTES} notes already; delete one first.")
        self.collection.last += 1
        number = self.collection.last
        response = self.keep(number, members(request), 201)
        response.fields["Location"] = self.url_for("read_note", id=number)
        return response

    def read_note(self, request: Request, id: int) -> Response:
        """GET /api/notes/1: that note."""
        return Response.json(self.find(id))

    def replace_note(self, request: Request, id: int) -> Response:
        """PUT /api/notes/1: what the client sends takes the place of what was there."""
        self.find(id)
        return self.keep(id, members(request))

    def change_note(self, request: Request, id: int) -> Response:
        """PATCH /api/notes/1: members sent replace members, and null removes one."""
        note, changes = self.find(id), members(request)
        kept = {name: value for name, value in note.items() if name not in changes}
        new = {name: value for name, value in changes.items() if value is not None}
        return self.keep(id, kept | new)

    def delete_note(self, request: Request, id: int) -> Response:
        """DELETE /api/notes/1: 204, as there is nothing to say."""
        self.find(id)
        del self.collection.notes[id]
        return Response(204)

    def keep(self, id: int, note: Note, status: int = 200) -> Response:
        """Keep the note under this number, and show it; HTTPError 413 where it is too long."""
        note = {"id": id} | note
        response = Response.json(note, status)
        if response.length > MAX_NOTE_BYTES:
            raise HTTPError(413, f"A note may have {MAX_NOTE_BYTES} bytes, and no more.")
        self.collection.notes[id] = note
        return response

    def find(self, id: int) -> Note:
        """The note with that number; HTTPError 404 where there is none."""
        if id not in self.collection.notes:
            raise HTTPError(404, f"There is no note {id}.")
        return self.collection.notes[id]


def members(request: Request) -> Note:
    """The members of the JSON object in the body, but for "id", which is ours to give.

    HTTPError 415 where the body is not JSON, 400 where it is no object or has no members.
    """
    value = parse_json(request)
    if not isinstance(value, dict) or not value.keys() - {"id"}:
        raise HTTPError(400, 'A note is a JSON object with members, such as {"text": "milk"}.')
    return {name: member for name, member in value.items() if name != "id"}


def errors_in_json(endpoint: Endpoint) -> Callable[..., Response]:
    """The endpoint, but with its errors in JSON, as the rest of what it says."""

    def answer(request: Request, **values: int) -> Response:
        try:
            return endpoint(request, **values)
        except HTTPError as error:
            return error_response(error, "application/json")

    return answer
