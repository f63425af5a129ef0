"""The router, and exercise 03.4: from a method and a path to the function that answers."""

import itertools

import pytest

from errors import HTTPError
from fields import Fields
from request import Request
from response import Response
from router import METHODS, Endpoint, Router
from target import parse_target


def registered(*lines: str) -> Router:
    """A router with routes such as `GET /about` or `GET,POST /notes`; each answers its own line."""
    router = Router()
    for line in lines:
        methods, pattern = line.split(" ")
        router.route(pattern, *methods.split(","), name=line)(answering(line))
    return router


def answering(text: str) -> Endpoint:
    """An endpoint that answers with this text."""
    return lambda request, **values: Response.text(text)


def request(method: str, target: str) -> Request:
    """A request with this method and target."""
    fields = Fields({"Host": "here.example"})
    return Request(method, parse_target(method, target), "HTTP/1.1", fields)


def allow(fields: Fields) -> set[str]:
    """The methods that the one Allow field lists."""
    methods = [method.strip() for method in ",".join(fields.get_all("Allow")).split(",")]
    assert len(fields.get_all("Allow")) == 1, "one field Allow is wanted"
    assert len(methods) == len(set(methods)), f"a method twice: {methods}"
    return set(methods)


FOUND = {
    "get": (["GET /a", "POST /a"], "GET", "/a", "GET /a"),
    "post": (["GET /a", "POST /a"], "POST", "/a", "POST /a"),
    "two methods of one route": (["GET,PUT /a"], "PUT", "/a", "GET,PUT /a"),
    "other paths do not matter": (["GET /b", "GET /a", "GET /c"], "GET", "/a", "GET /a"),
    "specific first": (["GET /{x}", "GET /me"], "GET", "/me", "GET /me"),
    "general where the specific does not match": (
        ["GET /{x}", "GET /me"],
        "GET",
        "/you",
        "GET /{x}",
    ),
    "general where only that has the method": (
        ["GET /me", "GET,PUT /{x}"],
        "PUT",
        "/me",
        "GET,PUT /{x}",
    ),
    "most specific of those that have the method": (
        ["PUT /{rest:path}", "PUT /{x}", "GET /me"],
        "PUT",
        "/me",
        "PUT /{x}",
    ),
    "HEAD by GET": (["POST /a", "GET /a"], "HEAD", "/a", "GET /a"),
    "HEAD by itself": (["GET /a", "HEAD /a"], "HEAD", "/a", "HEAD /a"),
    "HEAD by the most specific GET": (["GET /{x}", "GET /me"], "HEAD", "/me", "GET /me"),
    "OPTIONS by itself": (["GET /a", "OPTIONS /a"], "OPTIONS", "/a", "OPTIONS /a"),
}

NOT_FOUND = {
    "no routes": ([], "GET", "/"),
    "another path": (["GET /a"], "GET", "/b"),
    "a longer path": (["GET /a"], "GET", "/a/b"),
    "a value that does not fit": (["GET /notes/{id:int}"], "GET", "/notes/x"),
    "another method": (["GET /a"], "POST", "/b"),
    "HEAD": (["GET /a"], "HEAD", "/b"),
    "OPTIONS": (["GET /a"], "OPTIONS", "/b"),
}

ALLOWED = {
    "of GET": (["GET /a"], {"GET", "HEAD", "OPTIONS"}),
    "of POST": (["POST /a"], {"OPTIONS", "POST"}),
    "of two routes": (["POST /a", "GET /a"], {"GET", "HEAD", "OPTIONS", "POST"}),
    "of one route": (["POST,GET /a"], {"GET", "HEAD", "OPTIONS", "POST"}),
    "of several patterns": (["GET /a", "POST /{x}"], {"GET", "HEAD", "OPTIONS", "POST"}),
    "of patterns that match": (["POST /a", "GET /b", "GET /a/b"], {"OPTIONS", "POST"}),
    "of HEAD alone": (["HEAD /a"], {"HEAD", "OPTIONS"}),
    "with no method twice": (
        ["GET,HEAD /a", "GET,OPTIONS,POST /{x}"],
        {"GET", "HEAD", "OPTIONS", "POST"},
    ),
}


@pytest.mark.exercise("03.4")
class TestFind:
    @pytest.mark.parametrize("routes, method, path, line", FOUND.values(), ids=FOUND)
    def test_endpoint(self, routes, method, path, line):
        """The most specific route that has the method answers, however they were registered."""
        for order in itertools.permutations(routes):
            endpoint, _ = registered(*order).find(method, path)
            answer = endpoint(request(method, path)).content.decode()
            assert answer == line, f"{method} {path}, with the routes {', '.join(order)}"

    @pytest.mark.parametrize("routes, method, path", NOT_FOUND.values(), ids=NOT_FOUND)
    def test_no_such_path(self, routes, method, path):
        """HTTPError 404 where no pattern matches the path, whatever the method."""
        with pytest.raises(HTTPError) as caught:
            registered(*routes).find(method, path)
            pytest.fail(f"{method} {path}, with the routes {routes}")
        assert caught.value.status == 404, f"{method} {path}, with the routes {routes}"

    @pytest.mark.parametrize("routes, methods", ALLOWED.values(), ids=ALLOWED)
    def test_no_such_method(self, routes, methods):
        """HTTPError 405 for another method, with those that work in Allow (RFC 9110, 15.5.6)."""
        for method in sorted(METHODS - methods):
            with pytest.raises(HTTPError) as caught:
                registered(*routes).find(method, "/a")
                pytest.fail(f"{method} /a, with the routes {routes}")
            assert caught.value.status == 405, f"{method} /a, with the routes {routes}"
            assert allow(caught.value.fields) == methods, f"with the routes {routes}"

    @pytest.mark.parametrize("routes, methods", list(ALLOWED.values())[:-1], ids=list(ALLOWED)[:-1])
    def test_options(self, routes, methods):
        """OPTIONS is answered by 204, with the methods in Allow (RFC 9110, section 9.3.7)."""
        endpoint, values = registered(*routes).find("OPTIONS", "/a")
        response = endpoint(request("OPTIONS", "/a"), **values)
        assert (response.status, response.content) == (204, b"")
        assert allow(response.fields) == methods, f"with the routes {routes}"

    def test_values(self, rng):
        """Beside the endpoint come the values of the pattern's parameters, by name."""
        router = registered("GET /{user}/notes/{id:int}", "GET /about")
        number = rng.randrange(10**9)
        assert router.find("GET", f"/ada/notes/{number}")[1] == {"user": "ada", "id": number}
        assert router.find("HEAD", f"/ada/notes/{number}")[1] == {"user": "ada", "id": number}
        assert router.find("GET", "/about")[1] == {}


@pytest.mark.exercise("03.2")
def test_every_order_of_registration():
    """Specific patterns are tried before general ones, whatever the order of registration."""
    answers = {
        "/notes/new": "GET /notes/new",
        "/notes/12": "GET /notes/{id:int}",
        "/notes/old": "GET /notes/{name}",
        "/notes/a/b": "GET /notes/{rest:path}",
        "/files/old": "GET /{kind}/old",
    }
    for order in itertools.permutations(answers.values()):
        router = registered(*order)
        for path, line in answers.items():
            endpoint, _ = router.find("GET", path)
            answer = endpoint(request("GET", path)).content.decode()
            assert answer == line, f"{path}, with the routes {', '.join(order)}"


def test_values_are_handed_to_the_endpoint():
    """A handler gets the request, and each value of the path by its name."""
    router = Router()

    @router.get("/{user}/notes/{id:int}")
    def note(request: Request, user: str, id: int) -> Response:
        return Response.text(f"{request.method} {user} {id + 1}")

    response = router(request("GET", "/Zo%C3%AB/notes/41"))
    assert response.content.decode() == "GET Zoë 42"


def test_decorators():
    """`get`, `post` and `route` leave the function as it is, so that they can be stacked."""
    router = Router()

    @router.get("/a")
    @router.post("/b")
    @router.route("/c", "PUT", "DELETE", name="other")
    def endpoint(request: Request) -> Response:
        return Response.text("it is me")

    assert endpoint(request("GET", "/")).content == b"it is me"
    for method, path in (("GET", "/a"), ("POST", "/b"), ("PUT", "/c"), ("DELETE", "/c")):
        assert router(request(method, path)).content == b"it is me"
    assert (router.url_for("endpoint"), router.url_for("other")) in (("/a", "/c"), ("/b", "/c"))


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "get", "FETCH"])
def test_method_that_nobody_implements(method):
    """A method that the server does not know is refused when it is registered, by ValueError."""
    with pytest.raises(ValueError):
        Router().route("/", method)


@pytest.mark.parametrize(
    "method, target",
    [("BREW", "/a"), ("get", "/a"), ("TRACE", "/a"), ("CONNECT", "a:80"), ("BREW", "/nothing")],
)
def test_unknown_method(method, target):
    """A method that the server does not implement is answered 501 (RFC 9110, section 9.1)."""
    with pytest.raises(HTTPError) as caught:
        registered("GET /a")(request(method, target))
    assert caught.value.status == 501


def test_options_of_the_server():
    """OPTIONS * asks for the server's methods, not for those of a path (RFC 9110, 9.3.7)."""
    response = registered("GET /a")(request("OPTIONS", "*"))
    assert (response.status, response.content) == (204, b"")
    assert allow(response.fields) == METHODS


REDIRECTED = {
    "a slash too many": ("/about/", "/about"),
    "three slashes too many": ("/about///", "/about"),
    "a slash too few": ("/files", "/files/"),
    "a slash too few after a word": ("/ada/files", "/ada/files/"),
    "query": ("/about/?q=1&q=%20+", "/about?q=1&q=%20+"),
    "query of a question mark": ("/files??", "/files/??"),
    "empty query": ("/about/?", "/about"),
    "encoded slash": ("/user/a%2Fb/", "/user/a%2Fb"),
    "UTF-8": ("/user/Zo%C3%AB/", "/user/Zo%C3%AB"),
    "absolute target": ("http://evil.example/about/", "/about"),
}

LEFT_ALONE = {
    "as it should be": ("/about", 200),
    "path with its slash": ("/files/", 200),
    "path with slashes at the end": ("/files/a//", 200),
    "neither matches": ("/nothing/", 404),
    "neither matches, no slash": ("/nothing", 404),
    "empty word": ("/user/", 404),
    "encoded slash at the end": ("/about%2F", 404),
    "two slashes at the start": ("//about/", 404),
    "two slashes before a host": ("//evil.example/", 404),
    "three slashes before a host": ("///evil.example/", 404),
    "slash and backslash before a host": ("/\\evil.example/", 404),
    "two slashes, none at the end": ("//files", 404),
}


OTHER_HOSTS = {
    "slash too many": "//evil.example/",
    "slash too few": "//evil.example/x",
    "backslash": "/\\evil.example/",
    "backslash, two slashes too many": "/\\evil.example//",
}


class TestRedirect:
    router = registered(
        "GET,POST /about",
        "GET /user/{name}",
        "GET /files/{rest:path}",
        "GET /{user}/files/{rest:path}",
    )

    @pytest.mark.parametrize("target, location", REDIRECTED.values(), ids=REDIRECTED)
    def test_other_slash(self, target, location):
        """A slash too many or too few leads to the right path by 308, and the query comes along."""
        response = self.router(request("GET", target))
        assert (response.status, response.fields.get("Location")) == (308, location)

    @pytest.mark.parametrize("target, status", LEFT_ALONE.values(), ids=LEFT_ALONE)
    def test_no_redirect(self, target, status):
        """No redirect where none is needed, or none helps, or it would name another host."""
        assert outcome(self.router, target) == status

    @pytest.mark.parametrize("target", OTHER_HOSTS.values(), ids=OTHER_HOSTS)
    def test_never_to_another_host(self, target):
        """A Location with two slashes first, or a slash and a backslash, would name a host."""
        router = registered("GET /{page}", "GET //{host}", "GET //{host}/{page}/")
        assert outcome(router, target) == 404

    def test_method_is_kept(self):
        """308 makes the client send the same again: a POST stays a POST (RFC 9110, 15.4.9)."""
        assert self.router(request("POST", "/about/")).status == 308


def outcome(router: Router, target: str) -> int:
    """The status of the answer to GET, be it an error."""
    try:
        return router(request("GET", target)).status
    except HTTPError as error:
        return error.status


class TestUrlFor:
    router = registered("GET /about", "GET /user/{name}", "GET /{self}/{id:int}")

    def test_path_of_a_name(self):
        """A route's name and values give its path, percent-encoded."""
        assert self.router.url_for("GET /about") == "/about"
        assert self.router.url_for("GET /user/{name}", name="Zoë/x") == "/user/Zo%C3%AB%2Fx"

    def test_any_parameter_name(self):
        """A parameter may be called `name` or `self`: no argument of url_for is in its way."""
        assert self.router.url_for("GET /{self}/{id:int}", self="x", id=7) == "/x/7"

    def test_name_of_the_function(self):
        """A route is called like its function where it was given no name."""
        router = Router()

        @router.get("/somewhere/{x}")
        def endpoint(request: Request, x: str) -> Response:
            return Response()

        assert router.url_for("endpoint", x="else") == "/somewhere/else"

    def test_unknown_name(self):
        """LookupError for a name that no route has, ValueError for values that do not fit."""
        with pytest.raises(LookupError):
            self.router.url_for("nothing")
        with pytest.raises(ValueError):
            self.router.url_for("GET /user/{name}", id=1)
