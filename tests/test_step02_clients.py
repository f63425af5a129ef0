"""Step 02 as clients see it that nobody here wrote, and its promises for any input at all."""

import http.client
import io
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, quote, unquote

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st
from urllib3 import encode_multipart_formdata

from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import ROOT, find_step

STEP = find_step("02")

with Stage(STEP).on():
    from errors import HTTPError
    from fields import Fields
    from form_data import parse_multipart
    from media_types import parse_parameters, preferred
    from request import Request, RequestParser
    from response import Response, head
    from target import parse_query, percent_decode

ours = settings(deadline=None, max_examples=200)

REFUSALS = {400, 411, 413, 414, 431, 501, 505}
"""All that the parser may answer to a bad request."""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    running = start([sys.executable, STEP.modules["server"], "--port", "0"])
    yield running
    assert "Traceback" not in running.output()
    running.stop()


@pytest.fixture(scope="module")
def curl_command() -> Iterator[RunningServer]:
    command = [sys.executable, "-m", "course.stage", "02", "--script", "curl_command"]
    running = start([*command, "--", "--port", "0"], cwd=ROOT)
    yield running
    assert "Traceback" not in running.output()
    running.stop()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def curl(*arguments: str, code: int = 0, send: bytes | None = None) -> str:
    """What curl prints; where it is missing this fails on POSIX, and is skipped on Windows."""
    program = shutil.which("curl")
    if program is None and os.name == "nt":
        pytest.skip("curl is not on the PATH")
    assert program, "this test needs curl: install it (apt-get install curl, brew install curl)"
    command = [program, "--silent", "--show-error", "--noproxy", "*", "--max-time", "5", *arguments]
    result = subprocess.run(command, input=send, capture_output=True, timeout=10, check=False)
    assert result.returncode == code, result.stderr.decode()
    return result.stdout.decode()


def understood(text: str) -> dict[str, object]:
    """What the server understood, its fields as a dictionary."""
    answer = json.loads(text)
    return {**answer, "fields": {name.lower(): value for name, value in answer["fields"]}}


class TestCurl:
    def test_a_path_and_a_query(self, server):
        answer = understood(curl(f"{server.url}/caf%C3%A9?drink=tea&drink=&milk"))
        assert answer["path"] == "/café"
        assert answer["query"] == [["drink", "tea"], ["drink", ""], ["milk", ""]]
        assert answer["host"] == f"{server.host}:{server.port}"

    def test_forms(self, server):
        fields = ("--data-urlencode", "a=fish & chips", "--data", "b=&a=%C3%A9")
        answer = understood(curl(*fields, server.url))
        assert answer["body"] == [["a", "fish & chips"], ["b", ""], ["a", "é"]]

    def test_files(self, server, tmp_path):
        content = os.urandom(5000)
        (tmp_path / "dé jà.bin").write_bytes(content)
        answer = understood(
            curl(
                *("--form", "word=fish & chips"),
                *("--form", f"file=@{tmp_path / 'dé jà.bin'};type=application/x-test"),
                *("--form", f'odd=@{tmp_path / "dé jà.bin"};filename="say \\"hi\\".txt"'),
                server.url,
            )
        )
        assert [(part["name"], part["filename"], part["bytes"]) for part in answer["body"]] == [
            ("word", None, len("fish & chips")),
            ("file", "dé jà.bin", 5000),
            ("odd", 'say "hi".txt', 5000),
        ]
        assert answer["body"][1]["media_type"] == "application/x-test"

    def test_json(self, server):
        header = ("--header", "Content-Type: application/json")
        answer = understood(curl(*header, "--data", '{"a": [1, "é"]}', server.url))
        assert answer["body"] == {"a": [1, "é"]}
        wrong = curl(*header, "--data", "{", "--write-out", "%{http_code}", server.url)
        assert wrong.endswith("400")

    def test_head(self, server):
        answer = curl("--head", server.url)
        assert answer.startswith("HTTP/1.1 200 OK\r\n")
        assert answer.endswith("\r\n\r\n")

    def test_http_1_0(self, server):
        assert understood(curl("--http1.0", server.url))["version"] == "HTTP/1.0"

    def test_absolute_form(self, server):
        """To a proxy curl sends the absolute-form: here it takes our server for one."""
        proxied = ("--proxy", server.url, "--noproxy", "", "http://example.com/a?b")
        answer = understood(curl(*proxied))
        assert (answer["host"], answer["path"]) == ("example.com", "/a")

    def test_asterisk_form(self, server):
        words = ("--request", "OPTIONS", "--request-target", "*")
        assert understood(curl(*words, server.url))["path"] == "*"

    def test_a_browser_gets_a_page(self, server):
        page = curl("--header", "Accept: text/html", f"{server.url}/%3Cscript%3E")
        assert page.startswith("<!doctype html>")
        assert "&lt;script&gt;" in page and "<script>" not in page

    def test_refused(self, server):
        status = ("--output", os.devnull, "--write-out", "%{http_code}")
        chunked = ("--header", "Transfer-Encoding: chunked", "--data", "a=b")
        assert curl(*status, *chunked, server.url) == "501"
        assert curl(*status, "--request", "POST", server.url) == "411"
        assert curl(*status, "--header", "Host: a b", server.url) == "400"
        assert curl(*status, "--header", f"X: {'x' * 20_000}", server.url) == "431"
        assert curl(*status, f"{server.url}/{'x' * 9000}") == "414"

    def test_a_body_that_is_too_large_is_refused_before_it_is_sent(self, server):
        """By Expect: 100-continue curl asks first; else it sends on. Both get the 413."""
        status = ("--output", os.devnull, "--write-out", "%{http_code} %{size_upload}")
        eleven = b"x" * (11 * 2**20)
        assert curl(*status, "--data-binary", "@-", server.url, send=eleven).startswith("413 ")
        without = ("--header", "Expect:")
        answer = curl(*status, *without, "--data-binary", "@-", server.url, send=eleven)
        assert answer.startswith("413 ")

    def test_a_body_of_a_mebibyte(self, server):
        types = ("--header", "Content-Type: a/b", "--header", "Expect:")
        answer = curl(*types, "--data-binary", "@-", server.url, send=b"x" * 2**20)
        assert understood(answer)["body"] == f"{2**20} bytes"


COMMANDS = [
    "curl {url}/",
    "curl --head {url}/",
    "curl --request DELETE '{url}/a%20b?c=d&e'",
    "curl --request OPTIONS --request-target '*' {url}",
    "curl --header 'X: it'\"'\"'s $HOME `id`' --header 'Y;' {url}/",
    "curl --request POST --header 'Content-Type: text/plain' --data-raw '@é\n\"' {url}/",
    "curl --request POST --data-raw '' --header Content-Type: {url}/",
    "curl --request GET --header 'Content-Type: a/b' --data-raw x {url}/",
    "curl --globoff --path-as-is '{url}/a/../{{b,c}}?d[1]=e'",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_curl_command_repeats_the_request(curl_command, command):
    """A request by this command is answered with this command: nothing was lost on the way."""
    command = command.format(url=curl_command.url)
    quiet = ("--header", "User-Agent:", "--header", "Accept:", "--include")
    head, _, answer = curl(*shlex.split(command)[1:], *quiet).partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert answer == ("" if "--head " in command else f"{command}\n")


def test_the_curl_command_names_a_body_that_is_no_text(curl_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "body.bin").write_bytes(b"\0\xff\r\n")
    words = ("--request", "PUT", "--header", "Content-Type: a/b", "--data-binary", "@body.bin")
    command = curl(*words, "--header", "User-Agent:", "--header", "Accept:", curl_command.url)
    assert shlex.split(command) == ["curl", *words, f"{curl_command.url}/"]


class TestRequests:
    def test_parameters(self, server, session):
        pairs = [("a", "1"), ("a", "ä&="), ("b", "")]
        answer = session.get(server.url, params=pairs, timeout=5).json()
        assert answer["query"] == [list(pair) for pair in pairs]

    def test_bodies(self, server, session):
        url, wait = server.url, 5
        assert session.post(url, json={"a": "é"}, timeout=wait).json()["body"] == {"a": "é"}
        assert session.put(url, data={"a": "é"}, timeout=wait).json()["body"] == [["a", "é"]]
        assert session.patch(url, data=b"abc", timeout=wait).json()["body"] == "3 bytes"
        assert session.post(url, timeout=wait).json()["body"] == "0 bytes"
        assert session.delete(url, timeout=wait).json()["method"] == "DELETE"

    def test_files(self, server, session):
        files = [("f", ("naïve.bin", os.urandom(999), "a/b")), ("f", ('"quo\nted"', b"", "c/d"))]
        answer = session.post(server.url, files=files, data={"w": "é"}, timeout=5).json()
        assert answer["body"] == [
            {"name": "w", "filename": None, "media_type": "text/plain", "bytes": 2},
            {"name": "f", "filename": "naïve.bin", "media_type": "a/b", "bytes": 999},
            {"name": "f", "filename": '"quo\nted"', "media_type": "c/d", "bytes": 0},
        ]

    def test_head_and_options(self, server, session):
        answer = session.head(server.url, timeout=5)
        assert (answer.status_code, answer.content) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 100
        assert session.options(server.url, timeout=5).json()["method"] == "OPTIONS"

    def test_what_we_cannot_do_yet(self, server, session):
        answer = session.post(server.url, data=iter([b"in", b"pieces"]), timeout=5)
        assert answer.status_code == 501

    def test_json_for_json(self, server, session):
        answer = session.post(
            server.url,
            data=b"{",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            timeout=5,
        )
        assert answer.status_code == 400
        assert answer.json()["status"] == 400


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_http_client_any_method(server, method):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    connection.request(method, "/a", body=b"x" * 100 if method.startswith("P") else None)
    response = connection.getresponse()
    assert (response.status, response.reason, response.version) == (200, "OK", 11)
    assert response.will_close
    assert json.loads(response.read())["method"] == method
    connection.close()


def test_urllib(server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{server.url}/a?b=c", data=b"d=e", timeout=5) as response:
        assert response.headers.get_content_type() == "application/json"
        assert json.load(response)["body"] == [["d", "e"]]


# --- any input at all -----------------------------------------------------------------------------

LINES = [
    b"GET / HTTP/1.1",
    b"POST /a?b HTTP/1.1",
    b"HEAD http://b/ HTTP/1.0",
    b"OPTIONS * HTTP/1.1",
    b"Host: a",
    b"Host : a",
    b" folded",
    b"Content-Length: 3",
    b"Content-Length: 5",
    b"Transfer-Encoding: chunked",
    b"X: \xff\t y ",
    b"X:",
    b"X\0: y",
    b"",
    b"abc",
]
ENDS = [b"\r\n"] * 8 + [b"\n", b"\r", b"\r\r\n"]

pieces = st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)).map(b"".join)
good = st.builds(
    lambda line, lines, body, behind: b"".join(
        [line, b"\r\nHost: a\r\n", *lines, b"Content-Length: %d\r\n\r\n" % len(body), body, behind]
    ),
    st.sampled_from(LINES[:4]),
    st.lists(st.sampled_from([b"X: y\r\n", b"x:\r\n", b"Accept: \xe9 \r\n"]), max_size=4),
    st.binary(max_size=9),
    st.binary(max_size=9),
)
streams = st.one_of(good, st.lists(pieces, max_size=8).map(b"".join), st.binary(max_size=200))


def outcome(blocks: list[bytes]) -> tuple[object, ...]:
    """What comes of these blocks: a request and the rest, the status of an error, or neither."""
    parser = RequestParser()
    request: Request | None = None
    try:
        for block in blocks:
            request = parser.feed(block)
    except HTTPError as error:
        assert error.status in REFUSALS
        return (error.status,)
    if request is None:
        return ("more",)
    parts = request.method, request.target, request.version, list(request.fields), request.body
    return *parts, parser.rest


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(min(place, len(data)) for place in places)
    return [data[i:j] for i, j in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(streams, st.lists(st.integers(0, 250), max_size=6))
@ours
def test_any_stream_gives_one_outcome_however_it_is_cut(data, places):
    whole = outcome([data])
    assert outcome(cut(data, places)) == whole
    assert outcome([bytes([byte]) for byte in data]) == whole


@given(st.integers(8180, 8200), st.sampled_from([b"", b"\r", b"\n", b"\r\n", b"\rx\n", b"x\n\r\n"]))
@ours
def test_any_long_line_gives_one_outcome_however_it_is_cut(size, end):
    data = b"GET /" + b"a" * (size - 14) + b" HTTP/1.1" + end
    whole = outcome([data])
    for place in range(8185, len(data)):
        assert outcome([data[:place], data[place:]]) == whole


class Stdlib(BaseHTTPRequestHandler):
    """The standard library's parser, fed with bytes."""

    def __init__(self, data: bytes) -> None:
        self.rfile = io.BytesIO(data)
        self.raw_requestline = self.rfile.readline()
        self.client_address = ("", 0)

    def send_error(self, *_: object) -> None:
        """Say nothing."""


@given(good)
@ours
def test_good_requests_are_what_the_standard_library_reads(data):
    method, target, _, lines, body, rest = outcome([data])
    stdlib = Stdlib(data)
    assert stdlib.parse_request()
    assert method == stdlib.command
    assert target.path == re.sub(r"^http://b|\?.*", "", stdlib.path)
    assert lines == [(name, value.strip(" \t")) for name, value in stdlib.headers.items()]
    assert body + rest == stdlib.rfile.read()
    assert len(body) == int(stdlib.headers["Content-Length"])


@given(st.text("ab%+=&;C3A9é \u20ac", max_size=30))
@ours
def test_queries_are_what_the_standard_library_reads(text):
    assert parse_query(text) == parse_qsl(text, keep_blank_values=True, errors="replace")


@given(st.text(max_size=30))
@ours
def test_quoted_text_comes_back(text):
    encoded = quote(text, safe="/+", errors="surrogatepass")
    try:
        assert percent_decode(encoded) == unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(ValueError):
            percent_decode(encoded)


@given(st.text("%0aF/\x00é\ud800", max_size=20))
@ours
def test_any_text_is_decoded_or_a_value_error(text):
    try:
        decoded = percent_decode(text)
    except ValueError:
        return
    assert decoded == unquote(text, errors="strict")


NAMES = st.text(
    st.characters(exclude_characters="\\\0", exclude_categories=["Cs", "Cc"]), max_size=10
).filter(lambda name: not re.search("%(22|0A|0D)", name))


@given(
    st.lists(st.tuples(NAMES, st.tuples(NAMES, st.binary(max_size=40))), max_size=4),
    st.lists(st.integers(0, 600), max_size=6),
)
@ours
@example([('"\n\r', ('"\r\n"', b"\r\n--B\r\n--B-"))], [])
def test_forms_that_urllib3_encodes_come_back_however_they_are_cut(fields, places):
    boundary = "B0undary"
    body, _ = encode_multipart_formdata(fields, boundary)
    parts = parse_multipart(cut(body, places), boundary)
    assert [(part.name, (part.filename, part.content)) for part in parts] == fields


@given(st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"--B", b"")), min_size=1))
@ours
def test_forms_are_what_the_standard_library_reads(contents):
    head = b'Content-Disposition: form-data; name="a"; filename="b"\r\n'
    head += b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = b"".join(b"--B\r\n" + head + content + b"\r\n" for content in contents) + b"--B--\r\n"
    message = b"Content-Type: multipart/form-data; boundary=B\r\n\r\n" + body
    parts = BytesParser(policy=policy.HTTP).parsebytes(message).get_payload()
    found = [part.content for part in parse_multipart([body], "B")]
    assert found == contents
    assert len(parts) == len(found)


@given(
    st.lists(st.sampled_from([b"--B", b"--", b"\r\n", b"\n", b"x", b":", b'form-data; name="'])),
    st.lists(st.integers(0, 80), max_size=4),
)
@ours
def test_any_form_gives_one_outcome_however_it_is_cut(words, places):
    body = b"".join(words)

    def parts(blocks: list[bytes]) -> object:
        try:
            return parse_multipart(blocks, "B")
        except HTTPError as error:
            assert error.status in REFUSALS
            return error.status

    assert parts(cut(body, places)) == parts([body]) == parts([bytes([byte]) for byte in body])


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=10)), max_size=4))
@ours
@example([("X", "a\r\nSet-Cookie: b")])
@example([("X\r\nY", "a")])
def test_no_field_breaks_out_of_its_line(lines):
    try:
        fields = Fields(lines)
    except ValueError:
        return
    response = Response(200, b"", fields)
    status_line, _, rest = head(response).partition(b"\r\n")
    assert status_line == b"HTTP/1.1 200 OK"
    read = http.client.parse_headers(io.BytesIO(rest))
    framing = {"content-length", "transfer-encoding"}
    sent = [(name, value) for name, value in fields if name.lower() not in framing]
    assert [(name, value.strip(" \t")) for name, value in read.items()][: len(sent)] == sent


@given(st.text(';,=/*q.01"\\ ab\t', max_size=40))
@ours
def test_any_accept_and_any_parameters_are_read(text):
    assert preferred(text, ["a/b", "b/a"]) in ("a/b", "b/a")
    parse_parameters(text)


def test_noise_over_the_wire_is_refused_and_the_server_lives(server):
    """Whatever comes, there is an answer with a status, and no traceback."""
    for data in (
        os.urandom(2000),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200) + b"\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0" * 20_000,
        b"\r\n" * 5000,
        b"GET / HTTP/1.1\r\n" + b"a:\r\n" * 5000,
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    ):
        with socket.create_connection((server.host, server.port), timeout=5) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda client=client: client.recv(65536), b""))
        assert int(answer[len("HTTP/1.1 ") :][:3]) in REFUSALS
        assert b"Traceback" not in answer
