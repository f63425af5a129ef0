"""From bytes to a request (RFC 9112). Nothing here touches a socket: bytes go in by `feed`."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any

from chunked import is_chunked, read_chunks
from errors import HTTPError
from fields import Fields
from framing import MAX_BODY_BYTES, body_length
from head_lines import parse_field_line, parse_request_line
from persistence import expects_continue
from received import Received
from target import Target, is_authority, parse_query, parse_target

MAX_REQUEST_LINE_BYTES = 8192
"""RFC 9112, section 3, asks for at least 8000."""

MAX_HEAD_BYTES = 16 * 1024
"""All field lines together. A browser with many cookies sends some 4 KiB."""

MAX_FIELD_LINES = 100
"""A browser sends about 15. Each costs us more memory than its bytes."""

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
    trailers: Fields = field(default_factory=Fields)
    """Field lines that came behind a chunked body. No guard has seen them, so they are never taken
    for fields of the head (RFC 9110, section 6.5.1)."""
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

    def __init__(self, max_body: int = MAX_BODY_BYTES) -> None:
        """`max_body` is the longest body that is taken, in bytes."""
        self.max_body = max_body
        self.head: Request | None = None
        """The request without its body, once the head is whole."""
        self.wants_continue = False
        """Whether the client waits for a 100 (Continue), and none of its body has come."""
        self._received = Received()
        self._parsing = self._parse()
        next(self._parsing)  # up to where it waits: one that never began could not be ended (3.12)
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

    def close(self) -> None:
        """Nothing more will come. The function that waits for more is ended: it and we hold each
        other, and with us all that has come, until Python's collector passes by.
        """
        self._parsing.close()

    @property
    def started(self) -> bool:
        """Whether a request has begun. An empty line before it does not count."""
        return bool(self._beginning.lstrip(b"\r\n"))

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
        return (yield from self._body(Request(method, target, version, fields)))

    def _first_line(self) -> Generator[None, None, bytes]:
        # An empty line before it is passed over: some old clients sent one too many after
        # the body of the request before (RFC 9112, section 2.2).
        limit = MAX_REQUEST_LINE_BYTES
        too_long = HTTPError(414, f"The request line is longer than {limit} bytes.")
        line = yield from self._received.line(limit, too_long)
        return line or (yield from self._received.line(limit, too_long))

    def _field_lines(self) -> Generator[None, None, Fields]:
        fields = Fields()
        room = MAX_HEAD_BYTES
        too_long = HTTPError(431, f"The head is longer than {MAX_HEAD_BYTES} bytes.")
        while line := (yield from self._received.line(room, too_long)):
            room -= len(line) + len(b"\r\n")
            fields.add(*parse_field_line(line))
            if len(fields) > MAX_FIELD_LINES:
                raise HTTPError(431, f"The head has more than {MAX_FIELD_LINES} field lines.")
        return fields

    def _body(self, head: Request) -> Generator[None, None, Request]:
        chunked = is_chunked(head.version, head.fields)
        length = 0
        if not chunked:
            length = body_length(head.method, head.version, head.fields, self.max_body)
        expects = expects_continue(head.version, head.fields)
        self.head, self.wants_continue = head, expects and not self._received
        if not chunked:
            return replace(head, body=(yield from self._received.exactly(length)))
        body = yield from read_chunks(self._received, self.max_body)
        return replace(head, body=body, trailers=(yield from self._field_lines()))


def check_host(version: str, fields: Fields) -> None:
    """HTTPError 400 unless there is one valid Host (RFC 9112, section 3.2); 1.0 may omit it."""
    hosts = fields.get_all("Host")
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise HTTPError(400, f"A request has one Host field; this one has {len(hosts)}.")
    if hosts and not is_authority(hosts[0]):
        raise HTTPError(400, "The Host field is not a host with or without a port.")
