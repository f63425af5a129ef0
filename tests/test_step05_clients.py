"""Step 05 as clients see it that nobody here wrote, and its log under whatever strangers send."""

import contextlib
import json
import os
import re
import socket
import sys
from collections.abc import Iterator

import pytest
import requests
from clients import curl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.auth import HTTPBasicAuth
from requests.utils import parse_dict_header
from support import run

from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import ROOT, find_step

STEP = find_step("05")

with Stage(STEP).on():
    from access_log import Entry, common_line, escaped, json_line
    from application import application
    from errors import HTTPError
    from fields import Fields
    from middleware import explain
    from request import Request, RequestParser
    from response import pieces
    from server import answer
    from target import Target

ours = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TOKEN = "open-sesame=="
"""A token may hold what RFC 6750 does not foresee: what is sent is compared as it is."""

SHOP = "https://shop.example"

COMMON = re.compile(
    r"(?P<client>[0-9a-f.:]+|-) - (?P<user>(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\x[0-9a-f]{2})+) "
    r"\[\d\d/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\d{4}:\d\d:\d\d:\d\d \+0000\] "
    r'"(?P<line>(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\x[0-9a-f]{2})*)" '
    r"(?P<status>[1-5]\d\d) (?P<size>\d+|-)"
)
"""Common Log Format: a backslash is only there as the beginning of an escape."""

INTERNALS = ("Traceback", "KeyError", "nobody has put there", ".py", 'File "', "context")
"""What /crash is made of."""

HOSTILE = [
    b'/a"%20200%205%20"',
    b"/a\\",
    b'/\\x22"\\',
    b"/%0d%0a127.0.0.1%20-%20ada",
    b"/%1b[2J",
    b"/?a=\"b\"&c='d'",
    b"/<script>alert(1)</script>",
    b"/${jndi:ldap://evil.example/a}",
    b"/{}{0}%25s%25n$(id)`id`",
    b"/" + b"x" * 5000,
    b"/%E2%80%AE%E2%80%A8",
]
"""Targets as those who look for a way in send them."""

AGENTS = [
    b'" 200 5 "-" "',
    b"\\",
    b"\xff\xfe",
    b"\xe2\x80\xa8\xc2\x85",
    b"\x85\x9b2J",
    b"() { :;}; echo x",
    b"a\tb",
    b"",
    b"x" * 5000,
]
"""And what they call themselves. Control characters but the tab no parser lets pass."""


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[tuple[str, ...], RunningServer]]:
    running: dict[tuple[str, ...], RunningServer] = {}
    yield running
    for one in running.values():
        one.stop()


@pytest.fixture
def serve(servers):
    """Starts the server with some options, or finds it running; nothing of it may fail."""

    def serve(*options: str) -> RunningServer:
        if options not in servers:
            command = [sys.executable, STEP.modules["server"], "--port", "0", *options]
            servers[options] = start(command)
        return servers[options]

    return serve


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def raw(server: RunningServer, message: bytes) -> bytes:
    """The answer to these bytes, whole."""
    with server.connect() as connection:
        connection.settimeout(5)
        connection.sendall(message)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                received += chunk
    return received


def lines_of(server: RunningServer, since: int, count: int) -> list[str]:
    """The lines of the log that came after a position: as many as are expected."""
    assert server.own
    server.own.output.wait_for(lambda text: text.count("\n") >= count, 5, since)
    lines = server.own.output.since(since).split("\n")
    assert lines.pop() == "", "the last line has no end"
    return lines


def test_curl_logs_in_with_a_password(serve):
    url = f"{serve().url}/private"
    assert "Hello, ada!" in curl("--user", "ada:lovelace", url)
    assert "Hello, ada!" in curl("--anyauth", "--user", "ada:lovelace", url)
    for wrong in ("ada:wrong", "ada:", "bob:lovelace"):
        code = ("--output", os.devnull, "--write-out", "%{http_code}")
        assert curl("--user", wrong, *code, url) == "401"


def test_curl_sends_a_token(serve):
    url = f"{serve().url}/api/me"
    seen = json.loads(curl("--oauth2-bearer", "the-token-of-the-demo", url))
    assert (seen["user"], seen["client"]) == ("ada", "127.0.0.1")
    assert 'error="invalid_token"' in curl("--head", "--oauth2-bearer", "wrong", url)


def test_curl_makes_a_preflight(serve):
    server = serve("--origin", SHOP)
    question = ("-X", "OPTIONS", "-H", "Access-Control-Request-Method: PUT")
    for origin, status in ((SHOP, "204"), ("https://evil.example", "403")):
        seen = curl("-i", *question, "-H", f"Origin: {origin}", f"{server.url}/api/notes/1")
        assert seen.startswith(f"HTTP/1.1 {status} ")
        assert (f"Access-Control-Allow-Origin: {origin}\r\n" in seen) == (status == "204")


def test_requests_logs_in(serve, session):
    url = f"{serve().url}/private"
    for password, status in (("lovelace", 200), ("wrong", 401)):
        assert session.get(url, auth=("ada", password), timeout=5).status_code == status
    assert session.get(url, auth=HTTPBasicAuth(b"ada", b"lovelace"), timeout=5).status_code == 200


def test_requests_understands_the_challenges(serve, session):
    server = serve()
    for path, scheme, parameters in (
        ("/private", "Basic", {"realm": "MyHTTPServer", "charset": "UTF-8"}),
        ("/api/me", "Bearer", {"realm": "MyHTTPServer"}),
    ):
        response = session.get(f"{server.url}{path}", timeout=5)
        assert response.status_code == 401
        name, _, rest = response.headers["WWW-Authenticate"].partition(" ")
        assert (name, parse_dict_header(rest)) == (scheme, parameters)


def test_requests_and_a_locked_folder(serve, session, tmp_path_factory):
    folder = tmp_path_factory.mktemp("locked")
    server = serve("--directory", str(folder), "--token", TOKEN)
    url = f"{server.url}/files/a.txt"
    for token in ("", "wrong", TOKEN[:-1], f"{TOKEN}x"):
        fields = {"Authorization": f"Bearer {token}"}
        assert session.post(url, data=b"x", headers=fields, timeout=5).status_code == 401
    assert list(folder.iterdir()) == []
    fields = {"Authorization": f"bearer {TOKEN}"}
    assert session.post(url, data=b"hello", headers=fields, timeout=5).status_code == 201
    assert session.get(url, headers=fields, timeout=5).content == b"hello"
    assert session.get(url, timeout=5).status_code == 401
    other_door = url.replace("/files/", "/static/")
    assert session.get(other_door, timeout=5).status_code == 401
    assert session.get(other_door, headers=fields, timeout=5).content == b"hello"


def test_networks_is_a_server(session):
    """The solution of exercise 05.6 runs as a program, with the step's modules on stage."""
    command = [sys.executable, "-m", "course.stage", "05", "--script", "networks", "--"]
    for network, status in (("127.0.0.0/8", 200), ("192.0.2.0/24", 403)):
        running = start([*command, "--port", "0", "--network", network], cwd=ROOT)
        try:
            response = session.get(f"{running.url}/about", timeout=5)
            assert response.status_code == status
            assert "X-Request-ID" in response.headers
        finally:
            running.stop()
    result = run([*command, "--network", "192.0.2.7/24"], ROOT)
    assert result.code == 2
    assert "has host bits set" in result.err.splitlines()[-1]


@pytest.mark.skipif(not socket.has_ipv6, reason="this system has no IPv6")
def test_client_over_ipv6(session):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    running = start([sys.executable, STEP.modules["server"], "--host", "::1", "--port", "0"])
    try:
        fields = {"Authorization": "Bearer the-token-of-the-demo"}
        seen = session.get(f"{running.url}/api/me", headers=fields, timeout=5).json()
        assert seen["client"] == "::1"
        [line] = lines_of(running, running.output().index("\n") + 1, 1)
        assert line.startswith("::1 - ada [")
    finally:
        running.stop()


@pytest.mark.parametrize("accept", ["", "text/html", "application/json"])
def test_crash_shows_nothing(serve, accept):
    """By default a 500 has no internals anywhere; the traceback is in the server's output."""
    server = serve("--log", "common")
    since = server.printed
    line = f"Accept: {accept}\r\n" if accept else ""
    received = raw(server, f"GET /crash HTTP/1.1\r\nHost: a\r\n{line}\r\n".encode()).decode()
    assert received.startswith("HTTP/1.1 500 Internal Server Error\r\n")
    assert not [text for text in INTERNALS if text in received]
    [request_id] = re.findall(r"^X-Request-ID: (\S+)\r$", received, re.MULTILINE)
    assert server.own
    server.own.output.wait_for(lambda text: '"GET /crash HTTP/1.1" 500' in text, 5, since)
    printed = server.output(since)
    assert f"GET /crash failed, request {request_id}\n    Traceback" in printed
    assert "KeyError: 'what nobody has put there'" in printed
    assert COMMON.fullmatch(printed.splitlines()[-1])
    assert raw(server, b"GET /about HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("accept", ["", "text/html", "application/json"])
def test_crash_with_debug(serve, accept):
    """With --debug the traceback is on the page, too."""
    server = serve("--debug")
    since = server.printed
    line = f"Accept: {accept}\r\n" if accept else ""
    received = raw(server, f"GET /crash HTTP/1.1\r\nHost: a\r\n{line}\r\n".encode()).decode()
    assert received.startswith("HTTP/1.1 500 Internal Server Error\r\n")
    for text in ("Traceback (most recent call last)", "nobody has put there", "app.py"):
        assert text in received
    assert server.own
    assert server.own.output.wait_for(lambda text: "KeyError" in text, 5, since)


def test_crash_of_head(serve):
    """HEAD of what fails is the head of the 500, and nothing behind it."""
    received = raw(serve("--debug"), b"HEAD /crash HTTP/1.1\r\nHost: a\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 500 ")
    assert received.endswith(b"\r\n\r\n")


def hostile_requests() -> list[bytes]:
    """Requests that a parser lets pass, and a log should not."""
    heads = [(target, b"a check") for target in HOSTILE] + [(b"/a?b", one) for one in AGENTS]
    return [
        b"GET %s HTTP/1.1\r\nHost: a\r\nUser-Agent: %s\r\n"
        b"X-Request-ID: %s\r\nAuthorization: Basic %s\r\n\r\n" % (target, agent, agent[:64], agent)
        for target, agent in heads
    ]


def logged_under_attack(serve, form: str):
    """Each hostile request with its answer and its line, of a server whose log has this form."""
    server = serve("--log", form)
    since = server.printed
    messages = hostile_requests()
    answers = [raw(server, message) for message in messages]
    lines = lines_of(server, since, len(messages))
    assert len(lines) == len(messages)
    return zip(messages, answers, lines, strict=True)


def test_common_log_under_attack(serve):
    """Each request has one line, and each line is one of Common Log Format."""
    for message, received, line in logged_under_attack(serve, "common"):
        found = COMMON.fullmatch(line)
        assert found, line
        assert found["status"].encode() == received.split(b" ")[1]
        assert found["line"] == escaped(message.split(b"\r\n")[0].decode())
        assert (found["client"], found["user"]) == ("127.0.0.1", "-")


def test_json_log_under_attack(serve):
    """Each request has one line of JSON, in which what was sent comes back as it was."""
    for message, received, line in logged_under_attack(serve, "json"):
        assert line.isascii()
        value = json.loads(line)
        assert value["target"].encode() == message.split(b" ")[1]
        assert str(value["status"]).encode() == received.split(b" ")[1]
        assert value["bytes"] == len(received.partition(b"\r\n\r\n")[2])
        assert value["request_id"].encode() in received
        agent = message.partition(b"User-Agent: ")[2].partition(b"\r\n")[0]
        assert value["user_agent"].encode("latin-1") == agent
        assert value["milliseconds"] >= 0


def test_log_can_be_switched_off(serve, session):
    server = serve("--log", "off")
    since = server.printed
    for path in ("/about", "/lost", "/private"):
        assert "X-Request-ID" in session.get(f"{server.url}{path}", timeout=5).headers
    server.stop()
    assert "HTTP/1.1" not in server.output(since)


def test_log_that_nobody_reads():
    """A server whose stderr leads nowhere any more serves all the same."""
    code = (
        "import os, runpy, sys\n"
        "reader, writer = os.pipe()\n"
        "os.dup2(writer, 2)\n"
        "os.close(reader)\n"
        f"sys.path.insert(0, {str(STEP.path)!r})\n"
        "sys.argv = ['server.py', '--port', '0']\n"
        "runpy.run_module('server', run_name='__main__')\n"
    )
    running = start([sys.executable, "-c", code])
    try:
        for path in ("/about", "/crash"):
            received = raw(running, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert received.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 500 "))
    finally:
        running.stop()


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--log", "off"),
        ("--directory", "{folder}"),
        ("--directory", "{folder}", "--token", "x"),
    ],
    ids=" ".join,
)
def test_explain_is_the_chain(tmp_path, options):
    options = tuple(one.format(folder=tmp_path) for one in options)
    result = run([sys.executable, str(STEP.modules["server"]), "--explain", *options], ROOT)
    assert result.code == 0, result.text
    chosen = dict(zip(options[::2], options[1::2], strict=True))
    chain = application(
        tmp_path if "--directory" in chosen else None,
        chosen.get("--token", ""),
        log=chosen.get("--log", "common"),
    )
    assert result.out.splitlines() == list(explain(chain.links))
    assert ("AccessLog" in result.out) == ("--log" not in chosen)
    assert ("at /files/" in result.out) == ("--token" in chosen)
    assert ("at /static/" in result.out) == ("--token" in chosen)


BAD_OPTIONS = {
    "no origin": ("--origin shop.example", "like https://shop.example, not 'shop.example'"),
    "address": ("--origin https://shop.example/", "not 'https://shop.example/'"),
    "sandboxed page": ("--origin null", "not 'null'"),
    "no folder": ("--directory no/such/folder", "there is no folder 'no/such/folder'"),
    "empty token": ("--token=", "an empty token would let everybody in"),
    "form of log": ("--log combined", "invalid choice: 'combined'"),
}


@pytest.mark.parametrize("options, reason", BAD_OPTIONS.values(), ids=BAD_OPTIONS)
def test_bad_option_gets_one_clear_line(options, reason):
    result = run(
        [sys.executable, str(STEP.modules["server"]), "--port", "0", *options.split()], ROOT
    )
    assert result.code == 2
    assert "Traceback" not in result.text
    assert reason in result.err.splitlines()[-1]


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@ours
@given(path=ANY_TEXT, query=ANY_TEXT, user=ANY_TEXT, agent=st.binary(max_size=40))
def test_any_text_stays_on_its_line(path, query, user, agent):
    try:
        fields = Fields({"User-Agent": agent.decode("latin-1")})
    except ValueError:
        fields = Fields()  # no request can hold it
    request = Request("GET", Target(path, query), "HTTP/1.1", fields, context={"user": user or "-"})
    entry = Entry(request, 200, 1, 784111777.0, 0.1)
    found = COMMON.fullmatch(common_line(entry))
    assert found
    line = json_line(entry)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line)["user"] == (user or "-")


@ours
@given(one=st.text(), other=st.text())
def test_escaping_loses_nothing(one, other):
    assert (escaped(one) == escaped(other)) == (one == other)


ORIGINS = st.sampled_from(
    [SHOP, "https://evil.example", "null", "", "*", "http://[", "://", "http://a"]
) | st.text(st.characters(codec="latin-1", min_codepoint=32), max_size=20)


@ours
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"]),
    path=st.sampled_from(
        ["/", "/private", "/api/me", "/api/notes/1", "/static/", "/files/a", "/x"]
    ),
    origin=ORIGINS,
    authorization=st.sampled_from(["", "Basic", "Basic Og==", "Bearer", "Bearer x"]) | st.text(),
    override=st.sampled_from(["", "PUT", "GET", "x"]) | st.text(),
    wanted=st.sampled_from(["", "PUT"]),
)
def test_no_request_makes_the_application_fail(
    tmp_path, method, path, origin, authorization, override, wanted
):
    """Any fields, through the parser and the whole chain: an answer, and never a 500."""
    lines = {
        "Origin": origin,
        "Authorization": authorization,
        "X-HTTP-Method-Override": override,
        "Access-Control-Request-Method": wanted,
        "X-Request-ID": authorization,
        "Content-Length": "0",
    }
    head = f"{method} {path} HTTP/1.1\r\nHost: a\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    try:
        request = RequestParser().feed(f"{head}\r\n".encode("latin-1", "replace"))
    except HTTPError as error:
        assert error.status < 500
        return
    if request is None:
        return
    chain = application(tmp_path, "a-token", [SHOP], "off")
    response = answer(request, chain)
    assert response.status < 500 or (response.status, method) == (501, "BREW")
    is_shop = request.fields.get("Origin") == SHOP
    assert response.fields.get("Access-Control-Allow-Origin") == (SHOP if is_shop else "")
    assert "Origin" in response.fields.get("Vary")
    assert b"".join(pieces(response, method == "HEAD")).startswith(b"HTTP/1.1 ")
