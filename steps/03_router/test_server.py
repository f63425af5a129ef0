"""The server's promises, over the wire: each request finds its function, or the right error."""

import json
import re

import pytest


def get(target: str, method: str = "GET") -> bytes:
    """A request without a body."""
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def send(method: str, target: str, body: bytes, media_type: str = "application/json") -> bytes:
    """A request with a body."""
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def once(server, request: bytes):
    """The answer to a request that is sent once, and not three times as `ask` does."""
    with server.connect() as wire:
        wire.send(request)
        return wire.read_response(request.split()[0].decode())


HTML = re.compile(r"text/html; *charset=utf-8", re.IGNORECASE)
TEXT = re.compile(r"text/plain; *charset=utf-8", re.IGNORECASE)
JSON = "application/json"
METHODS = re.compile("[A-Z]+(, *[A-Z]+)*")

PAGES = {
    "home": ("/", HTML, "MyHTTPServer"),
    "about": ("/about", HTML, "MyHTTPServer"),
    "user": ("/user/Zo%C3%AB", HTML, "Zoë"),
    "data": ("/api/data", JSON, "message"),
    "echo with a query": ("/echo/hello?q=1", TEXT, "hello"),
    "absolute target": ("http://localhost/echo/hello", TEXT, "hello"),
}


@pytest.mark.parametrize("target, media_type, text", PAGES.values(), ids=PAGES)
def test_page(server, target, media_type, text):
    """Each address has a function that answers with 200 and its own media type."""
    answer = server.ask(get(target))
    answer.expect(status=200, fields={"Content-Type": media_type}, contains=text)


@pytest.mark.parametrize(
    "name",
    ["<script>", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"],
    ids=["as it is", "encoded"],
)
def test_strangers_text_is_escaped(server, name):
    """HTML in an address is text on the page: no stranger's script runs there."""
    server.ask(get(f"/user/{name}")).expect(
        status=200, contains="&lt;script&gt;", lacks=["<script", "</script"]
    )


@pytest.mark.exercise("03.3")
def test_encoded_slash_stays_inside_its_segment(server):
    """%2F is a character of a value; only "/" ends a segment (RFC 3986, section 2.2)."""
    server.ask(get("/echo/one%2Ftwo")).expect(status=200, body="one/two")
    server.ask(get("/echo/one/two")).expect(status=404)
    server.ask(get("/echo%2Fone")).expect(status=404)


def test_data(server):
    """/api/data is a JSON object with a message, and a timestamp with its offset from UTC."""
    value = server.ask(get("/api/data")).json()
    assert isinstance(value["message"], str)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", value["timestamp"])


@pytest.mark.parametrize(
    "media_type", ["image/png", 'text/html; charset="utf-8"'], ids=["image", "with a parameter"]
)
def test_echo_of_a_body(server, rng, media_type):
    """POST /echo gives the bytes back, whatever they are, with the media type they came with."""
    body = b"\0\xff\r\n\r\n" + rng.randbytes(200)
    answer = server.ask(send("POST", "/echo", body, media_type))
    answer.expect(status=200, fields={"Content-Type": media_type}, body=body)


def test_user_agent(server, rng):
    """/user-agent tells what the client calls itself."""
    name = f"curl/8.{rng.randrange(1000)} (a b; c)"
    request = f"GET /user-agent HTTP/1.1\r\nHost: a\r\nUser-Agent: {name}\r\n\r\n".encode()
    server.ask(request).expect(status=200, body=name)


NOTHING = {
    "no such page": "/nothing",
    "user without a name": "/user/",
    "favicon": "/favicon.ico",
    "nothing but slashes": "//",
    "nothing but an encoded slash": "/%2F",
}

ALLOWED = {
    "page": ("DELETE", "/about", "GET HEAD OPTIONS"),
    "notes": ("PUT", "/api/notes", "GET HEAD OPTIONS POST"),
    "note": ("POST", "/api/notes/1", "DELETE GET HEAD OPTIONS PATCH PUT"),
    "echo": ("GET", "/echo", "OPTIONS POST"),
    "HEAD without GET": ("HEAD", "/echo", "OPTIONS POST"),
}


@pytest.mark.exercise("03.4")
class TestMethods:
    @pytest.mark.parametrize("target", NOTHING.values(), ids=NOTHING)
    def test_no_such_path(self, server, target):
        """404 where there is nothing (RFC 9110, section 15.5.5)."""
        server.ask(get(target)).expect(status=404)

    def test_no_such_path_for_any_method(self, server):
        """Where there is nothing, no method is allowed: 404 goes before 405."""
        for method in ("OPTIONS", "DELETE"):
            server.ask(get("/nothing", method)).expect(status=404, fields={"Allow": None})

    @pytest.mark.parametrize("method, target, allowed", ALLOWED.values(), ids=ALLOWED)
    def test_no_such_method(self, server, method, target, allowed):
        """405 says in Allow which methods the address has (RFC 9110, section 15.5.6)."""
        answer = server.ask(send(method, target, b"{}")).expect(status=405)
        assert methods(answer) == allowed.split()

    def test_head(self, server):
        """HEAD is answered as GET is, but without the content (RFC 9110, section 9.3.2)."""
        answers = server.ask(get("/about")), server.ask(get("/about", "HEAD"))
        for answer in answers:
            length = str(len(answers[0].body))
            answer.expect(status=200, fields={"Content-Type": HTML, "Content-Length": length})
        answers[1].expect(body=b"")

    def test_options(self, server):
        """OPTIONS tells the methods of an address, by 204 (RFC 9110, section 9.3.7)."""
        answer = server.ask(get("/api/notes", "OPTIONS"))
        answer.expect(status=204, fields={"Content-Length": None})
        assert methods(answer) == ["GET", "HEAD", "OPTIONS", "POST"]


def methods(answer) -> list[str]:
    """The methods in Allow, sorted."""
    answer.expect(fields={"Allow": METHODS})
    return sorted(re.split(", *", answer.fields["Allow"]))


def test_options_of_the_server(server):
    """OPTIONS * tells the methods of the server, of all its addresses."""
    answer = server.ask(get("*", "OPTIONS")).expect(status=204)
    assert methods(answer) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


@pytest.mark.parametrize(
    "method, target",
    [("BREW", "/about"), ("get", "/about"), ("TRACE", "/nothing")],
    ids=["BREW", "in small letters", "TRACE, and nothing there"],
)
def test_unknown_method(server, method, target):
    """A method that the server does not implement is 501, at every address (RFC 9110, 9.1)."""
    server.ask(get(target, method)).expect(status=501)


REDIRECTED = {
    "a slash too many": ("/about/", "/about"),
    "two slashes too many": ("/about//", "/about"),
    "query": ("/about/?q=%2F&q", "/about?q=%2F&q"),
    "encoded slash": ("/user/a%2Fb/", "/user/a%2Fb"),
    "what no URI may hold": ('/user/a"<b>|/?c=100%', "/user/a%22%3Cb%3E%7C?c=100%25"),
    "absolute target": ("http://evil.example/about/", "/about"),
}


@pytest.mark.parametrize("target, location", REDIRECTED.values(), ids=REDIRECTED)
def test_slash_too_many(server, target, location):
    """A slash too many leads to the right address by 308, with the query, and on this host."""
    server.ask(get(target)).expect(status=308, fields={"Location": location})


OTHER_HOSTS = {
    "two slashes": "//evil.example/",
    "three slashes": "///evil.example/",
    "slash and backslash": "/\\evil.example/",
}


@pytest.mark.parametrize("target", OTHER_HOSTS.values(), ids=OTHER_HOSTS)
def test_never_to_another_host(server, target):
    """No address makes the server send a client to another host (RFC 3986, section 4.2)."""
    server.ask(get(target)).expect(status=404, fields={"Location": None})


NO_NOTES = {
    "nothing": b"",
    "no JSON": b"milk",
    "no members": b"{}",
    "a number like infinity": b'{"a": 1e999}',
    "no UTF-8": b"\xff",
}

STRANGE_NOTES = {
    "half a surrogate pair": rb'{"text": "\ud800"}',
    "half a surrogate pair in a name": rb'{"\udfff": "\ud83d\udc0d"}',
    "nested 100 deep": b'{"a":' + b"[" * 99 + b"]" * 99 + b"}",
}


class TestNotes:
    def test_life_of_a_note(self, server, rng):
        """A note is made, read, changed, replaced and deleted, at the address in Location."""
        text = f"milk {rng.randrange(10**6)}"
        body = json.dumps({"text": text}).encode()
        made = once(server, send("POST", "/api/notes", body)).expect(status=201)
        address, note = made.fields["Location"], made.json()
        assert note == {"id": note["id"], "text": text}
        server.ask(get(address)).expect(status=200, fields={"Content-Type": JSON}, json=note)
        server.ask(send("PATCH", address, b'{"done": true}')).expect(
            status=200, json={**note, "done": True}
        )
        server.ask(send("PUT", address, b'{"text": "tea"}')).expect(
            status=200, json={"id": note["id"], "text": "tea"}
        )
        assert {"id": note["id"], "text": "tea"} in server.ask(get("/api/notes")).json()
        once(server, get(address, "DELETE")).expect(status=204, fields={"Content-Length": None})
        server.ask(get(address)).expect(status=404, fields={"Content-Type": JSON})
        once(server, get(address, "DELETE")).expect(status=404)

    @pytest.mark.parametrize("body", NO_NOTES.values(), ids=NO_NOTES)
    def test_no_note(self, server, body):
        """What is no JSON object with members is 400, and the error is JSON, too."""
        answer = server.ask(send("POST", "/api/notes", body))
        answer.expect(status=400, fields={"Content-Type": JSON})

    def test_not_called_json(self, server):
        """A body that is not called JSON is 415, and the error is JSON, too."""
        answer = server.ask(send("POST", "/api/notes", b'{"a": 1}', "text/plain"))
        answer.expect(status=415, fields={"Content-Type": JSON})

    def test_no_such_note(self, server):
        """A note that is not there is 404, and the error is JSON, too."""
        address = "/api/notes/999999999999999999"
        for request in (get(address), send("PUT", address, b'{"a": 1}')):
            server.ask(request).expect(status=404, fields={"Content-Type": JSON})

    def test_no_number(self, server):
        """An address that is no note's at all is 404."""
        for number in ("x", 10**99):
            server.ask(get(f"/api/notes/{number}")).expect(status=404)

    @pytest.mark.parametrize("body", STRANGE_NOTES.values(), ids=STRANGE_NOTES)
    def test_strange_note(self, server, body):
        """What JSON can say comes back as it was, and breaks nothing."""
        made = once(server, send("POST", "/api/notes", body)).expect(status=201)
        address = made.fields["Location"]
        server.ask(get(address)).expect(json={**json.loads(body), "id": made.json()["id"]})
        once(server, get("/api/notes")).expect(status=200)
        once(server, get(address, "DELETE")).expect(status=204)

    def test_nested_without_end(self, server):
        """JSON that is nested very deeply is 400, and the notes can still be read."""
        body = b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
        once(server, send("POST", "/api/notes", body)).expect(status=400)
        once(server, get("/api/notes")).expect(status=200)
