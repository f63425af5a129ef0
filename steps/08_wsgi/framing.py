"""Where the body of a request ends (RFC 9112, section 6.3)."""

import re

from errors import HTTPError
from fields import Fields

MAX_BODY_BYTES = 10 * 1024 * 1024
"""We hold the whole body in memory, so this is what one client may take of it."""

NEEDS_LENGTH = {"POST", "PUT", "PATCH"}
"""The methods that are about their content (RFC 9110, section 9.3; RFC 5789)."""


def body_length(method: str, version: str, fields: Fields, limit: int = MAX_BODY_BYTES) -> int:
    """How many bytes of body follow the head (RFC 9112, section 6.3).

    The question on which two servers must never disagree: where they do, an attacker hides a
    second request in the body of the first. So whatever is doubtful is refused, by HTTPError:

    400 for a Transfer-Encoding beside a Content-Length, in HTTP/1.0, or not ending in chunked;
    501 for any other Transfer-Encoding, as none is read here;
    400 for Content-Length on two lines, or with anything but the digits 0 to 9;
    413 for one above the limit, in bytes, however many digits it has;
    411 where a method of NEEDS_LENGTH has neither. Any other method has no body then: 0.
    """
    lengths = fields.get_all("Content-Length")
    if "Transfer-Encoding" in fields:
        codings = fields["Transfer-Encoding"].lower().split(",")
        if lengths or version == "HTTP/1.0" or codings[-1].strip(" \t") != "chunked":
            raise HTTPError(400, "With this Transfer-Encoding nobody knows where the body ends.")
        raise HTTPError(501, "This transfer coding is not read here; send a Content-Length.")
    if not lengths:
        if method in NEEDS_LENGTH:
            raise HTTPError(411, f"{method} needs a Content-Length, even if it is 0.")
        return 0
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HTTPError(400, "Content-Length is one number in decimal digits, on one line.")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > len(str(limit)) or int(digits) > limit:
        raise HTTPError(413, f"The body is longer than {limit} bytes.")
    return int(digits)
