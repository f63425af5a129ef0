"""Exercise 02.6: a request becomes the curl command that repeats it."""

import shlex

import pytest

from curl_command import as_curl, body_words
from fields import Fields
from request import Request
from target import Target

pytestmark = pytest.mark.exercise("02.6")


def request(
    method: str = "GET",
    path: str = "/",
    *lines: tuple[str, str],
    query: str = "",
    body: bytes | None = None,
) -> Request:
    """A request with these field lines, and a body where there is one."""
    fields = Fields([("Host", "a:8080"), *lines])
    if body is not None:
        fields.add("Content-Length", str(len(body)))
    return Request(method, Target(path, query), "HTTP/1.1", fields, body or b"")


def words(made: Request) -> list[str]:
    """The words of the command, as a shell takes them apart."""
    return shlex.split(as_curl(made))


def test_get():
    """A plain GET is curl and the URL, with its query and nothing more."""
    assert as_curl(request()) == "curl http://a:8080/"
    assert words(request("GET", "/a%20b", query="c=d&e")) == ["curl", "http://a:8080/a%20b?c=d&e"]


def test_method():
    """HEAD has an option of its own, as it brings no content; other methods are named."""
    assert words(request("HEAD")) == ["curl", "--head", "http://a:8080/"]
    for method in ("DELETE", "OPTIONS", "get", "M-SEARCH"):
        assert words(request(method)) == ["curl", "--request", method, "http://a:8080/"]


def test_fields(rng):
    """Each field line becomes a --header, in order, repeated ones too."""
    lines = [("Accept", "*/*"), ("X-Id", f"{rng.randrange(10**6)}"), ("x-id", "a: b"), ("Y", '"')]
    rng.shuffle(lines)
    wanted = [word for name, value in lines for word in ("--header", f"{name}: {value}")]
    assert words(request("GET", "/", *lines)) == ["curl", *wanted, "http://a:8080/"]


def test_empty_value():
    """A field with an empty value ends in ";": "Name:" would tell curl to leave the field out."""
    assert words(request("GET", "/", ("X", ""))) == ["curl", "--header", "X;", "http://a:8080/"]


def test_fields_of_curl():
    """What curl writes by itself is left out, whatever its case."""
    lines = [("hOST", "a"), ("content-length", "1"), ("CONNECTION", "close"), ("Hosting", "c")]
    made = Request("PUT", Target("/"), "HTTP/1.1", Fields([*lines, ("content-type", "a/b")]), b"x")
    kept = ["--header", "Hosting: c", "--header", "content-type: a/b"]
    wanted = ["curl", "--request", "PUT", *kept, "--data-raw", "x", "http://a/"]
    assert words(made) == wanted, as_curl(made)


def test_body():
    """A body is --data-raw, which takes a text as it is, "@" and line ends included."""
    text = '@file\r\nit\'s\n"café" $HOME `id`'
    made = request("POST", "/", ("Content-Type", "text/plain"), body=text.encode())
    assert words(made) == [
        "curl",
        *("--request", "POST"),
        *("--header", "Content-Type: text/plain"),
        *("--data-raw", text),
        "http://a:8080/",
    ]


def test_get_with_a_body():
    """Given a body curl makes a POST of a request: GET and HEAD must be named then."""
    for method in ("GET", "HEAD"):
        made = request(method, "/", ("Content-Type", "a/b"), body=b"x")
        assert words(made)[1:3] == ["--request", method]
        assert "--head" not in words(made)


def test_empty_body():
    """A Content-Length of 0 is a body, too: without it a POST is refused with 411."""
    made = request("POST", "/", ("Content-Type", "a/b"), body=b"")
    assert words(made)[-3:] == ["--data-raw", "", "http://a:8080/"]


def test_body_without_media_type():
    """To a body curl adds a Content-Type, unless it is told to leave it out."""
    made = request("PUT", "/", body=b"x")
    assert words(made)[3:] == ["--data-raw", "x", "--header", "Content-Type:", "http://a:8080/"]


def test_body_words(rng):
    """Text that a command line can carry stands in it; other bytes are in the file body.bin."""
    for text in ("", "plain", "café", f"{rng.random()}", "\r\n", "\x01", "@a"):
        assert body_words(text.encode()) == ["--data-raw", text]
    for body in (
        b"\0",
        b"a\0b",
        b"\xff",
        b"caf\xe9",
        "é".encode()[:1],
        rng.randbytes(50) + b"\xff",
    ):
        assert body_words(body) == ["--data-binary", "@body.bin"]


def test_shell_changes_nothing():
    """Every word is quoted, so that no request can run a command of its own."""
    for evil in ("; rm -rf x", "$(id)", "`id`", "' ; id ; '", "a && b", "> x", "*", '"', "\\"):
        made = request("GET", "/$(id);&|", ("X", evil), query="a=1&b=$x")
        wanted = ["curl", "--header", f"X: {evil}", "http://a:8080/$(id);&|?a=1&b=$x"]
        assert words(made) == wanted, as_curl(made)


def test_url_words():
    """The helper's words stand at the end: curl is told to leave the URL as it is."""
    assert words(request("GET", "/{a,b}"))[1:] == ["--globoff", "http://a:8080/{a,b}"]
    assert words(request("GET", "/a/../b"))[1:] == ["--path-as-is", "http://a:8080/a/../b"]
    made = request("OPTIONS", "*")
    assert words(made)[3:] == ["--request-target", "*", "http://a:8080"]


def test_over_the_wire(serve):
    """The server answers each request with its command."""
    answer = serve(script="curl_command").ask(
        b"PUT /notes/1?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 4\r\n\r\nit's"
    )
    command = (
        "curl --request PUT --header 'Content-Type: text/plain' "
        "--data-raw 'it'\"'\"'s' 'http://localhost/notes/1?a=b'\n"
    )
    answer.expect(status=200, body=command)
