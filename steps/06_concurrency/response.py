"""From a response to bytes (RFC 9110, section 15; RFC 9112). Nothing here touches a socket."""

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Self
from urllib.parse import quote

from fields import Fields

REASONS = {
    100: "Continue",
    101: "Switching Protocols",
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    422: "Unprocessable Content",
    426: "Upgrade Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
}
"""Reason phrases (RFC 9110, section 15; RFC 6585; RFC 4918). People read them, programs do not."""

BLOCK_BYTES = 64 * 1024
"""What is sent at a time."""

URI_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
"""With letters and digits, all that a URI is made of (RFC 3986, section 2)."""

STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass
class Response:
    """A status, field lines and content. What frames it, and Date, are written by `head`."""

    status: int = 200
    content: bytes = b""
    fields: Fields = field(default_factory=Fields)

    @classmethod
    def text(cls, text: str, status: int = 200) -> Self:
        """Plain text."""
        return cls.of(text, "text/plain; charset=utf-8", status)

    @classmethod
    def html(cls, page: str, status: int = 200) -> Self:
        """A web page."""
        return cls.of(page, "text/html; charset=utf-8", status)

    @classmethod
    def json(cls, value: object, status: int = 200) -> Self:
        """A value as JSON (RFC 8259); ValueError where JSON has no word for it, such as NaN."""
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        return cls.of(text + "\n", "application/json", status)

    @classmethod
    def redirect(cls, location: str, status: int = 303) -> Self:
        """Send the client elsewhere (RFC 9110, section 15.4).

        What no URI may hold is percent-encoded; what is encoded already stays as it is.
        """
        location = quote(STRAY_PERCENT.sub("%25", location), safe=URI_CHARACTERS)
        response = cls.text(f"See {location}\n", status)
        response.fields["Location"] = location
        return response

    @classmethod
    def of(cls, text: str, media_type: str, status: int) -> Self:
        """Text in UTF-8, with its media type. Half a surrogate pair, which UTF-8 cannot say, is
        written \\udXXX, as in JSON.
        """
        content = text.encode("utf-8", "backslashreplace")
        return cls(status, content, Fields({"Content-Type": media_type}))

    @property
    def reason(self) -> str:
        """The reason phrase: "" for a status that REASONS does not have."""
        return REASONS.get(self.status, "")

    @property
    def length(self) -> int:
        """How many bytes `blocks` will give."""
        return len(self.content)

    @property
    def framing(self) -> list[tuple[str, str]]:
        """The field lines that say where the content ends (RFC 9112, section 6.3)."""
        return [("Content-Length", str(self.length))]

    def blocks(self) -> Iterator[bytes]:
        """The content, in pieces of BLOCK_BYTES at the most: a slow client has time for each."""
        for start in range(0, len(self.content), BLOCK_BYTES):
            yield self.content[start : start + BLOCK_BYTES]


def head(response: Response) -> bytes:
    """Status line, field lines and the empty line after them (RFC 9112, section 2.1).

    The content is framed here and nowhere else: by the lines of `response.framing`, whatever the
    fields say of Content-Length and Transfer-Encoding. They stand in every response that may have
    content: in 1xx and 204 Content-Length is forbidden (RFC 9110, section 8.6). Date is added
    where it is missing (section 6.6.1). The response itself stays as it was. Where
    `response.reason` is empty, the space before it stays.
    """
    fields = Fields(response.fields)
    del fields["Content-Length"], fields["Transfer-Encoding"]
    if "Date" not in fields:
        fields.add("Date", formatdate(usegmt=True))
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    status_line = f"HTTP/1.1 {response.status:03} {response.reason}"
    lines = [status_line, *(f"{n}: {v}" for n, v in fields)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def has_content(status: int) -> bool:
    """Whether responses of this status may have content (RFC 9110, section 6.4.1)."""
    return status >= 200 and status not in (204, 304)


def pieces(response: Response, is_head: bool) -> Generator[bytes, None, None]:
    """What to send: the head, then the content, save where there must be none.

    The answer to HEAD has the same head as the answer to GET, and ends there
    (RFC 9110, section 9.3.2).
    """
    yield head(response)
    if not is_head and has_content(response.status):
        yield from response.blocks()
