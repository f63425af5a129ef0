"""Media types: what a body is, and what a client would like (RFC 9110, sections 8.3 and 12.5.1)."""

import re
from collections.abc import Iterable

PARAMETER = re.compile(r'[ \t]*;[ \t]*(?:([^\s=;"]+)=("(?:[^"\\]|\\.)*"|[^\s;"]*))?')
"""OWS ";" OWS [ name "=" ( token / quoted-string ) ] (RFC 9110, section 5.6.6)."""

WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
"""qvalue (RFC 9110, section 12.4.2)."""


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split `text/html; charset="utf-8"` into "text/html" and {"charset": "utf-8"}.

    The first part and the parameters' names come back in lower case. A parameter that is given
    twice counts the first time. What has not the form of a parameter ends the reading: behind
    it nobody knows what is inside quotes and what is not.
    """
    first = value.partition(";")[0]
    parameters: dict[str, str] = {}
    place = len(first)
    while parameter := PARAMETER.match(value, place):
        place = parameter.end()
        name, text = parameter.groups(default="")
        if text.startswith('"'):
            text = re.sub(r'\\(["\\])', r"\1", text[1:-1])
        if name:
            parameters.setdefault(name.lower(), text)
    return first.strip(" \t").lower(), parameters


def preferred(accept: str, offers: list[str]) -> str:
    """The offer that the Accept field likes best, and the first of equals.

    A client that accepts none of them gets the first: an answer in the wrong form says more
    than none (RFC 9110, section 12.4.1, leaves us this choice).
    """
    ranges = dict(reversed(list(media_ranges(accept)))) or {"*/*": 1.0}
    return max(offers, key=lambda offer: quality(offer, ranges))


def media_ranges(accept: str) -> Iterable[tuple[str, float]]:
    """Each media range of an Accept field with its weight; a weight that is no number counts 0."""
    for item in accept.split(","):
        name, parameters = parse_parameters(item)
        if re.fullmatch(r"[^/\s]+/[^/\s]+", name):
            weight = parameters.get("q", "1")
            yield name, float(weight) if WEIGHT.fullmatch(weight) else 0.0


def quality(offer: str, ranges: dict[str, float]) -> float:
    """How much an offer is liked: the weight of the most specific range that it is in."""
    main_type = offer.partition("/")[0]
    for candidate in (offer, f"{main_type}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0
