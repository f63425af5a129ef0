"""The lines that the head of a request is made of (RFC 9112, sections 3 and 5)."""

import re

from errors import HTTPError
from fields import TOKEN, Fields


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
