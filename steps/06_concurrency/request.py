"""From bytes to a request (RFC 9112). Nothing here touches a socket: bytes go in by `feed`."""

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from errors import HTTPError
from fields import Fields
from framing import body_length
from head_lines import parse_field_line, parse_request_line
from target import Target, is_authority, parse_query, parse_target

MAX_REQUEST_LINE_BYTES = 8192
"""RFC 9112, section 3, asks for at least 8000."""

MAX_HEAD_BYTES = 16 * 1024
"""All field lines together. A browser with many cookies sends some 4 KiB."""

MAX_FIELD_LINES = 100
"""A browser sends about 15. Each costs us more memory than its bytes."""

BARE_CR = re.compile(rb"\r[^\n]")

ENOUGH_FOR_METHOD = 16
"""The bytes that we keep of the beginning: an empty line, "HEAD" and a space fit."""


@dataclass(frozen=True)
class Request:
    """A request, whole and checked. Paths and queries in the target are percent-encoded."""

    method: str
    target: Target
    version: str
    fields: Fields
    body: bytes = b""
    context: dict[str, Any] = field(default_factory=dict, compare=False)
    """What was found out about it on its way, such as "client", "request_id" and "user"."""

    @property
    def path(self) -> str:
        """The path of the target, still percent-encoded."""
        return self.target.path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in order."""
        return parse_query(self.target.query)

    @property
    def host(self) -> str:
        """Whom the client means to talk to: an absolute target goes before the Host field."""
        return self.target.authority or self.fields.get("Host")


class RequestParser:
    """Reads one request. `feed` it what has come, however it was cut: it answers with

    a Request; or None, which means "need more"; or it raises an HTTPError, which carries the
    status to answer with. What came after the request waits in `rest`.
    """

    def __init__(self) -> None:
        self._received = bytearray()
        self._parsing = self._parse()
        self._outcome: Request | HTTPError | None = None
        self._beginning = b""

    def feed(self, data: bytes) -> Request | None:
        """Take some bytes in. An error stays an error, whatever comes after it."""
        self._beginning = (self._beginning + data[:ENOUGH_FOR_METHOD])[:ENOUGH_FOR_METHOD]
        self._received += data
        if self._outcome is None:
            try:
                next(self._parsing)
            except StopIteration as finished:
                self._outcome = finished.value
            except HTTPError as error:
                self._outcome = error
        if isinstance(self._outcome, HTTPError):
            raise self._outcome
        return self._outcome

    @property
    def started(self) -> bool:
        """Whether anything has come."""
        return bool(self._beginning)

    @property
    def is_head(self) -> bool:
        """Whether the method is HEAD. Its answer has no content, even if it is an error because
        of what stands behind the method (RFC 9110, section 9.3.2).
        """
        return self._beginning.lstrip(b"\r\n").startswith(b"HEAD ")

    @property
    def rest(self) -> bytes:
        """What came after the request."""
        return bytes(self._received)

    # From here on, top to bottom as the request comes. Each bare `yield` means "need more":
    # the function stops there, and goes on where it stopped when `feed` brings more.

    def _parse(self) -> Generator[None, None, Request]:
        line = yield from self._first_line()
        method, target_text, version = parse_request_line(line)
        target = parse_target(method, target_text)
        fields = yield from self._field_lines()
        check_host(version, fields)
        body = yield from self._exactly(body_length(method, version, fields))
        return Request(method, target, version, fields, body)

    def _first_line(self) -> Generator[None, None, bytes]:
        # An empty line before it is passed over: some old clients sent one too many after
        # the body of the request before (RFC 9112, section 2.2).
        limit = MAX_REQUEST_LINE_BYTES
        too_long = HTTPError(414, f"The request line is longer than {limit} bytes.")
        line = yield from self._line(limit, too_long)
        return line or (yield from self._line(limit, too_long))

    def _field_lines(self) -> Generator[None, None, Fields]:
        fields = Fields()
        room = MAX_HEAD_BYTES
        too_long = HTTPError(431, f"The head is longer than {MAX_HEAD_BYTES} bytes.")
        while line := (yield from self._line(room, too_long)):
            room -= len(line) + len(b"\r\n")
            fields.add(*parse_field_line(line))
            if len(fields) > MAX_FIELD_LINES:
                raise HTTPError(431, f"The head has more than {MAX_FIELD_LINES} field lines.")
        return fields

    def _line(self, limit: int, too_long: HTTPError) -> Generator[None, None, bytes]:
        while (end := self._received.find(b"\n")) < 0:
            check_line(self._received, limit, too_long)
            yield
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        check_line(line, limit, too_long)
        if not line.endswith(b"\r"):
            raise HTTPError(400, "A line ends with CR and LF together, not with LF alone.")
        return line[:-1]

    def _exactly(self, count: int) -> Generator[None, None, bytes]:
        while len(self._received) < count:
            yield
        body = bytes(self._received[:count])
        del self._received[:count]
        return body


def check_line(line: bytes | bytearray, limit: int, too_long: HTTPError) -> None:
    """Refuse what can no longer become a good line, whole or not: a bare CR, or too many bytes.

    Nobody looks further than the limit, so that the answer is the same however the line was cut.
    """
    if BARE_CR.search(line, 0, limit + len(b"\r\n")):
        raise HTTPError(400, "A line has a CR in it that is not followed by LF.")
    if len(line) > limit + len(b"\r"):
        raise too_long


def check_host(version: str, fields: Fields) -> None:
    """HTTPError 400 unless there is one valid Host (RFC 9112, section 3.2); 1.0 may omit it."""
    hosts = fields.get_all("Host")
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise HTTPError(400, f"A request has one Host field; this one has {len(hosts)}.")
    if hosts and not is_authority(hosts[0]):
        raise HTTPError(400, "The Host field is not a host with or without a port.")
