"""What the two ends agree on about their connection (RFC 9110, sections 7.6.1 and 10.1.1)."""

from errors import HTTPError
from fields import Fields

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""The interim response: the head is fine, send the body (RFC 9110, section 15.2.1)."""


def connection_options(fields: Fields) -> set[str]:
    """What the Connection field lists, in lower case: `Close, X-Hop` is {"close", "x-hop"}.

    It is a list, over one line or several, with white space around its items; empty items do not
    count (RFC 9110, section 5.6.1).
    """
    items = fields.get("Connection").lower().split(",")
    return {item.strip(" \t") for item in items} - {""}


def persists(version: str, fields: Fields) -> bool:
    """Whether more requests may follow this one on its connection (RFC 9112, section 9.3).

    With the option `close`: no. Else in HTTP/1.1: yes. In HTTP/1.0: only with `keep-alive`.
    """
    options = connection_options(fields)
    if "close" in options:
        return False
    return version != "HTTP/1.0" or "keep-alive" in options


def expects_continue(version: str, fields: Fields) -> bool:
    """Whether the client waits for our word before it sends the body (RFC 9110, section 10.1.1).

    HTTPError 417 where it expects anything else. A client of HTTP/1.0 cannot expect: such a field
    came through an old proxy, and is passed over.
    """
    if version == "HTTP/1.0" or "Expect" not in fields:
        return False
    if fields["Expect"].lower() != "100-continue":
        raise HTTPError(417, "The one expectation that this server can meet is 100-continue.")
    return True
