"""The link that turns exceptions into responses."""

import contextlib
import sys
import traceback
from collections.abc import Callable
from typing import ClassVar

from errors import HTTPError, error_response
from middleware import Handler
from request import Request
from response import Response


def to_stderr(text: str) -> None:
    """Write a line where a server's messages belong: in one piece, at once, and come what may.

    A log that can't be written, on a full disk or a closed terminal, is no reason not to serve.
    """
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class ErrorPages:
    """Makes a response of every exception."""

    inside_of: ClassVar[dict[str, str]] = {
        "CORS": "without CORS's fields, a script on another site could not read the errors",
    }

    def __init__(self, debug: bool = False, log: Callable[[str], None] = to_stderr) -> None:
        """With `debug` the traceback stands on the page too: for your own eyes, on loopback."""
        self.debug = debug
        self.log = log

    def __call__(self, request: Request, next: Handler) -> Response:
        """The rest's response; or, of an HTTPError, the response that it describes.

        Of any other exception a 500 (RFC 9110, section 15.6.1). The log gets its traceback, and
        the response nothing of it: file names and values help whoever looks for a way in.
        """
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(error, accept)
        except Exception:
            trace = traceback.format_exc()
            request_id = request.context.get("request_id", "-")
            self.log(f"{request.method} {request.path} failed, request {request_id}\n{trace}")
            detail = "The server made a mistake; its log says more."
            return error_response(HTTPError(500, trace if self.debug else detail), accept)
