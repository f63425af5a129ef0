"""Exercise 08.6: several applications below prefixes."""

import io
import re
from urllib.parse import urljoin

import pytest

from mounting import NOT_FOUND, Mount
from tinyapp import app as tiny


class Application:
    """An application that tells what it saw, and is its own content."""

    def __init__(self, name: str) -> None:
        self.name, self.closed, self.environs = name, 0, []

    def __call__(self, environ, start_response):
        """Write the environ down."""
        self.environs.append(environ)
        start_response("200 OK", [("X-Name", self.name)])
        return self

    def __iter__(self):
        """One block."""
        yield self.name.encode()

    def close(self) -> None:
        """Count it."""
        self.closed += 1


class Asked:
    """A site, and what it came to when it was asked."""

    def __init__(self, mount, path: str, **more) -> None:
        self.environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", **more}
        self.before = dict(self.environ)
        self.calls = []
        self.content = mount(self.environ, lambda *call: self.calls.append(call))
        self.body = b"".join(self.content)


def site(*prefixes: str) -> Mount:
    """Applications below these prefixes, each of which is called like its prefix."""
    return Mount({prefix: Application(prefix or "rest") for prefix in prefixes})


@pytest.mark.exercise("08.6")
class TestPrefix:
    """Which application is asked."""

    @pytest.mark.parametrize(
        ("path", "name"),
        [
            ("/shop", "/shop"),
            ("/shop/", "/shop"),
            ("/shop/cart", "/shop"),
            ("/shop/admin", "/shop/admin"),
            ("/shop/admin/x", "/shop/admin"),
            ("/shop/administrator", "/shop"),
            ("/blog//x", "/blog"),
            ("/shopping", "rest"),
            ("/sho", "rest"),
            ("/SHOP", "rest"),
            ("//shop", "rest"),
            ("/", "rest"),
            ("", "rest"),
            ("/x/shop", "rest"),
            ("*", "rest"),
        ],
    )
    def test_longest(self, path, name):
        """The longest prefix that fits, at the end of a segment, in whatever order they are."""
        prefixes = ["", "/shop", "/blog", "/shop/admin"]
        for order in (prefixes, prefixes[::-1]):
            assert Asked(site(*order), path).body == name.encode()

    @pytest.mark.parametrize("path", ["/", "/shopping", "", "/blog/shop"])
    def test_not_found(self, path):
        """Where no prefix fits it is 404; to HEAD without content."""
        mount = site("/shop")
        asked = Asked(mount, path)
        [(status, headers)] = asked.calls
        assert status == "404 Not Found"
        assert "Content-Type" in [name for name, _ in headers]
        assert asked.body == NOT_FOUND
        assert Asked(mount, path, REQUEST_METHOD="HEAD").body == b""
        assert mount.applications["/shop"].environs == []


@pytest.mark.exercise("08.6")
class TestEnviron:
    """What the application sees."""

    @pytest.mark.parametrize(
        ("path", "script_name", "path_info"),
        [
            ("/shop", "/shop", ""),
            ("/shop/", "/shop", "/"),
            ("/shop/a/b", "/shop", "/a/b"),
            ("/shop/caf\xc3\xa9", "/shop", "/caf\xc3\xa9"),
            ("/shop/shop", "/shop", "/shop"),
            ("/other", "", "/other"),
        ],
    )
    def test_path_moves(self, path, script_name, path_info):
        """The prefix moves to SCRIPT_NAME: both together are still the whole path (PEP 3333)."""
        mount = site("", "/shop")
        Asked(mount, path)
        [environ] = [one for app in mount.applications.values() for one in app.environs]
        assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (script_name, path_info)

    def test_nested(self):
        """A Mount is an application, and may be mounted: SCRIPT_NAME grows with each."""
        inner = site("/admin")
        Asked(Mount({"/shop": inner}), "/shop/admin/users", SCRIPT_NAME="/site")
        [environ] = inner.applications["/admin"].environs
        assert environ["SCRIPT_NAME"] == "/site/shop/admin"
        assert environ["PATH_INFO"] == "/users"

    def test_environ_of_the_caller(self):
        """Whoever calls us finds the environ as it was; the application's is a plain dict."""
        mount = site("/shop")
        asked = Asked(mount, "/shop/cart")
        assert asked.environ == asked.before
        [environ] = mount.applications["/shop"].environs
        assert type(environ) is dict
        assert environ is not asked.environ
        assert environ["REQUEST_METHOD"] == "GET"

    def test_what_may_be_missing(self):
        """SCRIPT_NAME and PATH_INFO may be missing, which means that they are empty."""
        mount, calls = site(""), []
        mount({"REQUEST_METHOD": "GET"}, lambda *call: calls.append(call))
        [environ] = mount.applications[""].environs
        assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("", "")


@pytest.mark.exercise("08.6")
class TestAnswer:
    """What the application gives is passed on."""

    def test_as_it_is(self):
        """Its very iterable, which the server goes through and closes."""
        mount = site("/shop")
        asked = Asked(mount, "/shop")
        assert asked.content is mount.applications["/shop"]
        assert asked.calls == [("200 OK", [("X-Name", "/shop")])]
        assert asked.content.closed == 0

    def test_start_response(self):
        """The server's own start_response is handed on: it may be called with exc_info."""
        given = []
        mount = Mount({"": lambda environ, start_response: given.append(start_response) or []})

        def start_response(*call):
            """The server's."""

        mount({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start_response)
        assert given == [start_response]


@pytest.mark.parametrize("prefix", ["shop", "/shop/", "/", "shop/"])
def test_what_is_no_prefix(prefix):
    """A prefix begins with a slash and does not end with one, or it could fit nothing."""
    with pytest.raises(ValueError, match="a prefix is like"):
        Mount({prefix: Application("x")})


@pytest.mark.exercise("08.6")
def test_form_of_an_application():
    """The form of tinyapp leads to the same application, wherever that is mounted."""
    mount = Mount({"/tiny": tiny, "/deep/down": tiny})
    for place in "/tiny/", "/deep/down/":
        home = Asked(mount, place, **{"wsgi.input": io.BytesIO()}).body.decode()
        action = re.search('action="(.*?)"', home)[1]
        form = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "8"}
        stream = {"wsgi.input": io.BytesIO(b"name=Ada")}
        assert b"Hello, Ada!" in Asked(mount, urljoin(place, action), **form, **stream).body
