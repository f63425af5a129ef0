"""The link that writes a line for each request: who, when, what, and what came of it."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from errors import HTTPError
from middleware import Handler
from request import Request
from response import Response, has_content
from server_log import to_stderr

UNSAFE = re.compile(r'[^\x20-\x7e]|["\\]')
"""What could end a line, or the quotes in it: a stranger must not write lines of our log."""


@dataclass(frozen=True)
class Entry:
    """One request, and what became of it. Times are in seconds, `began` since 1970 in UTC."""

    request: Request
    status: int
    size: int | None
    began: float
    seconds: float

    def known(self, name: str) -> str:
        """What a link has found out about the request, such as its "user"; "-" for nothing."""
        return str(self.request.context.get(name, "-"))

    @property
    def target(self) -> str:
        """The request target, in origin-form; that of CONNECT has no path, and is host and port."""
        path, query = self.request.path, self.request.target.query
        return f"{path}?{query}" if query else path or self.request.target.authority or ""


def common_line(entry: Entry) -> str:
    """The entry in Common Log Format, which every tool that reads logs can read:

        127.0.0.1 - ada [06/Nov/1994:08:49:37 +0000] "GET /a?b HTTP/1.1" 200 4711

    Client, identity (nobody asks for it any more), user, time in UTC, request line, status and
    bytes of content; "-" stands for what is not known. In the user and the request line each
    character of UNSAFE is written \\xXX; in the user a space, too, as it would end the name.
    """
    when = datetime.fromtimestamp(entry.began, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    user = escaped(entry.known("user")).replace(" ", r"\x20")
    size = "-" if entry.size is None else entry.size
    return f'{entry.known("client")} - {user} [{when}] "{line}" {entry.status} {size}'


def json_line(entry: Entry) -> str:
    """The entry as a JSON object on one line, for programs: more of it, and each part named."""
    return json.dumps(
        {
            "time": datetime.fromtimestamp(entry.began, UTC).isoformat(timespec="milliseconds"),
            "client": entry.known("client"),
            "user": entry.known("user"),
            "request_id": entry.known("request_id"),
            "method": entry.request.method,
            "target": entry.target,
            "version": entry.request.version,
            "status": entry.status,
            "bytes": entry.size,
            "milliseconds": round(1000 * entry.seconds, 3),
            "user_agent": entry.request.fields.get("User-Agent", "-"),
        }
    )


def escaped(text: str) -> str:
    """The text with \\xXX for each character of UNSAFE, byte by byte in UTF-8.

    Half a surrogate pair, such as "\\ud800", is a character that Python's texts can have and UTF-8
    cannot say: it becomes \\x3f, a question mark, as the error handler "replace" writes it.
    """

    def escape(character: re.Match[str]) -> str:
        return "".join(f"\\x{byte:02x}" for byte in character[0].encode("utf-8", "replace"))

    return UNSAFE.sub(escape, text)


FORMATS = {"common": common_line, "json": json_line}


class AccessLog:
    """Writes a line for each request."""

    inside_of: ClassVar[dict[str, str]] = {
        "RequestId": "what a link between them answers would have no id in its line"
    }

    def __init__(self, format: str = "common", write: Callable[[str], None] = to_stderr) -> None:
        """`format` is one of FORMATS."""
        self.line = FORMATS[format]
        self.write = write

    def __call__(self, request: Request, next: Handler) -> Response:
        """The rest's response or exception. The line is written before the response is sent."""
        began, start = time.time(), time.perf_counter()
        status, size = 500, None
        try:
            response = next(request)
            status, size = response.status, size_of(request, response)
            return response
        except HTTPError as error:
            status = error.status
            raise
        finally:
            seconds = time.perf_counter() - start
            self.write(self.line(Entry(request, status, size, began, seconds)))


def size_of(request: Request, response: Response) -> int | None:
    """The bytes of content that will be sent; None where there is no content to be sent."""
    is_sent = request.method != "HEAD" and has_content(response.status)
    return response.length if is_sent else None
