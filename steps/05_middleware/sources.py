"""The links that answer: files first, then routes, and for all the rest a page that says so."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from errors import HTTPError
from middleware import Handler, Link, demands
from pattern import Pattern
from request import Request
from response import Response
from router import Router
from static_files import StaticFiles


class Files:
    """Answers with a file, if there is one."""

    def __init__(self, prefix: str, folder: Path) -> None:
        """The folder is served below the prefix, such as "/static/" or "/"."""
        self.pattern = Pattern(f"{prefix}{{path:path}}")
        self.home = prefix.removesuffix("/")
        self.files = StaticFiles(folder)
        self.router = Router()
        self.router.get(self.pattern.text, name="file")(self.files)

    def __call__(self, request: Request, next: Handler) -> Response:
        """The file. A router answers, so that POST is 405, and a folder gets its slash."""
        return self.router(request) if self.has(request.path) else next(request)

    def has(self, path: str) -> bool:
        """Whether there is something to show at this path."""
        values = self.pattern.match(path)
        return path == self.home or (values is not None and self.files.serves(values["path"]))


class Routes:
    """Answers by a route, if there is one."""

    def __init__(self, router: Router) -> None:
        self.router = router

    def __call__(self, request: Request, next: Handler) -> Response:
        """What the router says, but for a path that it does not know: then the next link."""
        try:
            return self.router(request)
        except HTTPError as error:
            # An endpoint's own 404 (no such note) is an answer.
            if error.status != 404 or self.router.matching(request.path):
                raise
        return next(request)

    @property
    def branches(self) -> list[tuple[str, Sequence[Link]]]:
        """The links of single routes, each behind the route's methods and pattern."""
        return [
            (" ".join([*route.methods, route.pattern.text]), route.endpoint.links)
            for route in self.router.routes
            if hasattr(route.endpoint, "links")
        ]

    @property
    def inside_of(self) -> dict[str, str]:
        """What the links of single routes must be inside of, we must be, too."""
        each = [demands(links) for _, links in self.branches]
        return {name: why for rules in each for name, why in rules.items()}


class NotFound:
    """Answers all the rest: 404."""

    inside_of = dict.fromkeys(
        ("Files", "Routes"), "it answers everything, so whatever stands behind it is never asked"
    )

    def __call__(self, request: Request, next: Handler) -> NoReturn:
        """HTTPError 404 (RFC 9110, section 15.5.5)."""
        raise HTTPError(404, "There is nothing at this address.")
