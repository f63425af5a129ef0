"""A request as an environ and back, and exercise 08.1: field lines as variables."""

import io
import sys
from string import ascii_letters, digits

import pytest

from environ import PATH_CHARACTERS, Host, body_of, field_variables, to_environ, to_request
from errors import HTTPError
from fields import Fields
from file_wrapper import FileWrapper
from framing import MAX_BODY_BYTES
from request import Request, RequestParser
from target import Target

HERE = Host("localhost", 8080)


def parsed(target: str = "/", *lines: str, method: str = "GET", body: bytes = b"") -> Request:
    """The request that our parser makes of this."""
    head = [f"{method} {target} HTTP/1.1", "Host: shop.example", *lines, "", ""]
    request = RequestParser().feed("\r\n".join(head).encode("latin-1") + body)
    assert request, "the request is not whole"
    request.context["client"] = "192.0.2.7"
    return request


def environ_of(target: str = "/", *lines: str, method: str = "GET", body: bytes = b"") -> dict:
    """The environ of this request."""
    return to_environ(parsed(target, *lines, method=method, body=body), HERE)


class TestEnviron:
    """The dict that an application is given."""

    def test_variables(self):
        """All that PEP 3333 and RFC 3875 ask for, and nothing of our own process."""
        lines = ("Content-Type: text/plain", "Content-Length: 5", "Accept: */*")
        environ = environ_of("/a/b?c=d&e", *lines, method="POST", body=b"hello")
        assert environ.pop("wsgi.input").read() == b"hello"
        assert environ.pop("wsgi.errors") is sys.stderr
        assert environ == {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": "/a/b",
            "QUERY_STRING": "c=d&e",
            "REQUEST_URI": "/a/b?c=d&e",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "CONTENT_TYPE": "text/plain",
            "CONTENT_LENGTH": "5",
            "HTTP_HOST": "shop.example",
            "HTTP_ACCEPT": "*/*",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
        }

    def test_plain_dict(self):
        """It is a dict and no relative of one, and each request has its own (PEP 3333)."""
        request = parsed()
        first, second = to_environ(request, HERE), to_environ(request, HERE)
        assert type(first) is dict
        assert first is not second
        first.clear()
        assert second["REQUEST_METHOD"] == "GET"

    @pytest.mark.parametrize(
        ("path", "info"),
        [
            ("/caf%C3%A9", "/caf\xc3\xa9"),
            ("/%E2%82%AC", "/\xe2\x82\xac"),
            ("/a%2Fb", "/a/b"),
            ("/%00", "/\0"),
            ("/a%20b+c", "/a b+c"),
            ("/%2541", "/%41"),
            ("//a//b/", "//a//b/"),
            ("/a;b=c", "/a;b=c"),
        ],
    )
    def test_path_info(self, path, info):
        """The path percent-decoded, once, to bytes, each of which is one character (PEP 3333)."""
        assert environ_of(path)["PATH_INFO"] == info

    def test_every_byte(self):
        """Each byte of the path is the character of the same number, whether UTF-8 or not.

        Our own parser takes paths in UTF-8 only; who makes a Request in another way may not.
        """
        path = "/" + "".join(f"%{byte:02X}" for byte in range(256))
        environ = to_environ(Request("GET", Target(path), "HTTP/1.1", Fields()), HERE)
        assert environ["PATH_INFO"] == "/" + "".join(map(chr, range(256)))

    @pytest.mark.parametrize("query", ["", "a=%20b+c", "%C3%A9", "a?b", "%zz", "=&&="])
    def test_query_string(self, query):
        """The query as it came, still encoded: how it is to be read is for the application."""
        environ = environ_of(f"/?{query}")
        assert environ["QUERY_STRING"] == query
        assert environ["PATH_INFO"] == "/"

    def test_absolute_form(self):
        """The host of an absolute target goes before the Host field (RFC 9112, section 3.2.2)."""
        environ = environ_of("http://other.example:81/a?b")
        assert environ["HTTP_HOST"] == "other.example:81"
        assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/a", "b")
        assert environ["REQUEST_URI"] == "/a?b"

    def test_without_a_body(self):
        """Without a body there is no CONTENT_LENGTH, no CONTENT_TYPE, and nothing to read."""
        environ = environ_of()
        assert not {"CONTENT_LENGTH", "CONTENT_TYPE"} & environ.keys()
        assert environ["wsgi.input"].read(10) == b""

    def test_chunked_body(self):
        """A body in chunks comes to the application whole, with its length; no word of chunks."""
        body = b"3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"
        environ = environ_of("/", "Transfer-Encoding: chunked", method="POST", body=body)
        assert environ["CONTENT_LENGTH"] == "5"
        assert environ["wsgi.input"].read() == b"hello"
        assert not {"HTTP_TRANSFER_ENCODING", "HTTP_X_SUM"} & environ.keys()

    def test_input_is_a_file(self):
        """wsgi.input has the methods that PEP 3333 names: read, readline, readlines, iteration."""
        lines = ("Content-Length: 6",)
        take = [environ_of("/", *lines, method="POST", body=b"a\nb\nc\n") for _ in range(4)]
        files = [environ["wsgi.input"] for environ in take]
        assert files[0].read(3) == b"a\nb"
        assert files[1].readline() == b"a\n"
        assert files[2].readlines() == list(files[3]) == [b"a\n", b"b\n", b"c\n"]

    def test_scheme_and_client(self):
        """Client and scheme are what the links before have found out, such as a proxy's word."""
        request = parsed()
        request.context.update(client="2001:db8::7", scheme="https")
        environ = to_environ(request, HERE)
        assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("2001:db8::7", "https")


def variables(*lines: tuple[str, str]) -> dict:
    """What these field lines become."""
    request = parsed()
    for name, value in lines:
        request.fields.add(name, value)
    made = field_variables(request)
    assert made.pop("HTTP_HOST") == "shop.example"
    return made


@pytest.mark.exercise("08.1")
class TestFieldVariables:
    """HTTP_ACCEPT and all the others."""

    def test_names(self):
        """HTTP_ and the name in capitals, with underscores for hyphens (RFC 3875, 4.1.18)."""
        made = variables(("accept-language", "en"), ("X-A-b", "1"), ("If-None-Match", '"x"'))
        assert made == {
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_X_A_B": "1",
            "HTTP_IF_NONE_MATCH": '"x"',
        }

    @pytest.mark.parametrize(
        "name", ["X_User", "x_user", "X-Real_User", "Content_Length", "_", "X-User_"]
    )
    def test_underscore(self, name):
        """A name with an underscore is left out: X_User would be taken for X-User, which a proxy

        has checked; and Content_Length for HTTP_CONTENT_LENGTH, which some libraries read.
        """
        assert variables((name, "admin")) == {}
        assert variables(("X-User", "ada"), (name, "admin")) == {"HTTP_X_USER": "ada"}

    @pytest.mark.parametrize("name", ["Proxy", "PROXY", "proxy"])
    def test_proxy(self, name):
        """Proxy would become HTTP_PROXY, which libraries obey: it is left out ("httpoxy")."""
        assert variables((name, "http://evil.example")) == {}

    @pytest.mark.parametrize("name", ["Content-Type", "content-length", "Transfer-Encoding"])
    def test_those_with_names_of_their_own(self, name):
        """CONTENT_TYPE and CONTENT_LENGTH stand without HTTP_; of chunks nobody hears."""
        assert variables((name, "5")) == {}

    def test_lines_of_one_name(self):
        """They are joined with commas, in their order (RFC 9110, section 5.3)."""
        made = variables(("Accept", "a"), ("X-Other", "x"), ("ACCEPT", "b"), ("accept", "c"))
        items = [item.strip() for item in made.pop("HTTP_ACCEPT").split(",")]
        assert items == ["a", "b", "c"]
        assert made == {"HTTP_X_OTHER": "x"}

    def test_cookies(self):
        """Lines of Cookie are joined with a semicolon: in a cookie a comma may stand for itself."""
        assert variables(("Cookie", "a=1"), ("Cookie", "b=2, 3")) == {"HTTP_COOKIE": "a=1; b=2, 3"}

    def test_empty_values(self):
        """A field without a value is there all the same, and joins as any other."""
        assert variables(("X-Empty", "")) == {"HTTP_X_EMPTY": ""}
        assert variables(("X-Empty", ""), ("X-Empty", "a"))["HTTP_X_EMPTY"].strip(", ") == "a"

    def test_values_keep_their_bytes(self):
        """What is no ASCII stays as it came: one character for each byte (PEP 3333)."""
        assert variables(("X-Name", "Zo\xc3\xab")) == {"HTTP_X_NAME": "Zo\xc3\xab"}

    def test_host(self):
        """HTTP_HOST is the host that counts; without one there is no such variable."""
        made = field_variables(parsed("http://other.example/"))
        assert made == {"HTTP_HOST": "other.example"}
        old = RequestParser().feed(b"GET / HTTP/1.0\r\n\r\n")
        assert field_variables(old) == {}

    def test_request_stays(self):
        """The request is as it was."""
        request = parsed("/", "Accept: a", "Accept: b")
        before = list(request.fields)
        field_variables(request)
        assert list(request.fields) == before


class TestBack:
    """From an environ to a request."""

    def test_round_trip(self, rng):
        """Whatever the request: there and back again it is the same, but for names' letters."""
        for _ in range(100):
            letters = ascii_letters + digits + PATH_CHARACTERS + "-._"
            path = "/" + "".join(rng.choices([*letters, "%2F", "%C3%A9", "%25", "%3F"], k=12))
            query = "".join(rng.choices(letters + "?+%", k=rng.randint(0, 9)))
            method = rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD", "BREW"])
            body = rng.randbytes(rng.randint(0, 50))
            lines = [f"Content-Length: {len(body)}", "Content-Type: a/b"]
            lines += [f"X-{n}: {rng.choice(['', 'a', 'a, b', 'é'])}" for n in range(3)]
            request = parsed(f"{path}?{query}", *lines, method=method, body=body)
            back = to_request(to_environ(request, HERE))
            assert (back.method, back.target, back.body) == (method, request.target, body)
            assert back.host == "shop.example"
            assert back.context == {"client": "192.0.2.7", "scheme": "http"}
            assert {(n.lower(), v) for n, v in back.fields} == {
                (n.lower(), v) for n, v in request.fields
            }

    @pytest.mark.parametrize("name", ["REQUEST_URI", "RAW_URI"])
    def test_target_as_it_came(self, name):
        """%2F and "/" are the same in PATH_INFO: where the server tells the target, that counts."""
        environ = environ_of("/a%2Fb/c?d")
        environ[name] = environ.pop("REQUEST_URI")
        assert to_request(environ).path == "/a%2Fb/c"
        del environ[name]
        assert to_request(environ).path == "/a/b/c"

    def test_path_that_is_not_utf_8(self):
        """The router decodes the path: one that it can't decode is the client's mistake."""
        environ = environ_of("/") | {"PATH_INFO": "/user/\xff"}
        del environ["REQUEST_URI"]
        with pytest.raises(HTTPError) as caught:
            to_request(environ)
        assert caught.value.status == 400

    def test_whoever_changes_the_path(self):
        """A middleware that has changed PATH_INFO means it: then the target as it came is old."""
        environ = environ_of("/shop/caf%C3%A9?x")
        environ |= {"SCRIPT_NAME": "/shop", "PATH_INFO": "/caf\xc3\xa9"}
        request = to_request(environ)
        assert (request.path, request.target.query) == ("/caf%C3%A9", "x")
        environ["PATH_INFO"] = ""
        assert to_request(environ).path == "/"

    def test_least_environ(self):
        """What a server may leave out, or leave empty, is not needed."""
        environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
        environ |= {"CONTENT_TYPE": "", "CONTENT_LENGTH": "", "PATH_INFO": ""}
        request = to_request(environ)
        assert (request.path, request.body, list(request.fields)) == ("/", b"", [])
        assert request.context["client"] == "-"

    def test_malformed_target(self):
        """A path that cannot be decoded is refused, as by our own server."""
        environ = environ_of() | {"REQUEST_URI": "/%zz", "PATH_INFO": "/%zz"}
        with pytest.raises(HTTPError) as error:
            to_request(environ)
        assert error.value.status == 400

    def test_malformed_field(self):
        """ValueError for a value that could end its line."""
        with pytest.raises(ValueError, match="value"):
            to_request(environ_of() | {"HTTP_X": "a\r\nb: c"})


class Endless(io.RawIOBase):
    """An input that never ends, as a connection that is kept; it counts what is taken."""

    taken = 0

    def read(self, size=-1):
        """As many bytes as are asked for; nobody may ask for all."""
        assert size >= 0, "who reads to the end of this waits for ever"
        self.taken += size
        return bytes(size)


class TestBody:
    """What is in wsgi.input."""

    def test_no_length(self):
        """Without CONTENT_LENGTH there is no body: to read would be to wait for ever."""
        assert body_of({"wsgi.input": Endless()}) == b""

    def test_length(self):
        """So many bytes, and no more: what is behind may be the next request."""
        source = Endless()
        assert body_of({"wsgi.input": source, "CONTENT_LENGTH": "5"}) == bytes(5)
        assert source.taken == 5

    def test_input_with_an_end(self):
        """Where the server says that the input ends by itself, all of it is the body."""
        environ = {"wsgi.input": io.BytesIO(b"hello"), "wsgi.input_terminated": True}
        assert body_of(environ) == b"hello"

    @pytest.mark.parametrize("length", ["-1", "+5", "five", "5.0", " 5", "\u0665", "0x5"])
    def test_malformed_length(self, length):
        """What is no number of digits is 400."""
        with pytest.raises(HTTPError) as error:
            body_of({"wsgi.input": Endless(), "CONTENT_LENGTH": length})
        assert error.value.status == 400

    def test_too_short(self):
        """A body that ends before its length is 400, and never half a body."""
        with pytest.raises(HTTPError) as error:
            body_of({"wsgi.input": io.BytesIO(b"hell"), "CONTENT_LENGTH": "5"})
        assert error.value.status == 400

    @pytest.mark.parametrize("more", [{}, {"wsgi.input_terminated": True}])
    def test_too_long(self, more):
        """413 above the limit, before more than that is in our memory."""
        source = Endless()
        environ = {"wsgi.input": source, "CONTENT_LENGTH": str(10 * MAX_BODY_BYTES)}
        with pytest.raises(HTTPError) as error:
            body_of(environ | more)
        assert error.value.status == 413
        assert source.taken <= MAX_BODY_BYTES + 1
