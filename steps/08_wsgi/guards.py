"""Small links that keep things out: foreign pages, long bodies, what a browser might guess."""

from collections.abc import Iterable
from dataclasses import replace

from errors import HTTPError
from middleware import Handler, Hooks
from request import Request
from response import Response

INSIDE_OF = {"ErrorPages": "what it refuses would not become a response"}

SECURITY_FIELDS = {
    # What is called text/plain stays text, whatever a browser thinks to see in it.
    "X-Content-Type-Options": "nosniff",
    # Scripts, pictures and forms are ours alone; nobody shows our pages inside theirs.
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    ),
    # Other sites learn from a link that it came from us, and not from which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # A window that another site opens has no hold on ours.
    "Cross-Origin-Opener-Policy": "same-origin",
}

OVERRIDES = ("PUT", "PATCH", "DELETE")
UNSAFE_METHODS = ("POST", *OVERRIDES)
"""What changes something (RFC 9110, section 9.2.1)."""


class SecurityHeaders(Hooks):
    """Makes browsers careful."""

    def after_request(self, request: Request, response: Response) -> Response:
        """Adds those of SECURITY_FIELDS that the response has not set itself."""
        for name, value in SECURITY_FIELDS.items():
            if name not in response.fields:
                response.fields.add(name, value)
        return response


class OwnPages(Hooks):
    """Lets only our own pages change something."""

    inside_of = INSIDE_OF

    def __init__(self, origins: Iterable[str] = ()) -> None:
        """These other origins may, too, each by its name: "*" is none of them."""
        self.origins = frozenset(origins)

    def before_request(self, request: Request) -> None:
        """HTTPError 403 for one of UNSAFE_METHODS that comes from a page of another site.

        CORS does not stop it: a page may have its visitor's browser send a form anywhere, and
        only the answer stays hidden. A browser names the origin; other programs name none.
        """
        origin = request.fields.get("Origin")
        if request.method not in UNSAFE_METHODS or origin in self.origins:
            return
        if origin:
            ours = [f"{scheme}://{request.host.lower()}" for scheme in ("http", "https")]
            foreign = origin.lower() not in ours
        else:
            foreign = request.fields.get("Sec-Fetch-Site") == "cross-site"
        if foreign:
            raise HTTPError(403, "A page of another site may not change anything here.")


class MethodOverride:
    """Lets a POST stand for PUT, PATCH or DELETE."""

    inside_of = INSIDE_OF

    def __call__(self, request: Request, next: Handler) -> Response:
        """A POST with X-HTTP-Method-Override goes on with that method.

        HTTPError 400 for one that is none of OVERRIDES: a POST must never become a GET, or what
        guards the unsafe methods would let it pass.
        """
        wanted = request.fields.get("X-HTTP-Method-Override").upper()
        if request.method != "POST" or not wanted:
            return next(request)
        if wanted not in OVERRIDES:
            raise HTTPError(400, f"A POST can stand for {', '.join(OVERRIDES)}, for nothing else.")
        return next(replace(request, method=wanted))


class BodyLimit(Hooks):
    """Refuses bodies that are too long."""

    inside_of = INSIDE_OF

    def __init__(self, count: int) -> None:
        """The limit in bytes. The parser has one for all bodies: this is for less."""
        self.count = count

    def before_request(self, request: Request) -> None:
        """HTTPError 413 for a body that is longer (RFC 9110, section 15.5.14)."""
        if len(request.body) > self.count:
            raise HTTPError(413, f"A body may have {self.count} bytes here, and no more.")
