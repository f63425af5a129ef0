"""Exercise 05.5, other sites: whose scripts may read our answers (the Fetch standard)."""

import pytest

from auth import BearerAuth
from cors import CORS, add_vary, is_preflight
from error_pages import ErrorPages
from errors import HTTPError
from fields import Fields
from guards import OwnPages
from middleware import Chain
from request import Request
from response import Response
from target import parse_target

SHOP = "https://shop.example"
PORT = "http://127.0.0.1:5173"

PREFLIGHT = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "content-type",
}

NEAR_MISSES = {
    "another scheme": "http://shop.example",
    "a port": "https://shop.example:8443",
    "default port": "https://shop.example:443",
    "a slash": "https://shop.example/",
    "subdomain": "https://www.shop.example",
    "begins like it": "https://shop.example.evil.example",
    "ends like it": "https://evilshop.example",
    "contains it": "https://evil.example/https://shop.example",
    "dot": "https://shopxexample",
    "capitals": "https://SHOP.EXAMPLE",
    "without its end": "https://shop.exampl",
    "sandboxed page, file": "null",
    "two at once": "https://shop.example, https://evil.example",
    "nothing": "",
    "any": "*",
    "stranger": "https://evil.example",
}


def request(origin: str | None = None, method: str = "GET", **fields: str) -> Request:
    """A request of a script of this origin; None for a program that is no browser."""
    lines = Fields({name.replace("_", "-"): value for name, value in fields.items()})
    if origin is not None:
        lines.add("Origin", origin)
    return Request(method, parse_target(method, "/notes"), "HTTP/1.1", lines)


def preflight(origin: str) -> Request:
    """The question of a browser whose script wants to send a PUT with JSON."""
    given = request(origin, "OPTIONS")
    for name, value in PREFLIGHT.items():
        given.fields.add(name, value)
    return given


def hello(request: Request) -> Response:
    """The rest of the chain."""
    return Response.text("hello")


def never(request: Request) -> Response:
    """The rest of a chain that is not to be asked."""
    raise AssertionError("the endpoint was asked")


def returned(link: CORS, question: Request) -> Response:
    """The link's own answer to a preflight."""
    try:
        return link(question, never)
    except HTTPError as error:
        status = error.status
    raise AssertionError(
        f"the {status} was raised, and has flown past `mark`: it is a response to be returned, "
        "as `mark` has to add Vary to it"
    )


def permissions(response: Response) -> dict[str, str]:
    """What the response allows to scripts: its fields Access-Control-*."""
    return {n: v for n, v in response.fields if n.lower().startswith("access-control-")}


@pytest.mark.exercise("05.5")
class TestPreflight:
    """The browser asks first."""

    @pytest.mark.parametrize("origin", [SHOP, PORT])
    def test_allowed_origin(self, origin):
        """204, without content: which methods and fields are allowed, for whom, and how long."""
        link = CORS([SHOP, PORT], methods=["GET", "PUT"], headers=["Content-Type"], max_age=60)
        response = link(preflight(origin), never)
        assert (response.status, response.content) == (204, b"")
        assert permissions(response) == {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, PUT",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "60",
        }

    @pytest.mark.parametrize("origin", NEAR_MISSES.values(), ids=NEAR_MISSES)
    def test_other_origin(self, origin):
        """403 for any other origin, however like ours; nothing is allowed, and nobody is asked."""
        response = returned(CORS([SHOP]), preflight(origin))
        assert response.status == 403
        assert permissions(response) == {}

    def test_what_was_asked_is_not_repeated(self):
        """What is allowed is our list, whatever was asked for: the browser compares."""
        given = preflight(SHOP)
        given.fields["Access-Control-Request-Method"] = "TRACE"
        given.fields["Access-Control-Request-Headers"] = "X-Evil"
        allowed = permissions(CORS([SHOP])(given, never))
        assert "TRACE" not in allowed["Access-Control-Allow-Methods"]
        assert "X-Evil" not in allowed["Access-Control-Allow-Headers"]

    def test_default_lists(self):
        """By default the methods of this server are allowed, and the fields that it reads."""
        allowed = permissions(CORS([SHOP])(preflight(SHOP), never))
        methods = allowed["Access-Control-Allow-Methods"].split(", ")
        assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} == set(methods)
        names = allowed["Access-Control-Allow-Headers"].split(", ")
        assert {"Authorization", "Content-Type", "If-Match", "X-Request-ID"} == set(names)
        assert allowed["Access-Control-Max-Age"] == "600"

    def test_endpoint_is_never_asked(self):
        """The lock inside would refuse a preflight, which has no credentials: it is not asked."""
        chain = Chain(CORS([SHOP]), ErrorPages(), BearerAuth({"ada": "x"}))
        assert chain(preflight(SHOP)).status == 204

    def test_no_answer_is_another_ones(self):
        """Each preflight has a response of its own: what is done to one changes no other."""
        link = CORS([SHOP])
        link(preflight(SHOP), never).fields["Access-Control-Allow-Methods"] = "TRACE"
        allowed = permissions(link(preflight(SHOP), never))
        assert "TRACE" not in allowed["Access-Control-Allow-Methods"]

    @pytest.mark.parametrize("missing", ["Origin", "Access-Control-Request-Method"])
    def test_plain_options(self, missing):
        """An OPTIONS that is no preflight has its answer from the rest of the chain."""
        given = preflight(SHOP)
        del given.fields[missing]
        assert CORS([SHOP])(given, hello).content == b"hello"

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
    def test_only_options(self, method):
        """Another method with the same fields is none, and has its answer from the rest."""
        given = preflight(SHOP)
        other = Request(method, given.target, given.version, given.fields)
        assert not is_preflight(other)
        assert CORS([SHOP])(other, hello).content == b"hello"


@pytest.mark.exercise("05.5")
class TestMark:
    """Who may read an answer."""

    @pytest.mark.parametrize("origin", [SHOP, PORT])
    def test_allowed_origin_is_named(self, origin):
        """The answer names the very origin that asks, and which fields its script may see."""
        response = CORS([SHOP, PORT], exposed=["ETag", "Location"])(request(origin), hello)
        assert response.content == b"hello"
        assert permissions(response) == {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "ETag, Location",
        }

    @pytest.mark.parametrize("origin", [None, *NEAR_MISSES.values()], ids=["none", *NEAR_MISSES])
    @pytest.mark.parametrize("credentials", [False, True])
    def test_other_origin(self, origin, credentials):
        """Another origin, however like ours, gets the answer without a word: its script sees none.

        A server that repeats whatever Origin it is sent, with credentials, gives every site what
        its visitors see here.
        """
        response = CORS([SHOP], credentials=credentials)(request(origin), hello)
        assert response.content == b"hello"
        assert permissions(response) == {}

    @pytest.mark.parametrize("origin", [None, SHOP, "https://evil.example", "null"])
    def test_vary(self, origin):
        """Vary: Origin in every answer, refused ones too: a cache must keep them apart (12.5.5)."""
        link = CORS([SHOP])
        assert link(request(origin), hello).fields.get("Vary") == "Origin"
        if origin:
            assert "Origin" in returned(link, preflight(origin)).fields.get("Vary")

    def test_vary_keeps_what_is_there(self):
        """What the answer depends on besides stays in Vary."""

        def negotiated(request: Request) -> Response:
            return Response(fields=Fields({"Vary": "Accept, Accept-Encoding"}))

        response = CORS([SHOP])(request(SHOP), negotiated)
        assert response.fields.get_all("Vary") == ["Accept, Accept-Encoding, Origin"]

    @pytest.mark.parametrize("origin", [None, "https://evil.example", "null", SHOP])
    @pytest.mark.parametrize("origins", [["*"], [SHOP, "*"]], ids=["any", "any and one"])
    def test_any_origin(self, origins, origin):
        """With "*" every answer says "*", also where no Origin came; so there is no Vary.

        Else a cache would keep what it has fetched without an Origin, and give it to a script
        that then may not read it (Fetch, "CORS protocol and HTTP caches").
        """
        response = CORS(origins, exposed=["ETag"])(request(origin), hello)
        assert permissions(response) == {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag",
        }
        assert "Vary" not in response.fields

    def test_any_origin_asks_ahead(self):
        """With "*" a preflight is told "*" as well."""
        response = CORS(["*"])(preflight("https://evil.example"), never)
        assert response.status == 204
        assert permissions(response)["Access-Control-Allow-Origin"] == "*"
        assert "Vary" not in response.fields

    def test_credentials(self):
        """With credentials the field says "true", beside the origin's name, to that one alone."""
        link = CORS([SHOP], credentials=True)
        for response in (link(request(SHOP), hello), link(preflight(SHOP), never)):
            assert response.fields.get("Access-Control-Allow-Credentials") == "true"
            assert response.fields.get("Access-Control-Allow-Origin") == SHOP

    def test_without_credentials_no_word_of_them(self):
        """Without credentials the field is not there: any value but "true" means nothing."""
        response = CORS([SHOP])(request(SHOP), hello)
        assert "Access-Control-Allow-Credentials" not in response.fields

    @pytest.mark.parametrize("origin", [SHOP, "https://evil.example", None])
    @pytest.mark.parametrize("origins, allowed", [([SHOP], {SHOP: [SHOP]}), (["*"], {})])
    def test_endpoint_does_not_overrule(self, origin, origins, allowed):
        """What an endpoint says itself about origins and credentials gives way: one place decides.

        That is so for those who are allowed, for those who are not, and for no origin at all.
        """

        def generous(request: Request) -> Response:
            origin = request.fields.get("Origin", "*")
            lines = {"access-control-allow-origin": origin}
            return Response(fields=Fields(lines | {"Access-Control-Allow-Credentials": "true"}))

        fields = CORS(origins)(request(origin), generous).fields
        expected = ["*"] if origins == ["*"] else allowed.get(origin, [])
        assert fields.get_all("Access-Control-Allow-Origin") == expected
        assert "Access-Control-Allow-Credentials" not in fields

    def test_errors_can_be_read(self):
        """A script of an allowed origin can read an error, too: its status and what it says."""

        def failing(request: Request) -> Response:
            raise HTTPError(401, "no", Fields({"WWW-Authenticate": 'Bearer realm="x"'}))

        response = Chain(CORS([SHOP]), ErrorPages(), lambda request, next: failing(request))(
            request(SHOP)
        )
        assert response.status == 401
        assert response.fields.get("Access-Control-Allow-Origin") == SHOP
        assert response.fields.get("Vary") == "Accept, Origin"


def test_fields_that_can_be_read():
    """By default a script may read what it needs to go on: version, place and id of an answer."""
    allowed = permissions(CORS([SHOP])(request(SHOP), hello))
    names = allowed.get("Access-Control-Expose-Headers", "").split(", ")
    assert set(names) == {"ETag", "Location", "X-Request-ID"}


@pytest.mark.parametrize("form", ["text/plain", "text/html", "application/json"])
def test_refusal_in_the_form_that_is_asked_for(form):
    """The 403 to a preflight has the form that Accept prefers, as every error (12.5.1)."""
    given = preflight("https://evil.example")
    given.fields.add("Accept", form)
    response = returned(CORS([SHOP]), given)
    assert response.status == 403
    assert response.fields["Content-Type"].startswith(form), (
        "error_response takes the field Accept, too"
    )


GOOD = [
    "https://shop.example",
    "http://localhost:5173",
    "http://127.0.0.1",
    "http://[::1]:8080",
    "https://my_shop.example",
    "http://shop.example:443",
    "https://shop.example:80",
    "https://shop.example:65535",
    "app+x.y-1://host",
]

WRONG = {
    "slash": "https://shop.example/",
    "path": "https://shop.example/a",
    "no scheme": "shop.example",
    "scheme alone": "https://",
    "sandboxed page": "null",
    "empty": "",
    "pattern": "*.shop.example",
    "two": "https://a.example, https://b.example",
    "user": "https://ada@shop.example",
    "query": "https://shop.example?a",
    "fragment": "https://shop.example#a",
    "line end": "https://shop.example\n",
    "capital scheme": "HTTPS://shop.example",
    "capital in the host": "https://Shop.example",
    "all hosts below": "https://*.shop.example",
    "port without a number": "https://shop.example:",
    "letter that is no ASCII": "https://shöp.example",
    "the scheme's own port": "https://shop.example:443",
    "the other scheme's own port": "http://shop.example:80",
    "a port with a zero before it": "https://shop.example:08443",
    "digit that is no ASCII": "https://shop.example:8\u0664",
    "capital in an IPv6 address": "http://[2001:DB8::1]",
    "scheme that begins with a digit": "1http://shop.example",
    "more than a port can be": "https://shop.example:65536",
}


@pytest.mark.parametrize("origin", GOOD)
def test_origin_is_well_formed(origin):
    """A scheme, a host, and a port if need be."""
    assert permissions(CORS([origin], exposed=())(request(origin), hello)) == {
        "Access-Control-Allow-Origin": origin
    }


@pytest.mark.parametrize("origin", WRONG.values(), ids=WRONG)
def test_origin_that_no_browser_sends(origin):
    """An origin that would never match is its author's mistake: ValueError, with the origin."""
    with pytest.raises(ValueError, match="an origin is like") as error:
        CORS([SHOP, origin])
    assert repr(origin) in str(error.value)


def test_credentials_never_with_any():
    """Any origin with credentials would let every site act as its visitor: ValueError."""
    for origins in (["*"], [SHOP, "*"]):
        with pytest.raises(ValueError, match="credentials never go with"):
            CORS(origins, credentials=True)


def test_nobody_is_allowed():
    """Without origins no script of another site reads anything, and "" is no origin."""
    link = CORS([])
    for origin in (None, "", SHOP, "null", "*"):
        assert permissions(link(request(origin), hello)) == {}


def test_cors_is_no_lock():
    """CORS hides the answer and lets the request through: OwnPages is there to refuse it."""
    asked: list[Request] = []

    def changing(request: Request) -> Response:
        asked.append(request)
        return Response()

    stranger = request("https://evil.example", "POST", Host="here.example")
    CORS([SHOP])(stranger, changing)
    assert len(asked) == 1
    with pytest.raises(HTTPError, match="403"):
        OwnPages([SHOP])(stranger, changing)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "before, after",
    [
        (None, "Origin"),
        ("Accept", "Accept, Origin"),
        ("Accept,Accept-Encoding", "Accept, Accept-Encoding, Origin"),
        ("origin", "origin"),
        ("Accept, ORIGIN", "Accept, ORIGIN"),
        ("X-Origin", "X-Origin, Origin"),
        ("*", "*"),
        ("", "Origin"),
    ],
)
def test_add_vary(before, after):
    """A name is added to Vary once; "*" has it already (RFC 9110, section 12.5.5)."""
    fields = Fields({} if before is None else {"Vary": before})
    add_vary(fields, "Origin")
    assert fields.get_all("Vary") == [after]
