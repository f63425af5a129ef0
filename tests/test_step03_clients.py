"""Step 03 as clients see it that nobody here wrote, and its promises for any input at all."""

import http.client
import itertools
import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import requests
from clients import curl
from hypothesis import given, settings
from hypothesis import strategies as st

from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import find_step

STEP = find_step("03")

with Stage(STEP).on():
    from errors import HTTPError
    from notes import Notes
    from pattern import Pattern
    from request import RequestParser
    from response import Response
    from router import Router
    from server import answer

ours = settings(deadline=None, max_examples=150)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    running = start([sys.executable, STEP.modules["server"], "--port", "0"])
    yield running
    assert "Traceback" not in running.output()
    running.stop()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_curl_reads_pages(server):
    page = curl(f"{server.url}/user/Ada%20%3Cb%3E")
    assert "<h1>User Ada &lt;b&gt;</h1>" in page and "<b>" not in page
    assert curl(f"{server.url}/echo/one%2Ftwo") == "one/two"
    assert curl("--user-agent", "me/1", f"{server.url}/user-agent") == "me/1"
    assert json.loads(curl(f"{server.url}/api/data"))["message"]


def test_curl_sends_a_body_again_after_a_redirect(server):
    told = curl(
        "--location", "--data", "a=b", "--write-out", " %{url_effective}", f"{server.url}/echo/"
    )
    assert told == f"a=b {server.url}/echo"


def test_curl_head_and_options(server):
    assert re.match(r"HTTP/1.1 200 OK\r\n(.+\r\n)+\r\n$", curl("--head", f"{server.url}/about"))
    about = curl("--request", "OPTIONS", "--include", f"{server.url}/about")
    assert "HTTP/1.1 204 " in about and "\r\nAllow: GET, HEAD, OPTIONS\r\n" in about
    everything = curl(
        "--request", "OPTIONS", "--request-target", "*", "--include", f"{server.url}/"
    )
    assert "HTTP/1.1 204 " in everything and "PATCH" in everything


@pytest.mark.parametrize("method, status", [("DELETE", 405), ("BREW", 501), ("TRACE", 501)])
def test_curl_with_other_methods(server, method, status):
    out = curl(
        "--request", method, "--include", "--write-out", "%{http_code}", f"{server.url}/about"
    )
    assert out.endswith(str(status))


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example//"])
def test_curl_is_not_led_away(server, path):
    shown = "%{http_code} %{num_redirects} %{url_effective}"
    told = curl(
        "--path-as-is",
        "--location",
        "--output",
        os.devnull,
        "--write-out",
        shown,
        server.url + path,
    )
    assert told.startswith("404 0 ")


def test_requests_and_the_life_of_a_note(server, session):
    api = f"{server.url}/api/notes"
    made = session.post(api, json={"text": "milk", "é": ["ß", None]})
    assert made.status_code == 201
    address = urljoin(api, made.headers["Location"])
    note = session.get(address).json()
    assert note == made.json() == {"id": note["id"], "text": "milk", "é": ["ß", None]}
    assert session.patch(address, json={"é": None}).json() == {"id": note["id"], "text": "milk"}
    assert session.put(address, json={"a": 1}).json() == {"id": note["id"], "a": 1}
    assert {"id": note["id"], "a": 1} in session.get(api).json()
    gone = session.delete(address)
    assert (gone.status_code, gone.content) == (204, b"")
    assert session.get(address).status_code == 404
    assert session.get(address).json()["status"] == 404


def test_requests_and_what_is_no_note(server, session):
    api = f"{server.url}/api/notes"
    assert session.post(api, data={"text": "milk"}).status_code == 415
    assert session.post(api, files={"text": b"milk"}).status_code == 415
    json_type = {"Content-Type": "application/json"}
    for body in (b"milk", b"[]", b'{"a": 1e999}', b"[" * 200_000, b"\xff"):
        response = session.post(api, data=body, headers=json_type)
        assert (response.status_code, response.json()["status"]) == (400, 400)
    assert session.get(api).status_code == 200


def test_requests_follows_redirects(server, session):
    response = session.post(
        f"{server.url}/echo/?a=b", data=b"\0\xff", headers={"Content-Type": "x/y"}
    )
    assert (response.url, response.content) == (f"{server.url}/echo?a=b", b"\0\xff")
    assert response.headers["Content-Type"] == "x/y"
    assert [one.status_code for one in response.history] == [308]
    assert session.head(f"{server.url}/about/", allow_redirects=True).status_code == 200


def test_links_of_the_first_page_lead_somewhere(server, session):
    links = re.findall(r'href="([^"]+)"', session.get(server.url).text)
    assert len(links) >= 7
    for link in links:
        assert session.get(urljoin(server.url, link)).status_code == 200


def test_http_client_and_head(server):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    lengths = {}
    for method in ("GET", "HEAD"):
        connection.request(method, "/about")
        response = connection.getresponse()
        lengths[method] = response.getheader("Content-Length")
        assert bool(response.read()) == (method == "GET")
        connection.close()
    assert lengths["GET"] == lengths["HEAD"]


def test_urllib_reads_json(server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{server.url}/api/data", timeout=5) as response:
        assert response.headers.get_content_type() == "application/json"
        assert set(json.load(response)) == {"message", "timestamp"}


# From here on: any input.

any_word = st.text(min_size=1)
any_rest = st.lists(st.text().filter(lambda part: "/" not in part)).map("/".join)


def steps_in(path: str) -> bool:
    """Whether a client changes the path before it sends it (RFC 3986, section 5.2.4)."""
    return bool({".", ".."} & set(path.split("/")))


@ours
@given(any_word, st.integers(0, 10**18 - 1), any_rest)
def test_values_make_a_path_and_come_back(word, number, rest):
    pattern = Pattern("/{word}/{number:int}/{rest:path}")
    values = {"word": word, "number": number, "rest": rest}
    if word in (".", "..") or steps_in(rest):
        with pytest.raises(ValueError):
            pattern.fill(values)
        return
    path = pattern.fill(values)
    assert pattern.match(path) == values
    assert [unquote(part) for part in path.split("/")[1:]] == [word, str(number), *rest.split("/")]
    assert urlsplit(f"http://a{path}").path == path


@ours
@given(any_word, any_rest)
def test_requests_sends_the_paths_that_we_make(word, rest):
    """A client that tidies addresses finds nothing to tidy."""
    values = {"word": word, "rest": rest}
    try:
        path = Pattern("/x/{word}/{rest:path}").fill(values)
    except ValueError:
        return
    sent = requests.Request("GET", f"http://a{path}").prepare().path_url
    assert unquote(sent) == unquote(path)
    assert sent.count("/") == path.count("/")


@ours
@given(any_rest)
def test_no_path_that_we_make_names_a_host(rest):
    try:
        path = Pattern("/{rest:path}").fill({"rest": rest})
    except ValueError:
        return
    assert urlsplit(urljoin("http://here.example/a/b", path)).netloc == "here.example"
    assert urljoin("http://here.example/a/b", path) == f"http://here.example{path}"


PIECES = [
    "/",
    "//",
    "\\",
    "about",
    "user",
    "notes",
    "7",
    "f",
    "x",
    ".",
    "%2F",
    "%5C",
    "%C3%AB",
    "%",
]
paths = st.lists(st.sampled_from([*PIECES, "?", "&"]), max_size=6).map(lambda p: "/" + "".join(p))


def ask(handler, line: str, body: bytes = b"", media_type: str = "application/json") -> Response:
    fields = f"Host: a\r\nContent-Length: {len(body)}\r\nContent-Type: {media_type}\r\n\r\n"
    request = RequestParser().feed(f"{line} HTTP/1.1\r\n{fields}".encode() + body)
    assert request is not None
    return answer(request, handler)


def demo() -> Router:
    """Patterns of each kind, some of which overlap."""
    router = Router()
    for pattern in ("/", "/about", "/user/{name}", "/notes/{id:int}", "/{page}", "/f/{rest:path}"):
        router.get(pattern, name=pattern)(lambda request, **values: Response.text("found"))
    return router


DEMO = demo()


@settings(ours, max_examples=500)
@given(st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "BREW", "get"]), paths)
def test_any_path_has_an_answer(method, path):
    try:
        response = ask(DEMO, f"{method} {path}")
    except HTTPError as error:
        assert error.status == 400  # a broken escape, which the parser finds
        return
    assert response.status in (200, 204, 308, 404, 405, 501)
    if response.status == 308:
        location = response.fields["Location"]
        assert not re.match(r"[/\\]{2}", location)
        assert urlsplit(urljoin("http://here.example/", location)).netloc == "here.example"
        assert ask(DEMO, f"GET {location}").status == 200


SEGMENTS = ["a", "b", "1", "{w}", "{n:int}"]
SHAPES = [
    f"/{'/'.join(parts)}"
    for count in (1, 2)
    for parts in itertools.product(SEGMENTS, repeat=count)
    if len(set(parts) & {"{w}", "{n:int}"}) == sum("{" in part for part in parts)
] + ["/{r:path}", "/a/{r:path}", "/{w}/{r:path}", "/{n:int}/{r:path}"]


@ours
@given(st.lists(st.sampled_from(SHAPES), unique=True, max_size=8), st.randoms())
def test_order_of_registration_makes_no_difference(patterns, random):
    shuffled = random.sample(patterns, len(patterns))
    routers = [Router(), Router()]
    for router, order in zip(routers, (patterns, shuffled), strict=True):
        for pattern in order:
            router.get(pattern, name=pattern)(
                lambda request, pattern=pattern, **values: Response.text(pattern)
            )
    for path in ("/a", "/b", "/1", "/x", "/a/b", "/a/1", "/1/a", "/x/y", "/1/2", "/a/b/c", "/x/"):
        answers = [ask(router, f"GET {path}") for router in routers]
        assert answers[0].content == answers[1].content


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4)
    ),
    max_leaves=20,
)


@ours
@given(st.dictionaries(st.text(st.characters()), any_json, min_size=1, max_size=5))
def test_any_json_object_is_a_note(members):
    members = json.loads(json.dumps(members))  # two halves of a surrogate pair become one whole
    router = Router()
    Notes(router)
    made = ask(router, "POST /api/notes", json.dumps(members).encode())
    assert made.status == 201
    read = ask(router, f"GET {made.fields['Location']}")
    assert json.loads(read.content) == {**members, "id": 1}
    assert json.loads(ask(router, "GET /api/notes").content) == [{**members, "id": 1}]


@settings(ours, max_examples=300)
@given(st.binary(max_size=30) | st.text('{}[]":,1eE+-.9NaIfinty\\ud8', max_size=30).map(str.encode))
def test_no_bytes_break_the_notes(body):
    router = Router()
    Notes(router)
    assert ask(router, "POST /api/notes", body).status in (201, 400)
    assert ask(router, "GET /api/notes").status == 200
