"""The link that turns exceptions into responses."""

import traceback
from collections.abc import Callable
from typing import ClassVar

from errors import HTTPError, error_response
from middleware import Handler
from request import Request
from response import Response
from server_log import quoted, to_stderr


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
            what = f"{request.method} {request.path} failed, request {request_id}"
            self.log(f"{what}\n{quoted(trace)}")
            detail = "The server made a mistake; its log says more."
            return error_response(HTTPError(500, trace if self.debug else detail), accept)
