"""Exercise 03.6: one application under a path of another."""

from dataclasses import replace

import pytest

from fields import Fields
from mounting import mount
from request import Request
from response import Response
from target import Target

pytestmark = pytest.mark.exercise("03.6")

POST = Request(
    "POST",
    Target("/", "q=1&q=%2F", "host.example"),
    "HTTP/1.0",
    Fields([("Host", "host.example"), ("X-A", "1"), ("X-A", "2")]),
    b"body",
)


def inner(request: Request) -> Response:
    """Tell the path that comes to the inner application."""
    return Response.text(f"inner {request.path}")


def outer(request: Request) -> Response:
    """Tell the path that comes to the outer application."""
    return Response.text(f"outer {request.path}")


def at(path: str) -> Request:
    """A request for this path."""
    return replace(POST, target=replace(POST.target, path=path))


MOUNTED = {
    "below the prefix": ("/shop", "/shop/cart", "inner /cart"),
    "deep below": ("/shop", "/shop/cart/3/edit", "inner /cart/3/edit"),
    "the prefix itself": ("/shop", "/shop", "inner /"),
    "the prefix and a slash": ("/shop", "/shop/", "inner /"),
    "a slash at the end": ("/shop", "/shop/cart/", "inner /cart/"),
    "the prefix twice": ("/shop", "/shop/shop", "inner /shop"),
    "the prefix thrice": ("/shop", "/shop/shop/shop/x", "inner /shop/shop/x"),
    "percent-encoded": ("/shop", "/shop/a%2Fb%20c", "inner /a%2Fb%20c"),
    "two slashes": ("/shop", "/shop//cart", "inner //cart"),
    "a prefix of two segments": ("/api/v1", "/api/v1/notes", "inner /notes"),
    "something else": ("/shop", "/about", "outer /about"),
    "the root": ("/shop", "/", "outer /"),
    "another word with that beginning": ("/shop", "/shopping", "outer /shopping"),
    "another file with that beginning": ("/shop", "/shop.html", "outer /shop.html"),
    "an encoded slash is no slash": ("/shop", "/shop%2Fcart", "outer /shop%2Fcart"),
    "other case": ("/shop", "/Shop/cart", "outer /Shop/cart"),
    "the prefix further down": ("/shop", "/a/shop/cart", "outer /a/shop/cart"),
    "half of the prefix": ("/api/v1", "/api/notes", "outer /api/notes"),
    "a prefix with a sign": ("/v1.0", "/v1x0/a", "outer /v1x0/a"),
    "the server as a whole": ("/shop", "*", "outer *"),
}


@pytest.mark.parametrize("prefix, path, answer", MOUNTED.values(), ids=MOUNTED)
def test_path(prefix, path, answer):
    """What is under the prefix comes to `inner`, without the prefix, and all else to `outer`."""
    response = mount(prefix, inner, outer)(at(path))
    assert response.content.decode() == answer, f"the prefix {prefix}, and {path}"


def test_rest_of_the_request():
    """Method, query, authority, version, fields and body are those of the request."""
    came: list[Request] = []
    application = mount("/shop", lambda r: came.append(r) or Response(), outer)
    application(at("/shop/cart"))
    assert came == [at("/cart")]


def test_request_stays():
    """The request itself is not changed: somebody else may still want to read it."""
    request = at("/shop/cart")
    mount("/shop", inner, outer)(request)
    assert request == at("/shop/cart")


def test_outer_gets_the_request_itself():
    """What is not under the prefix reaches the outer application as it came."""
    came: list[Request] = []
    request = at("/about")
    mount("/shop", inner, lambda r: came.append(r) or Response())(request)
    assert came == [request]


def test_response_of_the_application(rng):
    """The response is that of the application, and its errors are its own."""
    response = Response(rng.choice([200, 404, 503]))
    assert mount("/a", lambda request: response, outer)(at("/a/b")) is response
    assert mount("/a", inner, lambda request: response)(at("/b")) is response
    with pytest.raises(ZeroDivisionError):
        mount("/a", lambda request: 1 // 0, outer)(at("/a"))


def test_mounts_in_mounts(rng):
    """What is mounted is a handler like any other: it can be mounted in its turn."""
    shop, cart = (f"/{rng.randrange(10**6)}" for _ in range(2))
    application = mount(shop, mount(cart, inner, outer), Response)
    assert application(at(f"{shop}{cart}/3")).content == b"inner /3"
    assert application(at(f"{shop}/about")).content == b"outer /about"


@pytest.mark.parametrize("prefix", ["", "/", "shop", "shop/", "/shop/", "//", "/a/b/"])
def test_no_prefix(prefix):
    """A prefix begins with a slash and does not end with one: else ValueError, at once."""
    with pytest.raises(ValueError):
        mount(prefix, inner, outer)
        pytest.fail(f"{prefix!r} was taken for a prefix")


def test_over_the_wire(serve):
    """The demo application answers at / and, once more, at /v1/."""
    mounted = serve(script="mounting")
    mounted.ask(b"GET /v1/echo/a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n").expect(status=200, body="a/b")
    mounted.ask(b"GET /echo/a HTTP/1.1\r\nHost: a\r\n\r\n").expect(status=200, body="a")
    mounted.ask(b"GET /v2/about HTTP/1.1\r\nHost: a\r\n\r\n").expect(status=404)
