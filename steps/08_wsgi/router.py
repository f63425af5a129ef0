"""From a method and a path to the function that answers (RFC 9110, section 9)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from errors import HTTPError
from fields import Fields
from pattern import Pattern
from request import Request
from response import Response

Endpoint = Callable[..., Response]
"""A handler that also takes what the pattern found: `endpoint(request, username="ada")`."""

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""What this server implements; any other method is answered 501 (RFC 9110, section 9.1)."""


@dataclass(frozen=True)
class Route:
    """A pattern, the methods it answers, the endpoint that answers, and the route's name."""

    pattern: Pattern
    methods: tuple[str, ...]
    endpoint: Endpoint
    name: str


class Router:
    """A handler that passes each request on to the endpoint of its path and method."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, pattern: str, *methods: str, name: str = "") -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function answers these methods at this path.

        The route is called like the function, unless a name is given. ValueError where the
        pattern is none, or there is no method, or one that is none of METHODS.
        """
        if not methods or not METHODS.issuperset(methods):
            raise ValueError(f"methods are wanted out of {sorted(METHODS)}, not {methods}")

        def register(endpoint: Endpoint) -> Endpoint:
            route = Route(Pattern(pattern), methods, endpoint, name or endpoint.__name__)
            self.routes.append(route)
            self.routes.sort(key=lambda route: route.pattern.rank)
            return endpoint

        return register

    def get(self, pattern: str, name: str = "") -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function answers GET, and so HEAD, at this path."""
        return self.route(pattern, "GET", name=name)

    def post(self, pattern: str, name: str = "") -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function answers POST at this path."""
        return self.route(pattern, "POST", name=name)

    def __call__(self, request: Request) -> Response:
        """Answer a request: by its endpoint, by a redirect, or by HTTPError 404, 405 or 501."""
        if request.method not in METHODS:
            raise HTTPError(501, "This server does not implement this method.")
        if request.path == "*":
            return options_response(METHODS)
        if location := self.with_other_slash(request):
            return Response.redirect(location, 308)
        endpoint, values = self.find(request.method, request.path)
        return endpoint(request, **values)

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
        """The endpoint for this method and path, with the values that the pattern found.

        Of the routes that match, the most specific that has the method answers. Where none has
        it, HEAD is answered by GET (the server leaves the content out), and OPTIONS by the list
        of methods of all of them. HTTPError 404 where no pattern matches the path; 405, with that
        list in the field Allow, where some do, but none for this method (RFC 9110, 15.5.6).
        """
        matching = self.matching(path)
        if not matching:
            raise HTTPError(404, "There is nothing at this address.")
        for wanted in [method, "GET"] if method == "HEAD" else [method]:
            for route, values in matching:
                if wanted in route.methods:
                    return route.endpoint, values
        methods = allowed(route for route, _ in matching)
        if method == "OPTIONS":
            return lambda request, **values: options_response(methods), {}
        allow = ", ".join(sorted(methods))
        raise HTTPError(405, f"At this address you can use {allow}.", Fields({"Allow": allow}))

    def matching(self, path: str) -> list[tuple[Route, dict[str, Any]]]:
        """The routes whose pattern matches the path, the most specific first, with the values."""
        found = [(route, route.pattern.match(path)) for route in self.routes]
        return [(route, values) for route, values in found if values is not None]

    def with_other_slash(self, request: Request) -> str:
        """Where the request would match if its path had a slash less, or more, at its end.

        "" where it matches as it is, or would not match so either. A path that begins with two
        slashes is left alone: in a Location it would name a host (RFC 3986, section 4.2).
        """
        path = request.path
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if path.startswith(("//", "/\\")) or self.matching(path) or not self.matching(other):
            return ""
        return f"{other}?{request.target.query}" if request.target.query else other

    def url_for(self, name: str, /, **values: Any) -> str:
        """The path of the route with that name; LookupError for a name that no route has.

        ValueError where the values do not fit. Pages link to names: each path is written once.
        """
        for route in self.routes:
            if route.name == name:
                return route.pattern.fill(values)
        raise LookupError(f"no route is called {name!r}")


def allowed(routes: Iterable[Route]) -> set[str]:
    """The methods that can be used on these routes: theirs, HEAD with GET, and OPTIONS."""
    methods = {"OPTIONS"}.union(*(route.methods for route in routes))
    return methods | {"HEAD"} if "GET" in methods else methods


def options_response(methods: Iterable[str]) -> Response:
    """The answer to OPTIONS: nothing but the methods (RFC 9110, section 9.3.7)."""
    return Response(204, fields=Fields({"Allow": ", ".join(sorted(methods))}))
