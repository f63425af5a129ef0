"""The links that answer: files first, then routes, and for all the rest 404."""

from pathlib import Path

import pytest

from auth import BearerAuth
from cors import CORS
from error_pages import ErrorPages
from errors import HTTPError
from fields import Fields
from middleware import Chain, Handler, Hooks, Link, through
from request import Request
from response import Response
from router import Router
from sources import Files, NotFound, Routes
from target import parse_target


def request(target: str, method: str = "GET", **fields: str) -> Request:
    """A request for this target, with fields such as If_None_Match."""
    lines = {name.replace("_", "-"): value for name, value in fields.items()}
    return Request(method, parse_target(method, target), "HTTP/1.1", Fields(lines))


def behind(request: Request) -> Response:
    """The rest of the chain: says that it was asked, and for what."""
    return Response.text(f"behind: {request.path}", 299)


def content(response: Response) -> bytes:
    """All that the response would send behind its head."""
    return b"".join(response.blocks())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to serve, and a file beside it that must not be."""
    root = tmp_path / "site"
    (root / "pictures").mkdir(parents=True)
    (root / "page.html").write_text("a page")
    (root / "pictures" / "logo.png").write_text("a picture")
    (root / ".env").write_text("hidden")
    (tmp_path / "secret.txt").write_text("hidden")
    return root


@pytest.fixture
def router() -> Router:
    """Some routes; one of them has an answer of 404 of its own."""
    router = Router()
    router.get("/about", name="about")(lambda request: Response.text("about"))
    router.post("/about", name="change")(lambda request: Response.text("changed"))
    router.get("/list/", name="list")(lambda request: Response.text("a list"))

    @router.get("/notes/{id:int}")
    def note(request: Request, id: int) -> Response:
        raise HTTPError(404, f"There is no note {id}.")

    return router


class TestFiles:
    """Answers with a file, if there is one."""

    @pytest.mark.parametrize(
        "path, expected",
        [
            ("/static/page.html", b"a page"),
            ("/static/pictures/logo.png", b"a picture"),
            ("/st%61tic/p%61ge.html", b"a page"),
        ],
    )
    def test_file_that_is_there(self, folder, path, expected):
        """A file that is there is the answer: 200."""
        response = Files("/static/", folder)(request(path), behind)
        assert (response.status, content(response)) == (200, expected)

    def test_folder_that_is_there(self, folder):
        """A folder that is there is shown as a list, and gets its slash: 308."""
        files = Files("/static/", folder)
        assert b"page.html" in content(files(request("/static/"), behind))
        for path in ("/static", "/static/pictures"):
            response = files(request(f"{path}?a=b"), behind)
            assert (response.status, response.fields["Location"]) == (308, f"{path}/?a=b")

    @pytest.mark.parametrize(
        "path",
        [
            "/static/lost.html",
            "/static/.env",
            "/static/../secret.txt",
            "/static/..%2Fsecret.txt",
            "/staticpage.html",
            "/page.html",
            "/",
        ],
    )
    def test_no_file(self, folder, path):
        """Where there is none, or none for strangers, it is the next link's turn."""
        response = Files("/static/", folder)(request(path), behind)
        assert response.content == f"behind: {path}".encode()

    def test_only_get_and_head(self, folder):
        """Other methods are 405 for a file that is there (RFC 9110, 15.5.6), and for no other."""
        files = Files("/static/", folder)
        with pytest.raises(HTTPError, match="405") as error:
            files(request("/static/page.html", "POST"), behind)
        assert error.value.fields["Allow"] == "GET, HEAD, OPTIONS"
        assert files(request("/static/new.html", "POST"), behind).status == 299

    def test_conditions_are_looked_at(self, folder):
        """A client that has the file gets 304, in a chain as well."""
        files = Files("/static/", folder)
        etag = files(request("/static/page.html"), behind).fields["ETag"]
        assert files(request("/static/page.html", If_None_Match=etag), behind).status == 304

    def test_whole_site(self, folder):
        """With the prefix "/" the folder lies at the root; what it has not is the next link's."""
        files = Files("/", folder)
        assert content(files(request("/page.html"), behind)) == b"a page"
        assert files(request("/about"), behind).status == 299


class TestRoutes:
    """Answers by a route, if there is one."""

    def test_route(self, router):
        """A path that a route knows is answered by its endpoint."""
        routes = Routes(router)
        assert routes(request("/about"), behind).content == b"about"
        assert routes(request("/about", "POST"), behind).content == b"changed"

    @pytest.mark.parametrize("path", ["/", "/lost", "/notes/x", "/about/us"])
    @pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
    def test_no_route(self, router, path, method):
        """A path that no route knows goes to the next link, whatever the method."""
        response = Routes(router)(request(path, method), behind)
        assert response.content == f"behind: {path}".encode()

    def test_404_of_an_endpoint_is_an_answer(self, router):
        """An endpoint's own 404 is its answer: the links behind are not asked."""
        with pytest.raises(HTTPError) as error:
            Routes(router)(request("/notes/7"), behind)
        assert (error.value.status, error.value.detail) == (404, "There is no note 7.")

    def test_404_from_behind_passes(self, router):
        """A 404 that comes from the links behind is theirs, and they are asked once."""
        asked: list[Request] = []

        def missing(request: Request) -> Response:
            asked.append(request)
            raise HTTPError(404, "nor here")

        with pytest.raises(HTTPError, match="nor here"):
            Routes(router)(request("/lost"), missing)
        assert len(asked) == 1

    def test_other_answers_of_the_router(self, router):
        """405, 501 and a redirect to the path with its slash are answers, too."""
        routes = Routes(router)
        with pytest.raises(HTTPError, match="405") as error:
            routes(request("/about", "DELETE"), behind)
        assert error.value.fields["Allow"] == "GET, HEAD, OPTIONS, POST"
        with pytest.raises(HTTPError, match="501"):
            routes(request("/lost", "BREW"), behind)
        response = routes(request("/list?a=b"), behind)
        assert (response.status, response.fields["Location"]) == (308, "/list/?a=b")

    def test_branches(self):
        """The links of single routes can be seen, each with the route's methods and pattern."""
        router, link, other = Router(), Hooks(), Hooks()
        router.get("/a/{name}")(through(link)(lambda request, name: Response()))
        router.post("/a/{name}", name="p")(through(other)(lambda request, name: Response()))
        router.get("/b", name="b")(lambda request: Response())
        routes = Routes(router)
        expected = [("GET /a/{name}", (link,)), ("POST /a/{name}", (other,))]
        assert routes.branches == expected
        late = through(link, other)(lambda request: Response())
        router.route("/c", "PUT", "PATCH", name="c")(late)
        assert ("PUT PATCH /c", (link, other)) in routes.branches, "a route that came later"
        assert len(routes.branches) == 3

    def test_order_is_looked_at(self):
        """What the links of a route must be inside of, the routes must be, too."""
        router = Router()
        router.get("/a", name="a")(through(BearerAuth({"ada": "x"}))(lambda request: Response()))
        for wrong in (CORS([]), ErrorPages()):
            with pytest.raises(ValueError, match="must stand before Routes in the chain"):
                Chain(Routes(router), wrong)
        Chain(CORS([]), ErrorPages(), Routes(router))

    def test_order_of_each_route(self):
        """The links of every route count, each route's for itself, wherever they stand in it."""

        def guarded(*links: Link) -> Routes:
            """Routes of which one goes through these links, and needs no other one's help."""
            router, names = Router(), iter("abc")
            for some in ([Hooks()], links, [CORS([]), ErrorPages(), BearerAuth({"ada": "x"})]):
                name = next(names)
                router.get(f"/{name}", name=name)(through(*some)(lambda request: Response()))
            return Routes(router)

        bearer = BearerAuth({"ada": "x"})
        for links in ([bearer], [Hooks(), bearer], [bearer, Hooks()]):
            assert guarded(*links).inside_of.keys() == {"CORS", "ErrorPages"}
        assert guarded(CORS([]), bearer).inside_of.keys() == {"ErrorPages"}
        assert guarded(Hooks()).inside_of == {}


class TestNotFound:
    """Answers all the rest."""

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_404(self, method):
        """Whatever has come so far is not there: 404 (RFC 9110, 15.5.5); nobody else is asked."""
        asked: list[Request] = []
        with pytest.raises(HTTPError) as error:
            NotFound()(request("/lost", method), asked.append)
        assert error.value.status == 404
        assert asked == []

    def test_stands_at_the_end(self, folder, router):
        """Before files or routes it would hide them: such a chain is refused, with the reason."""
        for source in (Files("/static/", folder), Routes(router)):
            with pytest.raises(
                ValueError, match="must stand before NotFound in the chain"
            ) as error:
                Chain(NotFound(), source)
            assert type(source).__name__ in str(error.value)
            assert "never asked" in str(error.value)


def test_files_then_routes_then_404(folder, router):
    """Together: a file goes before a route, a route before the 404."""

    @router.get("/static/{name}")
    def shadowed(request: Request, name: str) -> Response:
        return Response.text(f"no file, but a route: {name}")

    chain: Handler = Chain(Files("/static/", folder), Routes(router), NotFound())
    assert content(chain(request("/static/page.html"))) == b"a page"
    assert content(chain(request("/static/lost.html"))) == b"no file, but a route: lost.html"
    assert content(chain(request("/about"))) == b"about"
    with pytest.raises(HTTPError, match="nothing at this address"):
        chain(request("/lost"))
