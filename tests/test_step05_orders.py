"""Step 05, all 120 orders of five links: each is refused with a reason, or does what is written.

What is right is worked out here, from the order and the documented rules, and not by the chain.
"""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from course.stage import Stage
from course.steps import find_step

STEP = find_step("05")

with Stage(STEP).on():
    from access_log import AccessLog
    from application import application
    from auth import BearerAuth
    from cors import CORS
    from error_pages import ErrorPages
    from errors import HTTPError
    from fields import Fields
    from middleware import Chain, Handler, Hooks, name_of
    from request import Request
    from response import Response
    from target import Target
    from tracing import RequestId

NAMES = ("RequestId", "AccessLog", "CORS", "ErrorPages", "BearerAuth")
ORDERS = list(itertools.permutations(NAMES))

REASONS = {
    ("RequestId", "AccessLog"): "what a link between them answers would have no id in its line",
    ("CORS", "ErrorPages"): "a script on another site could not read the errors",
    ("CORS", "BearerAuth"): "a browser sends no credentials with a preflight",
    ("ErrorPages", "BearerAuth"): "what it refuses would not become a response",
}
"""Which link must stand before which, and why."""

TOKEN = "open-sesame"
SHOP = "https://shop.example"
EVIL = "https://evil.example"


@dataclass(frozen=True)
class Probe:
    """A request, and what is to become of it whatever the order."""

    path: str
    status: int
    token: str = ""
    origin: str = ""
    is_preflight: bool = False

    @property
    def is_let_in(self) -> bool:
        """Whether it gets past the lock to the endpoint."""
        return self.token == TOKEN

    @property
    def raises(self) -> bool:
        """Whether it becomes an exception, at the lock or at the endpoint."""
        return self.status >= 400 and not self.is_preflight

    @property
    def request(self) -> Request:
        """The request itself."""
        lines = {"Host": "here.example", "Accept": "application/json"}
        lines |= {"Origin": self.origin} if self.origin else {}
        lines |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        lines |= {"Access-Control-Request-Method": "PUT"} if self.is_preflight else {}
        method = "OPTIONS" if self.is_preflight else "GET"
        return Request(method, Target(self.path), "HTTP/1.1", Fields(lines))


PROBES = [
    Probe(path, status, token, origin)
    for origin in ("", SHOP, EVIL)
    for path, status, token in (
        ("/fine", 200, TOKEN),
        ("/fine", 401, "wrong"),
        ("/fine", 401, ""),
        ("/missing", 404, TOKEN),
        ("/missing", 401, ""),
        ("/crash", 500, TOKEN),
        ("/crash", 401, ""),
    )
]
PREFLIGHTS = [
    Probe(path, status, token, origin, is_preflight=True)
    for origin, status in ((SHOP, 204), (EVIL, 403))
    for token in ("", TOKEN)
    for path in ("/fine", "/crash")
]


@dataclass
class Seen:
    """What the world has seen of one request."""

    status: int
    has_id: bool
    allowed: str | None
    challenge: bool
    line: dict[str, Any] | None
    endpoint_was_asked: bool
    traces: int


@dataclass
class World:
    """A chain in some order, and what it does to the world."""

    order: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        links = {
            "RequestId": RequestId(),
            "AccessLog": AccessLog("json", self.lines.append),
            "CORS": CORS([SHOP]),
            "ErrorPages": ErrorPages(log=self.traces.append),
            "BearerAuth": BearerAuth({"ada": TOKEN}),
        }
        self.chain = Chain(*(links[name] for name in self.order), self.endpoint)

    def endpoint(self, request: Request, next: Handler) -> Response:
        self.asked += 1
        if request.path == "/crash":
            raise ZeroDivisionError("swordfish")
        if request.path == "/missing":
            raise HTTPError(404, "There is no such thing.")
        return Response.text("fine")

    def send(self, probe: Probe) -> tuple[Response, Seen]:
        self.lines.clear()
        self.traces.clear()
        self.asked = 0
        response = self.chain(probe.request)
        assert len(self.lines) <= 1, "more than one line for a request"
        line = json.loads(self.lines[0]) if self.lines else None
        seen = Seen(
            response.status,
            "X-Request-ID" in response.fields,
            response.fields.get("Access-Control-Allow-Origin") or None,
            "WWW-Authenticate" in response.fields,
            line and {name: line[name] for name in ("status", "bytes", "user")},
            bool(self.asked),
            len(self.traces),
        )
        if line and seen.has_id:
            assert line["request_id"] == response.fields["X-Request-ID"]
        return response, seen


def documented(order: tuple[str, ...], probe: Probe, response: Response) -> Seen:
    """What must be seen of a request, by the rules:

    a preflight gets as far as CORS, a request without the token as far as BearerAuth; a link that
    is not asked does nothing; a link inside of ErrorPages sees the exception, which has no
    response to put an id into and no size, and a link outside of it the response.
    """
    place = order.index
    if probe.is_preflight:
        last = place("CORS")
    elif not probe.is_let_in:
        last = place("BearerAuth")
    else:
        last = len(order)

    def is_asked(name: str) -> bool:
        return place(name) <= last

    def sees_a_response(name: str) -> bool:
        return not probe.raises or place(name) < place("ErrorPages")

    has_content = sees_a_response("AccessLog") and probe.status != 204
    line = {
        "status": probe.status,
        "bytes": len(response.content) if has_content else None,
        "user": "ada" if probe.is_let_in and not probe.is_preflight else "-",
    }
    return Seen(
        probe.status,
        is_asked("RequestId") and sees_a_response("RequestId"),
        SHOP if probe.origin == SHOP else None,
        probe.status == 401,
        line if is_asked("AccessLog") else None,
        probe.is_let_in and not probe.is_preflight,
        int(probe.status == 500),
    )


def broken_rules(order: tuple[str, ...]) -> set[tuple[str, str]]:
    """The pairs of links that stand the wrong way round."""
    return {(one, two) for one, two in REASONS if order.index(one) > order.index(two)}


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ">".join(order))
def test_order(order: tuple[str, ...]) -> None:
    broken = broken_rules(order)
    if broken:
        with pytest.raises(ValueError, match="must stand before") as error:
            World(order)
        named = [
            pair
            for pair in broken
            if "{} must stand before {} in".format(*pair) in str(error.value)
        ]
        assert len(named) == 1, f"{error.value} is none of {broken}"
        assert REASONS[named[0]] in str(error.value)
        return
    world = World(order)
    for probe in PROBES + PREFLIGHTS:
        response, seen = world.send(probe)
        assert seen == documented(order, probe, response), probe
        assert "Origin" in response.fields.get("Vary")
        assert b"swordfish" not in response.content
        assert ("swordfish" in "".join(world.traces)) == (probe.status == 500)


def test_ten_of_them_work() -> None:
    working = [order for order in ORDERS if not broken_rules(order)]
    assert (len(ORDERS), len(working)) == (120, 10)
    own = tuple(name for name in map(name_of, application().links) if name in NAMES)
    with_lock = (*own, "BearerAuth")
    assert with_lock in working


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ">".join(order))
def test_what_stands_between_them_makes_no_difference(order: tuple[str, ...]) -> None:
    links = [
        link
        for name in order
        for link in (Hooks(), make(name), lambda request, next: next(request))
    ]
    if broken_rules(order):
        with pytest.raises(ValueError, match="must stand before"):
            Chain(*links)
    else:
        assert Chain(*links).links == tuple(links)


def make(name: str) -> Any:
    """A link of this name."""
    arguments = {"CORS": [[SHOP]], "BearerAuth": [{"ada": TOKEN}]}
    kinds = {one.__name__: one for one in (RequestId, AccessLog, CORS, ErrorPages, BearerAuth)}
    return kinds[name](*arguments.get(name, []))


@pytest.mark.parametrize("pair", REASONS, ids=">".join)
def test_two_of_them(pair: tuple[str, str]) -> None:
    """A rule is about two links: the others need not be there."""
    outer, inner = map(make, pair)
    assert Chain(outer, inner).links == (outer, inner)
    with pytest.raises(ValueError, match="{} must stand before {} in the chain".format(*pair)):
        Chain(inner, outer)
