"""A folder that clients can put files into: /files/{name}."""

import secrets
from pathlib import Path

from errors import HTTPError
from fields import Fields
from request import Request
from response import Response
from router import Router
from safe_paths import is_safe_name, locate
from shared_state import SharedState
from static_files import file_response
from validators import Validators, is_forbidden, is_not_modified

MAX_NAME_BYTES = 200
"""File systems take 255; the temporary file's name must fit too."""


class Uploads:
    """The endpoints of a folder: GET a file, POST one."""

    def __init__(self, folder: Path, router: Router, turn: SharedState) -> None:
        """Puts the endpoints on the router. The folder is there already.

        `turn` is what a writer has to have: between its look at a file and its writing nobody
        else may write.
        """
        self.turn = turn
        self.folder = folder.resolve()
        self.url_for = router.url_for
        router.get("/files/{name}")(self.read_file)
        router.post("/files/{name}")(self.write_file)

    def read_file(self, request: Request, name: str) -> Response:
        """GET /files/name: the file."""
        found = locate(self.folder, name) if is_safe_name(name) else None
        if not found:
            raise HTTPError(404, "There is no such file.")
        return file_response(request, found)

    def write_file(self, request: Request, name: str) -> Response:
        """POST /files/name: 201 where the file is new, 200 where it takes another's place."""
        if not is_safe_name(name) or len(name.encode()) > MAX_NAME_BYTES:
            raise HTTPError(400, "This name cannot be a file's name here.")
        path = self.folder / name
        if path.is_dir():
            raise HTTPError(409, "There is a folder of this name.")
        with self.turn:
            known = path.exists()
            check_conditions(request.fields, path if known else None)
            replace_file(path, request.body)
        response = Response.text(f"{len(request.body)} bytes written.\n", 200 if known else 201)
        response.fields["Location"] = self.url_for("read_file", name=name)
        return response


def check_conditions(fields: Fields, path: Path | None) -> None:
    """HTTPError 412 where the client wants to write only if the file is as it thinks.

    With If-Match that is: still the same; with If-None-Match: * it is: not there. So of two
    clients that write at once none loses what the other wrote (RFC 9110, 13.1.1 and 13.1.2).
    """
    current = Validators.of(path.stat()) if path else None
    unwanted = current and "If-None-Match" in fields and is_not_modified(fields, current)
    if unwanted or is_forbidden(fields, current):
        raise HTTPError(412, "The file is not as you think; nothing was written.")


def replace_file(path: Path, content: bytes) -> None:
    """Put the content at the path: whole or not at all. HTTPError 507 where it cannot be written.

    It is written beside it first, under a name that is never served, then renamed: a reader
    sees the old file or the new one, and a symbolic link is replaced, not followed.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        raise HTTPError(507, "The file could not be written.") from None
    finally:
        temporary.unlink(missing_ok=True)
