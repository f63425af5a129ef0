"""Files of a folder as responses: safe paths, media types, validators, streamed."""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from errors import HTTPError
from file_types import type_of
from listing import list_folder
from request import Request
from response import BLOCK_BYTES, Response
from safe_paths import locate
from target import percent_decode
from validators import Validators, is_forbidden, is_not_modified

INDEX = "index.html"

SHORTAGE = {errno.EMFILE, errno.ENFILE}
"""What `open` fails with where too many files are open: in this process, in the whole machine."""


@dataclass
class FileResponse(Response):
    """A response whose content is read from a file while it is sent."""

    path: Path = Path()
    size: int = 0

    @property
    def length(self) -> int:
        """How many bytes `blocks` will give."""
        return self.size

    def blocks(self) -> Iterator[bytes]:
        """The file, in pieces of 1 to BLOCK_BYTES bytes, `size` bytes in all, not one more.

        OSError where the file turns out shorter. The client then sees the connection end early,
        and knows that it has not got all. The file, opened by `self.open`, is closed whatever
        happens, also when nobody asks for the rest of the pieces.
        """
        left = self.size
        with self.open() as file:
            while left:
                block = file.read(min(left, BLOCK_BYTES))
                if not block:
                    raise OSError(f"{self.path.name} became shorter while it was sent")
                left -= len(block)
                yield block

    def open(self) -> BinaryIO:
        """The file, opened; OSError where it is no longer the one that the head describes."""
        file = self.path.open("rb")
        if Validators.of(os.fstat(file.fileno())).etag == self.fields["ETag"]:
            return file
        file.close()
        raise OSError(f"{self.path.name} was changed when it was about to be sent")


class StaticFiles:
    """An endpoint that serves a folder, to be put at a pattern such as /static/{path:path}."""

    def __init__(self, folder: Path) -> None:
        self.root = folder.resolve()

    def __call__(self, request: Request, path: str) -> Response:
        """The file at this decoded path; of a folder, its index page or a list of what it holds.

        HTTPError 404 where there is nothing to serve, 403 where we may not read it.
        """
        found = locate(self.root, path)
        if found and found.is_dir():
            return self.folder_response(request, path, found)
        if not found or path.endswith("/"):
            raise HTTPError(404, "There is no such file.")
        return file_response(request, found)

    def folder_response(self, request: Request, path: str, folder: Path) -> Response:
        """A folder's address ends with a slash: links in its pages are relative to it."""
        if not request.path.endswith("/"):
            query = f"?{request.target.query}" if request.target.query else ""
            return Response.redirect(f"{request.path}/{query}", 308)
        index = locate(self.root, path + INDEX)
        if index and index.is_file():
            return file_response(request, index)
        try:
            names = [entry.name for entry in folder.iterdir()]
        except PermissionError:
            raise HTTPError(403, "This folder may not be read.") from None
        served = [name for name in names if self.serves(path + name)]
        return list_folder(percent_decode(request.path), folder, served)

    def serves(self, path: str) -> bool:
        """Whether there is something to show at this decoded path."""
        found = locate(self.root, path)
        return found is not None and (found.is_dir() or found.is_file())


def file_response(request: Request, path: Path) -> Response:
    """The file, or 304 where the client has it already. Else HTTPError 403, 404, 412 or 503.

    What is no regular file is not there: to open a named pipe would wait for ever. The client
    may keep the file, but has to ask each time whether it has changed (RFC 9111, 5.2.2.4): left
    to itself, a browser guesses for how long it need not.
    """
    try:
        if not path.is_file():
            raise FileNotFoundError
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except PermissionError:
        raise HTTPError(403, "This file may not be read.") from None
    except OSError as error:
        if error.errno in SHORTAGE:
            raise HTTPError(503, "Too many files are open; come again in a moment.") from None
        raise HTTPError(404, "There is no such file.") from None
    validators = Validators.of(status)
    fields = validators.fields()
    fields.add("Cache-Control", "no-cache")
    if is_forbidden(request.fields, validators):
        raise HTTPError(412, "The file is not the one that you know.")
    if is_not_modified(request.fields, validators):
        return Response(304, fields=fields)
    fields.add("Content-Type", type_of(path.name))
    return FileResponse(200, fields=fields, path=path, size=status.st_size)
