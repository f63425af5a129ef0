"""Cross-Origin Resource Sharing: which other sites' scripts may read (the Fetch standard)."""

import re
from collections.abc import Iterable

from errors import HTTPError, error_response
from fields import Fields
from middleware import Handler
from request import Request
from response import Response

ORIGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[1-9][0-9]{0,4}))?"
)
"""A scheme and a host, perhaps a port, and nothing behind it: https://shop.example:8443

In small letters, and a name with other letters in its xn-- form: so browsers write it."""

OWN_PORTS = {"http": "80", "https": "443"}
"""What a browser leaves out."""

GRANTS = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
"""The fields that let a script read a response."""

MAX_AGE_SECONDS = 600
"""How long a browser need not ask again. Chromium keeps no answer for longer than two hours."""


class CORS:
    """Tells browsers which other sites may read."""

    def __init__(
        self,
        origins: Iterable[str],
        methods: Iterable[str] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
        headers: Iterable[str] = ("Authorization", "Content-Type", "If-Match", "X-Request-ID"),
        exposed: Iterable[str] = ("ETag", "Location", "X-Request-ID"),
        credentials: bool = False,
        max_age: int = MAX_AGE_SECONDS,
    ) -> None:
        """Origins are compared letter by letter; "*" is any of them.

        ValueError for one that no browser would send, and for "*" with credentials: every site
        could act as whoever is logged in, and browsers refuse it.
        """
        self.origins = frozenset(origins)
        if wrong := [one for one in self.origins - {"*"} if not is_origin(one)]:
            raise ValueError(f"an origin is like https://shop.example, not {wrong[0]!r}")
        if credentials and "*" in self.origins:
            raise ValueError('credentials never go with "*": name the origins')
        self.credentials = credentials
        self.exposed = ", ".join(exposed)
        self.preflight_fields = {
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ", ".join(headers),
            "Access-Control-Max-Age": str(max_age),
        }

    def __call__(self, request: Request, next: Handler) -> Response:
        """The answer to a preflight; for all else the rest's response, with CORS's fields."""
        if is_preflight(request):
            response = self.preflight(request)
        else:
            response = next(request)
            if self.exposed and self.allows(request):
                response.fields["Access-Control-Expose-Headers"] = self.exposed
        self.mark(request, response)
        return response

    def preflight(self, request: Request) -> Response:
        """The answer to the browser's question whether a script may send a certain request.

        204 with what is allowed, whatever was asked: the browser compares. For an origin that is
        not allowed a 403 in the form that Accept prefers, which is returned and not raised: `mark`
        has to add Vary to it, and an HTTPError would fly past that. The endpoint is never asked: it
        may want a login, and a preflight has none.
        """
        if not self.allows(request):
            error = HTTPError(403, "Scripts of this origin may not use this server.")
            return error_response(error, request.fields.get("Accept"))
        return Response(204, fields=Fields(self.preflight_fields))

    def allows(self, request: Request) -> bool:
        """Whether the origin that the request comes from is one of ours: with "*" each is."""
        return "*" in self.origins or request.fields.get("Origin") in self.origins

    def mark(self, request: Request, response: Response) -> None:
        """Say who may read the response, in place of whatever the endpoint has said about it.

        Any of GRANTS that stands in it is deleted first.

        With "*" among the origins Access-Control-Allow-Origin is "*" in every response, also
        where no Origin came: all are alike, and a cache need not tell them apart.

        Else it is the origin that asks, if that is allowed; and with credentials,
        Access-Control-Allow-Credentials is "true". Here the answer depends on who asks, and a
        cache must know: "Origin" is added to Vary (RFC 9110, section 12.5.5), for those who are
        not allowed and those who name no origin too, or one's answer would be kept for another.
        """
        for name in GRANTS:
            del response.fields[name]
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        add_vary(response.fields, "Origin")
        if self.allows(request):
            response.fields["Access-Control-Allow-Origin"] = request.fields["Origin"]
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"


def is_origin(text: str) -> bool:
    """Whether a browser could send this as an origin: it leaves out the scheme's own port."""
    matched = ORIGIN.fullmatch(text)
    if not matched or matched["port"] == OWN_PORTS.get(matched["scheme"], "none"):
        return False
    return int(matched["port"] or 0) <= 65535


def is_preflight(request: Request) -> bool:
    """Whether a browser asks ahead: OPTIONS with an origin and the method that is wanted."""
    wanted = "Origin" in request.fields and "Access-Control-Request-Method" in request.fields
    return request.method == "OPTIONS" and wanted


def add_vary(fields: Fields, name: str) -> None:
    """Add a name to Vary, unless it is there, or Vary is "*"."""
    known = [one.strip() for one in fields.get("Vary").split(",") if one.strip()]
    if "*" not in known and name.lower() not in (one.lower() for one in known):
        fields["Vary"] = ", ".join([*known, name])
