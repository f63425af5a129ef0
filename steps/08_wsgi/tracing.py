"""Links by which one request can be followed: its id, and the time that it took."""

import re
import secrets
import time

from middleware import Handler
from request import Request
from response import Response

WELL_FORMED = re.compile(r"[0-9A-Za-z_.-]{8,64}")
"""An id that a client may choose. It is written to logs and sent back, so it is kept harmless."""


class RequestId:
    """Gives each request an id, and sends it back."""

    def __call__(self, request: Request, next: Handler) -> Response:
        """The id goes to the context as "request_id", and into the field X-Request-ID.

        A proxy in front of us may have given one already: then both logs can be laid side by
        side. One that is not WELL_FORMED is replaced.
        """
        given = request.fields.get("X-Request-ID")
        request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(16)
        request.context["request_id"] = request_id
        response = next(request)
        response.fields["X-Request-ID"] = request_id
        return response


class ServerTiming:
    """Tells how long the answer took to make."""

    def __call__(self, request: Request, next: Handler) -> Response:
        """Adds a field Server-Timing, in milliseconds; a browser shows it in its network panel."""
        start = time.perf_counter()
        response = next(request)
        milliseconds = 1000 * (time.perf_counter() - start)
        response.fields.add("Server-Timing", f"app;dur={milliseconds:.3f}")
        return response
