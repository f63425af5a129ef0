"""From bytes to a request (RFC 9112). Nothing here touches a socket: bytes go in by `feed`."""

import re
from collections.abc import Generator
from dataclasses import dataclass

from errors import HTTPError
from fields import TOKEN, Fields
from target import Target, is_authority, parse_query, parse_target

MAX_REQUEST_LINE_BYTES = 8192
"""RFC 9112, section 3, asks for at least 8000."""

MAX_HEAD_BYTES = 16 * 1024
"""All field lines together. A browser with many cookies sends some 4 KiB."""

MAX_FIELD_LINES = 100
"""A browser sends about 15. Each costs us more memory than its bytes."""

MAX_BODY_BYTES = 10 * 1024 * 1024
"""We hold the whole body in memory, so this is what one client may take of it."""

BARE_CR = re.compile(rb"\r[^\n]")
NEEDS_LENGTH = {"POST", "PUT", "PATCH"}
"""The methods that are about their content (RFC 9110, section 9.3; RFC 5789)."""


@dataclass(frozen=True)
class Request:
    """A request, whole and checked. Paths and queries in the target are percent-encoded."""

    method: str
    target: Target
    version: str
    fields: Fields
    body: bytes = b""

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
        self.started = False
        self.method = ""

    def feed(self, data: bytes) -> Request | None:
        """Take some bytes in. An error stays an error, whatever comes after it."""
        self.started = self.started or bool(data)
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
    def rest(self) -> bytes:
        """What came after the request."""
        return bytes(self._received)

    # From here on, top to bottom as the request comes. Each bare `yield` means "need more":
    # the function stops there, and goes on where it stopped when `feed` brings more.

    def _parse(self) -> Generator[None, None, Request]:
        line = yield from self._first_line()
        self.method, target_text, version = parse_request_line(line)
        target = parse_target(self.method, target_text)
        fields = yield from self._field_lines()
        check_host(version, fields)
        body = yield from self._exactly(body_length(self.method, version, fields))
        return Request(self.method, target, version, fields, body)

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


def parse_request_line(line: bytes) -> tuple[str, str, str]:
    """Split `GET /path HTTP/1.1` into method, target and version (RFC 9112, section 3).

    Exactly one space stands between them. The method is a token. The target has visible ASCII
    characters only, and no "#". The version is HTTP/, a digit, a point, a digit; a later 1.x
    comes back as HTTP/1.1 (RFC 9110, section 6.2). Anything else is malformed: HTTPError 400.
    505 where the version is well formed, but not 1.x; HTTP/2 and HTTP/3 may lack their point.
    """
    parts = line.decode("latin-1").split(" ")
    if len(parts) != 3:
        raise HTTPError(400, "A request line is a method, a target and a version, one space apart.")
    method, target, version = parts
    if not TOKEN.fullmatch(method):
        raise HTTPError(400, "The method is not a token.")
    if not re.fullmatch(r"HTTP/[0-9](\.[0-9])?", version) or version == "HTTP/1":
        raise HTTPError(400, "The version has not the form HTTP/1.1.")
    if not version.startswith("HTTP/1."):
        raise HTTPError(505, "This server speaks HTTP/1.1 and HTTP/1.0.")
    if not re.fullmatch(r"[\x21-\x22\x24-\x7e]+", target):
        raise HTTPError(400, 'The request target has a character to be percent-encoded, or a "#".')
    return method, target, "HTTP/1.0" if version == "HTTP/1.0" else "HTTP/1.1"


def parse_field_line(line: bytes) -> tuple[str, str]:
    """Split `Name: value` into name and value, without the spaces and tabs around the value.

    Each byte is one character of the text (latin-1), as nobody says which encoding it has.
    HTTPError 400 for white space before the colon, which has been used to hide fields from a
    proxy, and for a folded line, which begins with white space (RFC 9112, sections 5.1, 5.2);
    also where there is no colon, the name is no token, or a control character is in the value.
    """
    name, colon, value = line.decode("latin-1").partition(":")
    if line[:1] in (b" ", b"\t"):
        raise HTTPError(400, "A field line is folded, or white space stands before the first.")
    if not colon:
        raise HTTPError(400, "A field line has no colon.")
    try:
        [(name, value)] = Fields([(name, value)])
    except ValueError as error:
        raise HTTPError(400, f"A field line is malformed: {error}.") from None
    return name, value


def check_host(version: str, fields: Fields) -> None:
    """HTTPError 400 unless there is one valid Host (RFC 9112, section 3.2); 1.0 may omit it."""
    hosts = fields.get_all("Host")
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise HTTPError(400, f"A request has one Host field; this one has {len(hosts)}.")
    if hosts and not is_authority(hosts[0]):
        raise HTTPError(400, "The Host field is not a host with or without a port.")


def body_length(method: str, version: str, fields: Fields) -> int:
    """How many bytes of body follow the head (RFC 9112, section 6.3).

    The question on which two servers must never disagree: where they do, an attacker hides a
    second request in the body of the first. So whatever is doubtful is refused, by HTTPError:

    400 for a Transfer-Encoding beside a Content-Length, in HTTP/1.0, or not ending in chunked;
    501 for any other Transfer-Encoding, as this server does none yet;
    400 for Content-Length on two lines, or with anything but the digits 0 to 9;
    413 for one above MAX_BODY_BYTES, however many digits it has;
    411 where a method of NEEDS_LENGTH has neither. Any other method has no body then: 0.
    """
    lengths = fields.get_all("Content-Length")
    if "Transfer-Encoding" in fields:
        codings = fields["Transfer-Encoding"].lower().split(",")
        if lengths or version == "HTTP/1.0" or codings[-1].strip() != "chunked":
            raise HTTPError(400, "With this Transfer-Encoding nobody knows where the body ends.")
        raise HTTPError(501, "This server reads no transfer codings; send a Content-Length.")
    if not lengths:
        if method in NEEDS_LENGTH:
            raise HTTPError(411, f"{method} needs a Content-Length, even if it is 0.")
        return 0
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number in decimal digits, on one line.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(MAX_BODY_BYTES)) or int(digits) > MAX_BODY_BYTES:
        raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    return int(digits)
