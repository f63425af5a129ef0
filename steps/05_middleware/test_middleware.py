"""The chain, and exercises 05.1, before and after, and 05.3, links make a chain."""

import pytest

from errors import HTTPError
from fields import Fields
from middleware import Below, Chain, Handler, Hooks, Link, compose, demands, explain, through
from request import Request
from response import Response
from router import Router
from target import parse_target


def request(target: str = "/", method: str = "GET", **fields: str) -> Request:
    """A request for this target, with fields such as Content_Type."""
    lines = {name.replace("_", "-"): value for name, value in fields.items()}
    return Request(method, parse_target(method, target), "HTTP/1.1", Fields(lines))


def text(response: Response) -> str:
    """The content as text."""
    return response.content.decode()


def noting(name: str, seen: list[str]) -> Link:
    """A link that notes when a request comes in, and when the response goes out."""

    def link(request: Request, next: Handler) -> Response:
        seen.append(f"in {name}")
        response = next(request)
        seen.append(f"out {name}")
        return response

    return link


def answering(says: str) -> Link:
    """A link that answers, and asks nobody."""
    return lambda request, next: Response.text(says)


def hello(request: Request) -> Response:
    """A handler that answers everything with the request's path."""
    return Response.text(f"hello from {request.path}")


@pytest.mark.exercise("05.3")
class TestCompose:
    """Many links become one handler."""

    def test_first_link_is_the_outermost(self):
        """A request goes through the first link first, and the response through it last."""
        seen: list[str] = []
        handler = compose([noting(name, seen) for name in "abc"], hello)
        assert text(handler(request("/x"))) == "hello from /x"
        assert seen == ["in a", "in b", "in c", "out c", "out b", "out a"]

    @pytest.mark.parametrize("nothing", [[], ()], ids=["list", "tuple"])
    def test_without_links(self, nothing):
        """Without links the handler is the last one itself."""
        assert compose(nothing, hello) is hello

    def test_nothing_runs_before_it_is_asked(self):
        """To make the handler calls no link, nor the last handler."""
        seen: list[str] = []
        compose([noting("a", seen), noting("b", seen)], hello)
        assert seen == []

    def test_answer_of_a_link_is_a_short_circuit(self):
        """Who answers without `next` is the last to see the request; those outside go on."""
        seen: list[str] = []
        links = [noting("a", seen), answering("no further"), noting("b", seen)]
        assert text(compose(links, hello)(request())) == "no further"
        assert seen == ["in a", "out a"]

    def test_next_is_a_handler(self):
        """What a link gets as `next` takes a request and nothing else, as any handler does."""

        def twice(request: Request, next: Handler) -> Response:
            return Response.text(text(next(request)) + ", " + text(next(request)))

        seen: list[str] = []
        handler = compose([twice, noting("b", seen)], hello)
        assert text(handler(request("/x"))) == "hello from /x, hello from /x"
        assert seen == ["in b", "out b"] * 2

    def test_rest_sees_the_request_that_it_is_given(self):
        """A link may ask the rest about another request."""

        def elsewhere(given: Request, next: Handler) -> Response:
            return next(request("/elsewhere"))

        assert text(compose([elsewhere], hello)(request("/here"))) == "hello from /elsewhere"

    def test_response_may_be_replaced(self):
        """What a link returns is what the links outside of it see."""

        def louder(request: Request, next: Handler) -> Response:
            return Response.text(text(next(request)).upper())

        def longer(request: Request, next: Handler) -> Response:
            return Response.text(text(next(request)) + "!")

        assert text(compose([longer, louder], hello)(request("/x"))) == "HELLO FROM /X!"
        assert text(compose([louder, longer], hello)(request("/x"))) == "HELLO FROM /X!"

    def test_exception_goes_through_every_link(self):
        """An exception comes out where it is not caught, and each link on its way sees it."""
        seen: list[str] = []

        def watching(request: Request, next: Handler) -> Response:
            try:
                return next(request)
            finally:
                seen.append("watched")

        def failing(request: Request) -> Response:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            compose([watching, watching], failing)(request())
        assert seen == ["watched", "watched"]

    def test_requests_do_not_disturb_each_other(self):
        """A second request starts at the first link, even while the first is on its way."""
        seen: list[str] = []

        def curious(given: Request, next: Handler) -> Response:
            if given.path == "/outer":
                assert text(handler(request("/inner"))) == "hello from /inner"
            return next(given)

        handler = compose([noting("a", seen), curious, noting("b", seen)], hello)
        for _ in range(2):
            assert text(handler(request("/outer"))) == "hello from /outer"
        inner = ["in a", "in b", "out b", "out a"]
        assert seen == ["in a", *inner, *inner[1:]] * 2

    def test_any_number_of_links(self, rng):
        """As many links as are given run, each once."""
        seen: list[str] = []
        count = rng.randrange(50, 100)
        handler = compose(tuple(noting(str(n), seen) for n in range(count)), hello)
        handler(request())
        assert seen[:count] == [f"in {n}" for n in range(count)]
        assert seen[count:] == [f"out {n}" for n in reversed(range(count))]


@pytest.mark.exercise("05.1")
class TestHooks:
    """A link with one method before, and one after."""

    class Noting(Hooks):
        """Notes what it is called with; answers itself where it is given an answer."""

        def __init__(self, answer: Response | None = None, after: Response | None = None) -> None:
            self.answer, self.after = answer, after
            self.seen: list[str] = []

        def before_request(self, request: Request) -> Response | None:
            """Notes for which request it was called."""
            self.seen.append(f"before_request {request.path}")
            return self.answer

        def after_request(self, request: Request, response: Response) -> Response:
            """Notes for which request it was called, and with which response."""
            self.seen.append(f"after_request {request.path} {text(response)}")
            return self.after or response

    def test_by_default_nothing_changes(self):
        """Hooks that define neither method pass on request and response as they are."""
        given, answer = request(), Response()
        asked: list[Request] = []

        def last(request: Request) -> Response:
            asked.append(request)
            return answer

        same_answer = Hooks()(given, last) is answer
        same_request = [one is given for one in asked] == [True]
        assert (same_request, same_answer) == (True, True)

    def test_before_next_after(self):
        """First before_request, then the rest of the chain, then after_request with its answer."""
        link = self.Noting()

        def last(request: Request) -> Response:
            link.seen.append(f"next {request.path}")
            return Response.text("hello")

        assert text(link(request("/a"), last)) == "hello"
        assert link.seen == ["before_request /a", "next /a", "after_request /a hello"]

    def test_short_circuit_has_an_after(self):
        """An answer of before_request is the response: `next` is not asked, after_request is."""
        link, asked = self.Noting(Response.text("no")), []

        def last(request: Request) -> Response:
            asked.append(request.path)
            return Response.text("hello")

        answer = text(link(request("/a"), last))
        assert asked == [], "next was called, though before_request has answered"
        assert answer == "no", "this is not what before_request has answered"
        assert link.seen == ["before_request /a", "after_request /a no"], (
            "after_request did not run"
        )

    @pytest.mark.parametrize("before", [None, Response()], ids=["next", "short circuit"])
    def test_after_has_the_last_word(self, before):
        """The response that after_request returns is the one to send."""
        other = Response.text("another one")
        assert text(self.Noting(before, other)(request(), hello)) == "another one"

    def test_exception_passes_through(self):
        """An exception of the rest is none of its business: it passes, and there is no after."""
        link = self.Noting()

        def failing(request: Request) -> Response:
            raise HTTPError(409, "no")

        with pytest.raises(HTTPError, match="409"):
            link(request("/a"), failing)
        assert link.seen == ["before_request /a"]

    def test_before_may_refuse(self):
        """An exception of before_request passes too, and nobody else is asked."""

        class Refusing(Hooks):
            def before_request(self, request: Request) -> None:
                raise HTTPError(403, "no")

        asked: list[Request] = []
        with pytest.raises(HTTPError, match="403"):
            Refusing()(request(), asked.append)
        assert len(asked) == 0


class Inner(Hooks):
    """A link that needs another one around it."""

    inside_of = dict.fromkeys(["Outer"], "it has nothing to say alone")


class Outer(Hooks):
    """A link that another one needs."""


class Own(Outer):
    """Somebody's own version of it."""


class Late(Hooks):
    """A link that needs yet another one."""

    inside_of = dict.fromkeys(["Early"], "it comes too late")


class TestDemands:
    """What links must be inside of is what their holder must be inside of."""

    outer, early = {"Outer": "it has nothing to say alone"}, {"Early": "it comes too late"}

    def test_rules_of_all_links(self):
        """The rules of each link, wherever it stands, with their reasons."""
        assert demands([]) == demands([Hooks()]) == {}
        assert demands([Inner(), Hooks(), Late()]) == {**self.outer, **self.early}
        assert demands([Hooks(), Inner(), Hooks()]) == self.outer

    def test_what_is_among_them(self):
        """What is among the links is not wanted from outside, also under its class's name."""
        assert demands([Outer(), Inner()]) == demands([Own(), Inner()]) == {}
        assert demands([Hooks(), Outer(), Late(), Inner()]) == self.early

    def test_rule_of_a_function_and_of_a_holder(self):
        """A function's rules count, and those that a link has from the links that it holds."""

        def forgetful(request: Request, next: Handler) -> Response:
            return next(request)

        forgetful.inside_of = self.early
        assert demands([forgetful]) == self.early
        assert demands([Below("/a/", Below("/a/b/", Inner()), forgetful)]) == {
            **self.outer,
            **self.early,
        }


class TestChain:
    """A handler with an order that has been looked at."""

    def test_chain_is_a_handler(self):
        """A chain answers a request as its first link says, which may ask the second."""
        seen: list[str] = []
        chain = Chain(noting("a", seen), answering("b"), noting("c", seen))
        assert text(chain(request())) == "b"
        assert seen == ["in a", "out a"]

    @pytest.mark.parametrize("links", [(), (Hooks(), Hooks())], ids=["none", "two"])
    def test_somebody_has_to_answer(self, links):
        """A chain whose links have all asked the next one is its author's mistake, and says so."""
        with pytest.raises(LookupError, match="no link of the chain has answered"):
            Chain(*links)(request())

    @pytest.mark.parametrize("between", [(), (Hooks(), answering("x"))], ids=["beside", "apart"])
    def test_order_that_cannot_work(self, between):
        """A link outside of one that it must be inside of: ValueError, with both and the reason."""
        with pytest.raises(ValueError, match="Outer must stand before Inner in the chain") as error:
            Chain(Inner(), *between, Outer())
        assert "it has nothing to say alone" in str(error.value)

    @pytest.mark.parametrize("links", [(Outer(), Inner()), (Inner(),), (Outer(), Outer(), Inner())])
    def test_order_that_works(self, links):
        """Inside, or where the other one is not there at all, a link may stand."""
        assert Chain(*links).links == links

    def test_function_is_known_by_its_name(self):
        """A link that is a function is called by its own name in the report."""

        def forgetful(request: Request, next: Handler) -> Response:
            return next(request)

        forgetful.inside_of = {"Outer": "it would forget"}
        with pytest.raises(ValueError, match="Outer must stand before forgetful"):
            Chain(forgetful, Outer())

    def test_a_rule_holds_for_what_is_made_from_it(self):
        """A class of one's own that is made from Outer is one more Outer."""
        with pytest.raises(ValueError, match="Own must stand before Inner in the chain: it has"):
            Chain(Inner(), Own())
        Chain(Own(), Inner())


class TestThrough:
    """Links for one route."""

    def test_only_this_route(self):
        """The links of a route run for its requests, and for no others."""
        router, seen = Router(), []

        @router.get("/guarded/{name}/{number:int}")
        @through(noting("a", seen), noting("b", seen))
        def guarded(request: Request, name: str, number: int) -> Response:
            return Response.text(f"{name} {number}")

        router.get("/open", name="open")(hello)
        assert text(router(request("/open"))) == "hello from /open"
        assert seen == []
        assert text(router(request("/guarded/ada/7"))) == "ada 7"
        assert seen == ["in a", "in b", "out b", "out a"]

    def test_link_may_answer(self):
        """A link that answers keeps the endpoint from being asked."""

        @through(answering("no further"))
        def endpoint(request: Request) -> Response:
            raise AssertionError("the endpoint was asked")

        assert text(endpoint(request())) == "no further"

    def test_one_upon_the_other(self):
        """Links around links: the upper ones run first, and all of them can be seen."""
        seen: list[str] = []
        a, b, c, d = (noting(name, seen) for name in "abcd")
        endpoint = through(a)(through(b, c)(through(d)(hello)))
        assert text(endpoint(request("/x"))) == "hello from /x"
        assert seen == [f"in {name}" for name in "abcd"] + [f"out {name}" for name in "dcba"]
        assert endpoint.links == (a, b, c, d)
        assert not hasattr(hello, "links"), "the endpoint itself has no links"

    def test_wrong_order_one_upon_the_other(self):
        """An order that cannot work is refused, also where it is put together in two steps."""
        with pytest.raises(ValueError, match="Outer must stand before Inner"):
            through(Inner())(through(Outer())(hello))
        through(Outer())(through(Inner())(hello))

    def test_endpoint_sees_the_request_of_the_links(self):
        """The endpoint is given the request that the last link has passed on."""

        def elsewhere(given: Request, next: Handler) -> Response:
            return next(request("/elsewhere"))

        assert text(through(elsewhere)(hello)(request("/here"))) == "hello from /elsewhere"

    def test_route_keeps_its_name(self):
        """The endpoint keeps its name, by which pages link to it."""
        router = Router()
        router.get("/a")(through(Hooks())(hello))
        assert router.url_for("hello") == "/a"

    def test_order_is_looked_at(self):
        """The same orders are refused as in a chain."""
        with pytest.raises(ValueError, match="Outer must stand before Inner"):
            through(Inner(), Outer())


BELOW = {
    "file": "/files/a.txt",
    "deeper": "/files/a/b/c",
    "folder": "/files/",
    "without its slash": "/files",
    "encoded letter": "/%66iles/a.txt",
    "all encoded": "/%66%69%6C%65%73/a.txt",
    "encoded, without its slash": "/%66iles",
    "several slashes": "/files//a.txt",
    "dots": "/files/../a.txt",
    "query": "/files/a.txt?x=/other/",
    "another host": "http://elsewhere.example/files/a.txt",
}

BESIDE = {
    "root": "/",
    "longer name": "/filesystem/a.txt",
    "shorter name": "/file/a.txt",
    "other case": "/Files/a.txt",
    "further in": "/a/files/a.txt",
    "encoded slash": "/files%2Fa.txt",
    "query": "/other?/files/",
    "encoded twice": "/%2566iles/a.txt",
    "slash before": "//files/a.txt",
}


class TestBelow:
    """Links for what is below a path."""

    @pytest.mark.parametrize("target", BELOW.values(), ids=BELOW)
    def test_below(self, target):
        """What the router would find below the prefix goes through the links, however written."""
        assert text(Below("/files/", answering("guarded"))(request(target), hello)) == "guarded"

    @pytest.mark.parametrize("target", BESIDE.values(), ids=BESIDE)
    def test_beside(self, target):
        """All else goes straight to the next link."""
        assert Below("/files/", answering("guarded"))(request(target), hello).content != b"guarded"

    @pytest.mark.parametrize("method, target", [("OPTIONS", "*"), ("CONNECT", "a.example:80")])
    def test_target_without_a_path(self, method, target):
        """A target that has no path is below nothing."""
        link = Below("/files/", answering("guarded"))
        assert link(request(target, method), hello).content.startswith(b"hello")

    def test_links_ask_the_next_one(self):
        """Behind its links the chain goes on."""
        seen: list[str] = []
        handler = compose([Below("/a/", noting("b", seen)), noting("c", seen)], hello)
        assert text(handler(request("/a/x"))) == "hello from /a/x"
        assert seen == ["in b", "in c", "out c", "out b"]

    def test_order_is_looked_at(self):
        """The same orders are refused as in a chain, for the links in it and for itself."""
        with pytest.raises(ValueError, match="Outer must stand before Inner"):
            Below("/a/", Inner(), Outer())
        with pytest.raises(ValueError, match=r"Outer must stand before Below.*nothing to say"):
            Chain(Below("/a/", Inner()), Outer())
        Chain(Outer(), Below("/a/", Inner()))
        Chain(Below("/a/", Outer(), Inner()), Outer())
        Chain(Below("/a/", Own(), Inner()), Outer())

    @pytest.mark.parametrize("prefix", ["/files", "files", ""])
    def test_prefix_without_a_slash(self, prefix):
        """A prefix that does not end with a slash is its author's mistake, who is told at once."""
        with pytest.raises(ValueError, match="begins with it and a slash") as error:
            Below(prefix)
        assert repr(prefix) in str(error.value)


def test_explain():
    """The chain in words: each link further in than the one that calls it, its branches too."""

    def answer(request: Request, next: Handler) -> Response:
        """Answers with nothing.

        Whoever asks.
        """
        return Response()

    lines = [line.rstrip() for line in explain([Outer(), Below("/a/", Inner()), answer])]
    assert lines == [
        "Outer                               A link that another one needs.",
        "  Below                             Has links of its own for what is below a path.",
        "    at /a/",
        "      Inner                         A link that needs another one around it.",
        "    answer                          Answers with nothing.",
    ]


@pytest.mark.parametrize("level", range(10, 18))
def test_explain_deep_inside(level):
    """However deep a link stands, a space parts its name from what it says."""
    links = [*[Outer()] * level, Inner()]
    *_, line = explain(links)
    assert line.split(maxsplit=1) == ["Inner", "A link that needs another one around it."]
