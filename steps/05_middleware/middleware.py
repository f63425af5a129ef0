"""The chain: a handler made of links, each of which answers or asks the rest of the chain."""

import functools
from collections.abc import Callable, Iterator, Sequence

from pattern import Pattern
from request import Request
from response import Response
from router import Endpoint

Handler = Callable[[Request], Response]
"""What the rest of the course is about: a function from a request to a response."""

Link = Callable[[Request, Handler], Response]
"""Middleware: given the request and `next`, a handler that is all the links behind it.

It may change the response that it gets. So whoever makes one makes a new one for each request.
"""

NAME_COLUMNS = 36
"""The width of the left half of what `explain` gives; a longer name pushes the other half on."""


class Chain:
    """A handler that gives each request to its first link."""

    def __init__(self, *links: Link) -> None:
        """The first link is the outermost. ValueError where the order cannot work."""
        check_order(links)
        self.links = links
        self.handler = compose(links, nobody_answers)

    def __call__(self, request: Request) -> Response:
        """What the first link says, which may ask the second, and so on."""
        return self.handler(request)


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """One handler out of many links: a request goes through the first one first.

    Each link is called with the request and with `next`: a handler that runs the links behind
    it, and `last` behind the last one. A link may call it with another request, more than once,
    or not at all, and may answer with another response. Without links it is `last` itself.
    """
    handler = last
    for link in reversed(links):
        handler = functools.partial(ask, link, handler)
    return handler


def ask(link: Link, rest: Handler, request: Request) -> Response:
    """Call one link, with the rest of the chain as `next`."""
    return link(request, rest)


def nobody_answers(request: Request) -> Response:
    """The end of a chain whose links have all asked the next one: a mistake of its author."""
    raise LookupError("no link of the chain has answered; end it with one that always does")


def check_order(links: Sequence[Link]) -> None:
    """ValueError where a link stands outside of one that it must be inside of.

    A link may have a dict `inside_of`: names of other links, and why they must come first.
    """
    for position, link in enumerate(links):
        for later in links[position + 1 :]:
            for name in names_of(later) & getattr(link, "inside_of", {}).keys():
                order = f"{name_of(later)} must stand before {name_of(link)}"
                raise ValueError(f"{order} in the chain: {link.inside_of[name]}")


def demands(links: Sequence[Link]) -> dict[str, str]:
    """What whoever holds these links must be inside of itself: names, and why, as in `inside_of`.

    It is what the links must be inside of, but for what is among them.
    """
    present = set().union(*map(names_of, links))
    rules = [rule for link in links for rule in getattr(link, "inside_of", {}).items()]
    return {name: why for name, why in rules if name not in present}


def through(*links: Link) -> Callable[[Endpoint], Endpoint]:
    """Decorator for one route: its requests go through these links, then to the endpoint."""
    check_order(links)

    def decorate(endpoint: Endpoint) -> Endpoint:
        @functools.wraps(endpoint)
        def guarded(request: Request, **values: object) -> Response:
            return compose(links, lambda request: endpoint(request, **values))(request)

        guarded.links = (*links, *getattr(endpoint, "links", ()))
        check_order(guarded.links)
        return guarded

    return decorate


class Below:
    """Has links of its own for what is below a path."""

    def __init__(self, prefix: str, *links: Link) -> None:
        """The prefix ends with a slash: "/files/" is for /files and /files/a.txt, no more.

        ValueError where it does not.
        """
        if not prefix.endswith("/"):
            raise ValueError(f"what is below a path begins with it and a slash, unlike {prefix!r}")
        check_order(links)
        self.links = links
        self.branches = [(prefix, links)]
        self.inside_of = demands(links)
        # The same reading as the router's: compared as text, /%66iles/a.txt would slip by.
        self.pattern = Pattern(f"{prefix}{{rest:path}}")

    def __call__(self, request: Request, next: Handler) -> Response:
        """Through the links to the next one, or straight to it."""
        path = request.path
        is_below = any(self.pattern.match(one) is not None for one in (path, f"{path}/"))
        return compose(self.links, next)(request) if is_below else next(request)


class Hooks:
    """A link in the form that many frameworks have: two methods, one before and one after."""

    def before_request(self, request: Request) -> Response | None:
        """Called first. What it returns is the answer; None means: ask the next link."""
        return None

    def after_request(self, request: Request, response: Response) -> Response:
        """Called with every response, whoever has made it, and returns the one to send."""
        return response

    def __call__(self, request: Request, next: Handler) -> Response:
        """Before, the rest of the chain unless that has answered, and after.

        An exception passes through: what becomes of it is for ErrorPages to say.
        """
        response = self.before_request(request)
        if response is None:
            response = next(request)
        return self.after_request(request, response)


def explain(links: Sequence[Link], depth: int = 0) -> Iterator[str]:
    """The chain as lines of text: each link further in than the one that calls it.

    A link that has chains of its own shows them, too: its `branches`, pairs of a place and links.
    """
    for level, link in enumerate(links, start=depth):
        says = (link.__doc__ or "").partition("\n")[0]
        yield f"{'  ' * level}{name_of(link)} ".ljust(NAME_COLUMNS) + says
        for place, inner in getattr(link, "branches", ()):
            yield f"{'  ' * (level + 1)}at {place}"
            yield from explain(inner, level + 2)


def name_of(link: Link) -> str:
    """What a link is called: its class, or its own name where it is a function."""
    return getattr(link, "__name__", type(link).__name__)


def names_of(link: Link) -> set[str]:
    """All that it may be called in a rule: a class that is made from CORS is a CORS as well."""
    return {name_of(link), *(kind.__name__ for kind in type(link).__mro__)}
