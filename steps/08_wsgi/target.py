"""The request target: what a request asks for (RFC 9112, section 3.2; RFC 3986)."""

import re
from dataclasses import dataclass

from errors import HTTPError

AUTHORITY = re.compile(
    r"(\[[0-9A-Fa-f:.]+\]|([A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?"
)
"""uri-host [ ":" port ] (RFC 3986, section 3.2), without the userinfo that HTTP forbids."""

ABSOLUTE_FORM = re.compile(r"(?i:https?)://([^/?]+)([^?]*)(?:\?(.*))?")

ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Target:
    """A request target taken apart. Path and query are still percent-encoded.

    The authority is that of the absolute-form and the authority-form; the others have none.
    """

    path: str
    query: str = ""
    authority: str | None = None


def parse_target(method: str, text: str) -> Target:
    """Take a target apart, in each of its four forms (RFC 9112, section 3.2); HTTPError 400.

    The method decides which forms are allowed: the authority-form belongs to CONNECT, the
    asterisk-form to OPTIONS.
    """
    if method == "CONNECT":
        if not is_authority(text) or not re.search(r".:[0-9]+$", text):
            raise HTTPError(400, "CONNECT wants host:port as its request target.")
        return Target("", authority=text)
    if text == "*" and method == "OPTIONS":
        return Target("*")
    if text.startswith("/"):
        path, _, query = text.partition("?")
        return Target(checked_path(path), query)
    if absolute := ABSOLUTE_FORM.fullmatch(text):
        authority, path, query = absolute.groups(default="")
        if not is_authority(authority) or authority.startswith(":"):
            raise HTTPError(400, "The request target names no valid host.")
        return Target(checked_path(path or "/"), query, authority)
    raise HTTPError(400, 'A request target begins with "/" or is a whole http or https URL.')


def is_authority(text: str) -> bool:
    """Whether the text is a host with or without a port: what the Host field holds."""
    return AUTHORITY.fullmatch(text) is not None


def checked_path(path: str) -> str:
    """The path as it came; HTTPError 400 where it cannot be decoded."""
    try:
        percent_decode(path)
    except ValueError as error:
        raise HTTPError(400, f"The path of the request target is malformed: {error}.") from None
    return path


def percent_decode(text: str) -> str:
    """Turn each %XX into the byte that it stands for, and the bytes into text (UTF-8).

    Decode once, and as late as can be: what comes out may hold "/", "%" or anything else. "+"
    stays what it is. ValueError where a "%" has no two hexadecimal digits after it, or the bytes
    are not UTF-8.
    """
    if broken := BROKEN_ESCAPE.search(text):
        raise ValueError(f'no two hexadecimal digits after the "%" at {broken.start()}')
    try:
        return unescape(text).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("its percent-encoded bytes are not UTF-8") from None


def unescape(text: str) -> bytes:
    """The bytes of the text, with each well-formed %XX replaced by its byte."""
    return ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text.encode("utf-8"))


def parse_query(text: str) -> list[tuple[str, str]]:
    """Names and values of a query or of a urlencoded form, in order, repeated and blank ones too.

    The pairs stand between "&"; where there is nothing between two of them, there is no pair.
    The first "=" ends the name; without one the value is "". "+" means a space here. As the URL
    standard asks ("urlencoded parsing"), nothing is refused: a broken escape stays as it is, and
    bytes that are not UTF-8 become U+FFFD.
    """
    pairs = []
    for field in text.split("&"):
        if field:
            name, _, value = field.replace("+", " ").partition("=")
            pairs.append((decode_leniently(name), decode_leniently(value)))
    return pairs


def decode_leniently(text: str) -> str:
    """Percent-decode, and take what comes."""
    return unescape(text).decode("utf-8", "replace")
