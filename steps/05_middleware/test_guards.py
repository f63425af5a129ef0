"""`guards.py`: small links that keep things out."""

import pytest

from error_pages import ErrorPages
from errors import HTTPError
from fields import Fields
from guards import SECURITY_FIELDS, BodyLimit, MethodOverride, OwnPages, SecurityHeaders
from middleware import Chain
from request import Request
from response import Response
from target import parse_target

SAFE_METHODS = ["GET", "HEAD", "OPTIONS"]
OVERRIDES = ["PUT", "PATCH", "DELETE"]
UNSAFE_METHODS = ["POST", *OVERRIDES]

CAREFUL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What makes browsers careful, besides the policy."""

POLICY = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
}
"""What a page of ours may load, and where to; default-src decides about scripts, too."""

OURS = {
    "same": ("here.example", "http://here.example"),
    "over TLS": ("here.example", "https://here.example"),
    "port": ("127.0.0.1:8080", "http://127.0.0.1:8080"),
    "IPv6": ("[::1]:8080", "http://[::1]:8080"),
    "capitals": ("Here.Example", "http://here.example"),
}

FOREIGN = {
    "another host": "https://evil.example",
    "begins like ours": "https://here.example.evil.example",
    "ends like ours": "https://nowhere.example",
    "subdomain": "https://www.here.example",
    "another port": "http://here.example:8080",
    "user that looks like ours": "http://here.example@evil.example",
    "sandboxed page": "null",
    "two": "http://here.example, http://evil.example",
    "another scheme": "ftp://here.example",
    "no scheme": "here.example",
    "broken": "http://[",
    "slash": "http://here.example/",
    "file": "file://",
}


def request(method: str = "GET", body: bytes = b"", target: str = "/", **fields: str) -> Request:
    """A request to here.example, unless Host says otherwise, with fields such as If_Match."""
    lines = {"Host": "here.example"}
    lines |= {name.replace("_", "-"): value for name, value in fields.items()}
    return Request(method, parse_target(method, target), "HTTP/1.1", Fields(lines), body)


def hello(request: Request) -> Response:
    """The rest of the chain: tells the method that it has seen."""
    return Response.text(request.method)


class TestSecurityHeaders:
    """Makes browsers careful."""

    def test_every_answer_has_them(self):
        """Each of SECURITY_FIELDS is in the answer, once."""
        response = SecurityHeaders()(request(), hello)
        for name, value in SECURITY_FIELDS.items():
            assert response.fields.get_all(name) == [value]

    @pytest.mark.parametrize("name", CAREFUL)
    def test_by_name(self, name):
        """Types are not guessed, no path is told to other sites, no window of theirs holds ours."""
        assert SecurityHeaders()(request(), hello).fields.get(name) == CAREFUL[name]

    @pytest.mark.parametrize("name", SECURITY_FIELDS)
    def test_answer_knows_better(self, name):
        """A field that the answer has set itself stays as it is; the others are added."""

        def special(request: Request) -> Response:
            return Response(fields=Fields({name.lower(): "special"}))

        response = SecurityHeaders()(request(), special)
        assert response.fields.get_all(name) == ["special"]
        assert len(response.fields) == len(SECURITY_FIELDS)

    def test_policy(self):
        """Scripts come from here alone, forms go nowhere else, and nobody frames our pages.

        Nothing that has found its way into a page turns its links elsewhere, or embeds a plugin
        (Content Security Policy, "Directives").
        """
        fields = SecurityHeaders()(request(), hello).fields
        policy = dict(
            part.strip().split(" ", 1) for part in fields["Content-Security-Policy"].split(";")
        )
        assert policy == POLICY


class TestOwnPages:
    """Lets only our own pages change something."""

    @pytest.mark.parametrize("origin", FOREIGN.values(), ids=FOREIGN)
    def test_foreign_page(self, origin):
        """A page of another site, however like ours its name, may not change anything: 403."""
        for method in UNSAFE_METHODS:
            asked: list[Request] = []
            with pytest.raises(HTTPError) as error:
                OwnPages()(request(method, Origin=origin), asked.append)
            assert error.value.status == 403
            assert asked == []

    @pytest.mark.parametrize("origin", FOREIGN.values(), ids=FOREIGN)
    def test_safe_methods(self, origin):
        """Whoever only looks may come from anywhere (RFC 9110, section 9.2.1)."""
        for method in SAFE_METHODS:
            assert OwnPages()(request(method, Origin=origin), hello).content == method.encode()

    @pytest.mark.parametrize("method", UNSAFE_METHODS)
    @pytest.mark.parametrize("host, origin", OURS.values(), ids=OURS)
    def test_our_own_page(self, method, host, origin):
        """A page of ours may, under whichever name the browser knows us."""
        given = request(method, Host=host, Origin=origin, Sec_Fetch_Site="same-origin")
        assert OwnPages()(given, hello).content == method.encode()

    @pytest.mark.parametrize("method", UNSAFE_METHODS)
    def test_program(self, method):
        """A program that is no browser names no origin, and may: no page has sent it."""
        assert OwnPages()(request(method), hello).content == method.encode()

    def test_host_of_the_target(self):
        """Our name is that of an absolute target, where there is one (RFC 9112, 3.2.2)."""
        given = request("POST", target="http://there.example/a", Origin="http://there.example")
        assert OwnPages()(given, hello).content == b"POST"
        given = request("POST", target="http://there.example/a", Origin="http://here.example")
        with pytest.raises(HTTPError, match="403"):
            OwnPages()(given, hello)

    @pytest.mark.parametrize("method", UNSAFE_METHODS)
    @pytest.mark.parametrize("site, allowed", [("cross-site", False), ("same-origin", True)])
    def test_browser_that_names_no_origin(self, site, allowed, method):
        """Where the origin is missing, what the browser says of the two sites decides."""
        given = request(method, Sec_Fetch_Site=site)
        if allowed:
            assert OwnPages()(given, hello).content == method.encode()
        else:
            with pytest.raises(HTTPError, match="403"):
                OwnPages()(given, hello)

    def test_origins_that_may(self):
        """Some other origins may, each by its name; that any may read lets none change."""
        link = OwnPages(["https://shop.example", "*"])
        given = request("PUT", Origin="https://shop.example", Sec_Fetch_Site="cross-site")
        assert link(given, hello).content == b"PUT"
        for origin in ("https://evil.example", "https://shop.example.evil.example", "null"):
            with pytest.raises(HTTPError, match="403"):
                link(request("PUT", Origin=origin), hello)


class TestMethodOverride:
    """Lets a POST stand for another method."""

    @pytest.mark.parametrize("method", OVERRIDES)
    @pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
    def test_post_stands_for_it(self, method, change):
        """A POST with the field goes on as PUT, PATCH or DELETE; nothing else about it changes."""
        given = request("POST", b"hello", X_HTTP_Method_Override=change(method))
        seen: list[Request] = []
        MethodOverride()(given, lambda request: seen.append(request) or Response())
        [other] = seen
        assert (other.method, other.body, other.target) == (method, b"hello", given.target)
        assert given.method == "POST", "the request itself stays as it came"

    def test_context_is_the_same(self):
        """What links further in find out, those outside see, though the request is another."""
        given = request("POST", X_HTTP_Method_Override="PUT")

        def login(request: Request) -> Response:
            request.context["user"] = "ada"
            return Response()

        MethodOverride()(given, login)
        assert given.context["user"] == "ada"

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "TRACE", "X", "PUT, GET"])
    def test_nothing_else(self, method):
        """A POST never becomes a GET, which nobody guards, nor anything else: 400."""
        asked: list[Request] = []
        with pytest.raises(HTTPError, match="400"):
            MethodOverride()(request("POST", X_HTTP_Method_Override=method), asked.append)
        assert asked == []

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
    def test_only_post(self, method):
        """With any other method the field means nothing."""
        given = request(method, X_HTTP_Method_Override="DELETE")
        assert MethodOverride()(given, hello).content == method.encode()

    def test_only_the_field(self):
        """No query and no form names the method: an address that somebody follows is no order."""
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        given = request("POST", b"_method=DELETE", "/?_method=DELETE", **form)
        assert MethodOverride()(given, hello).content == b"POST"

    def test_without_the_field(self):
        """A POST without it, or with nothing in it, stays a POST."""
        assert MethodOverride()(request("POST"), hello).content == b"POST"
        assert (
            MethodOverride()(request("POST", X_HTTP_Method_Override=""), hello).content == b"POST"
        )


class TestBodyLimit:
    """Refuses bodies that are too long."""

    @pytest.mark.parametrize("count", [0, 1, 1000])
    def test_up_to_the_limit(self, count):
        """A body of as many bytes as are allowed is taken."""
        assert BodyLimit(count)(request("POST", b"x" * count), hello).status == 200

    @pytest.mark.parametrize("count", [0, 1, 1000])
    def test_one_too_many(self, count):
        """A byte more is 413 (RFC 9110, section 15.5.14), and nobody is asked."""
        asked: list[Request] = []
        with pytest.raises(HTTPError, match="413") as error:
            BodyLimit(count)(request("POST", b"x" * (count + 1)), asked.append)
        assert str(count) in error.value.detail
        assert asked == []


@pytest.mark.parametrize("link", [OwnPages(), MethodOverride(), BodyLimit(1)])
def test_stands_inside_of_error_pages(link):
    """What refuses by an HTTPError stands inside of what makes a response of it."""
    with pytest.raises(ValueError, match=f"ErrorPages must stand before {type(link).__name__}"):
        Chain(link, ErrorPages())
