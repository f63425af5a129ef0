"""Exercise 05.2, a line in the log; and `AccessLog`, which writes one for each request."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

import access_log
from access_log import FORMATS, AccessLog, Entry, common_line, escaped, json_line
from errors import HTTPError
from fields import Fields
from middleware import Chain
from request import Request
from response import Response
from target import Target, parse_target
from tracing import RequestId

COMMON = re.compile(
    r"(?P<client>\S+) - (?P<user>[\x21\x23-\x7e]+) "
    r"\[(?P<when>\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000)\] "
    r'"(?P<line>[\x20-\x21\x23-\x7e]*)" (?P<status>\d{3}) (?P<size>\d+|-)'
)
"""Common Log Format, strictly: no quotes in quotes, no space in a name, printable ASCII alone."""

HOSTILE = {
    "quote": '/a" 200 1',
    "backslash": "/a\\",
    "backslash and quote": '/a\\"',
    "spaces and a time": "/a [06/Nov/1994:08:49:37 +0000] b",
    "line feed": "/a\n127.0.0.1 - ada [06/Nov/1994:08:49:37 +0000] ok",
    "carriage return": "/a\rb",
    "NUL": "/a\0b",
    "escape sequence of a terminal": "/a\x1b[2J",
    "delete": "/a\x7fb",
    "line separator": "/a\N{LINE SEPARATOR}b",
    "next line": "/a\x85b",
    "right to left": "/a\N{RIGHT-TO-LEFT OVERRIDE}b",
    "letter": "/é",
    "half a surrogate pair": "/\ud800",
    "escape that is none": r"/\x0a",
}

ESCAPED = {
    "": "",
    "GET /a?b=c HTTP/1.1": "GET /a?b=c HTTP/1.1",
    " !#[]~": " !#[]~",
    'say "hi"': r"say \x22hi\x22",
    "a\\b": r"a\x5cb",
    r"\x0a": r"\x5cx0a",
    "a\r\nb": r"a\x0d\x0ab",
    "\0\t\x1b\x7f": r"\x00\x09\x1b\x7f",
    "Zoë": r"Zo\xc3\xab",
    "\N{SNOWMAN}": r"\xe2\x98\x83",
    "\U0001f389": r"\xf0\x9f\x8e\x89",
}


def entry(
    target: str = "/a?b", status: int = 200, size: int | None = 4711, **context: str
) -> Entry:
    """An entry for a request of 06 November 1994; the target may be one that no parser takes."""
    path, _, query = target.partition("?")
    given = Request("GET", Target(path, query), "HTTP/1.1", Fields(), context=dict(context))
    return Entry(given, status, size, 784111777.0, 0.0015)


def in_a_column(name: str) -> str:
    """A user's name as it is to stand in the log."""

    def in_hexadecimal(character: str) -> str:
        return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "replace"))

    return "".join(
        one if "!" <= one <= "~" and one not in '"\\' else in_hexadecimal(one) for one in name
    )


def parts(line: str) -> re.Match[str]:
    """The parts of a line in Common Log Format."""
    match = COMMON.fullmatch(line)
    if not match:
        raise AssertionError(f"this is no line of Common Log Format: {line!r}")
    return match


@pytest.fixture
def far_from_greenwich() -> Iterator[None]:
    """A place where the clocks show another time, on systems that let a program say so."""
    if not hasattr(time, "tzset"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "XST-05:30")
        time.tzset()
        yield
    time.tzset()


def request(method: str = "GET", target: str = "/a?b") -> Request:
    """A request of a client whose address is known."""
    fields = Fields({"User-Agent": "a check"})
    context = {"client": "192.0.2.7"}
    return Request(method, parse_target(method, target), "HTTP/1.1", fields, context=context)


@pytest.mark.exercise("05.2")
class TestEscaped:
    """What a stranger has written becomes harmless."""

    @pytest.mark.parametrize("text", ESCAPED, ids=ascii)
    def test_byte_by_byte(self, text):
        r"""Quotes, backslashes and all but printable ASCII become \xXX, each byte in UTF-8."""
        assert escaped(text) == ESCAPED[text]

    @pytest.mark.parametrize("text", ['"', "a\n", "é", "\\", r"\x22"], ids=ascii)
    def test_what_looks_like_an_escape_is_escaped(self, text):
        """What a stranger writes like an escape is told from one: each line has one meaning."""
        once = escaped(text)
        assert escaped(once) == once.replace("\\", r"\x5c")

    def test_half_a_surrogate_pair(self):
        """A text that UTF-8 cannot say does not stop the log."""
        assert re.fullmatch(r"[ -~]+", escaped("a\ud800b"))


@pytest.mark.exercise("05.2")
class TestCommonLine:
    """Common Log Format."""

    def test_example(self):
        """The line of the docstring: client, user, time, request line, status and size."""
        line = common_line(entry(client="127.0.0.1", user="ada"))
        when = "[06/Nov/1994:08:49:37 +0000]"
        assert line == f'127.0.0.1 - ada {when} "GET /a?b HTTP/1.1" 200 4711'

    def test_what_is_not_known(self):
        """A client, a user or a size that is not known is "-"."""
        line = common_line(entry("/a", 304, None))
        assert line == '- - - [06/Nov/1994:08:49:37 +0000] "GET /a HTTP/1.1" 304 -'

    def test_nothing_is_a_size(self):
        """An answer without a byte of content has a size, and it is 0."""
        line = common_line(entry("/a", size=0))
        assert line == '- - - [06/Nov/1994:08:49:37 +0000] "GET /a HTTP/1.1" 200 0'

    @pytest.mark.usefixtures("far_from_greenwich")
    def test_time_is_utc(self, rng):
        """The time is in UTC, wherever the server stands, with the month's English name."""
        began = rng.randrange(2**31)
        when = parts(common_line(Entry(entry().request, 200, 1, began, 0)))["when"]
        in_utc = datetime.fromtimestamp(began, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        assert when == in_utc, "this is not the time in UTC"

    @pytest.mark.parametrize("target", HOSTILE.values(), ids=HOSTILE)
    def test_target_cannot_write_a_line(self, target):
        """No target ends the quotes or the line: a stranger writes no lines of our log."""
        assert parts(common_line(entry(target, client="192.0.2.7")))["status"] == "200"

    @pytest.mark.parametrize("user", HOSTILE.values(), ids=HOSTILE)
    def test_user_cannot_write_a_line(self, user):
        """Nor does a user's name, which a stranger may have chosen."""
        line = common_line(entry(user=user))
        assert (
            line
            == f'- - {in_a_column(user)} [06/Nov/1994:08:49:37 +0000] "GET /a?b HTTP/1.1" 200 4711'
        )

    def test_space_in_a_name(self):
        r"""A space would end the user's column, so in the user, and only there, it becomes \x20."""
        line = common_line(entry("/a b", user="ada b"))
        rest = '[06/Nov/1994:08:49:37 +0000] "GET /a b HTTP/1.1" 200 4711'
        assert line == rf"- - ada\x20b {rest}", "a space ends the user's column"


class TestJsonLine:
    """The same as JSON, for programs."""

    def test_all_parts(self):
        """Each part has its name; the time is UTC with an offset, the duration in milliseconds."""
        given = entry(client="127.0.0.1", user="ada", request_id="an-id-of-its-own")
        given.request.fields.add("User-Agent", "a check")
        assert json.loads(json_line(given)) == {
            "time": "1994-11-06T08:49:37.000+00:00",
            "client": "127.0.0.1",
            "user": "ada",
            "request_id": "an-id-of-its-own",
            "method": "GET",
            "target": "/a?b",
            "version": "HTTP/1.1",
            "status": 200,
            "bytes": 4711,
            "milliseconds": 1.5,
            "user_agent": "a check",
        }

    @pytest.mark.usefixtures("far_from_greenwich")
    def test_time_is_utc(self):
        """The time is in UTC, and says so, wherever the server stands."""
        assert json.loads(json_line(entry()))["time"] == "1994-11-06T08:49:37.000+00:00"

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_stays_on_its_line(self, text):
        """Whatever a stranger sends, it is one line of ASCII, and comes back as it was."""
        line = json_line(entry(text, user=text))
        assert re.fullmatch(r"[ -~]+", line)
        assert (json.loads(line)["target"], json.loads(line)["user"]) == (text, text)


class TestAccessLog:
    """Writes a line for each request."""

    @pytest.mark.parametrize("form", FORMATS)
    def test_one_line_for_each(self, form):
        """One line for each request, in the form that was chosen, when the answer is known."""
        lines: list[str] = []
        link = AccessLog(form, lines.append)
        for count in (1, 2):
            link(request(), lambda request: Response.text("hello"))
            assert len(lines) == count
        if form == "json":
            assert json.loads(lines[0])["bytes"] == 5
        else:
            assert parts(lines[0])["size"] == "5"

    def test_line_comes_before_the_answer_is_sent(self):
        """The line is there when the link returns, and the answer is the very one of the rest."""
        answer, lines = Response.text("hello"), []
        assert AccessLog(write=lines.append)(request(), lambda request: answer) is answer
        assert lines

    @pytest.mark.parametrize(
        "error, status", [(HTTPError(404, "no"), "404"), (ZeroDivisionError("1/0"), "500")]
    )
    def test_exception_has_a_line(self, error, status):
        """An exception that passes has a line, with the status that it will become."""
        lines: list[str] = []

        def failing(request: Request) -> Response:
            raise error

        with pytest.raises(type(error)) as raised:
            AccessLog(write=lines.append)(request(), failing)
        assert raised.value is error
        assert len(lines) == 1, "a request that failed has no line in the log"
        assert (parts(lines[0])["status"], parts(lines[0])["size"]) == (status, "-")

    @pytest.mark.parametrize(
        "method, status, size",
        [("GET", 200, "5"), ("HEAD", 200, "-"), ("GET", 304, "-"), ("DELETE", 204, "-")],
    )
    def test_bytes_that_will_be_sent(self, method, status, size):
        """The size is that of the content that goes out; "-" where there is none to be sent."""
        lines: list[str] = []
        link = AccessLog(write=lines.append)
        link(request(method), lambda request: Response.text("hello", status))
        assert parts(lines[0])["size"] == size

    @pytest.mark.parametrize("error", [None, HTTPError(404, "no"), ZeroDivisionError("1/0")])
    def test_when_and_how_long(self, monkeypatch, error):
        """The line says when the request came in, and how long the rest took, failed or not."""
        passed = [0.0]
        clocks = {
            "time": lambda: 784111777.0 + passed[0],
            "perf_counter": lambda: 5.0 + passed[0],
        }
        monkeypatch.setattr(access_log, "time", SimpleNamespace(**clocks))
        lines: list[str] = []

        def slow(request: Request) -> Response:
            passed[0] += 0.25
            if error:
                raise error
            return Response()

        with suppress(HTTPError, ZeroDivisionError):
            AccessLog("json", lines.append)(request(), slow)
        value = json.loads(lines[0])
        assert value["time"] == "1994-11-06T08:49:37.000+00:00", "this is not when it came in"
        assert value["milliseconds"] == 250.0, "this is not how long the rest took"

    def test_what_was_found_out_further_in(self):
        """The user is known, though a link that stands inside has found out who it is."""
        lines: list[str] = []

        def login(request: Request) -> Response:
            request.context["user"] = "ada"
            return Response()

        AccessLog(write=lines.append)(request(), login)
        assert lines[0].startswith("192.0.2.7 - ada [")

    def test_target_as_it_came(self):
        """Target and method are those of the client, with the query, still percent-encoded."""
        lines: list[str] = []
        given = request("DELETE", "/caf%C3%A9?a=%22&b")
        AccessLog(write=lines.append)(given, lambda request: Response())
        assert '"DELETE /caf%C3%A9?a=%22&b HTTP/1.1"' in lines[0]

    def test_unknown_form(self):
        """A form that there is not is noticed at once, and not with the first request."""
        with pytest.raises(KeyError):
            AccessLog("combined")

    def test_stands_inside_of_the_id(self):
        """Outside of RequestId some of its lines would have no id: such a chain is refused."""
        with pytest.raises(ValueError, match=r"RequestId must stand before AccessLog.*no id"):
            Chain(AccessLog(), RequestId())


@pytest.mark.parametrize(
    ("method", "target", "shown"),
    [
        ("CONNECT", "a.example:443", "a.example:443"),
        ("OPTIONS", "*", "*"),
        ("GET", "http://a.example/b?c", "/b?c"),
    ],
)
def test_target_of_each_form(method, target, shown):
    """The log has a target for each of its forms (RFC 9112, section 3.2): CONNECT has no path."""
    line = common_line(Entry(request(method, target), 501, 0, 0.0, 0.0))
    assert parts(line)["line"] == f"{method} {shown} HTTP/1.1"


def line_for(server, text: str) -> str:
    """The line of the server's output that has this text; it may come a moment after the answer."""
    output = server.running.own.output
    pattern = re.compile(f"^.*{re.escape(text)}.*$", re.MULTILINE)
    output.wait_for(lambda printed: bool(pattern.search(printed)), 5)
    found = pattern.search(output.since())
    assert found, f"{text!r} is not in what the server printed:\n{output.since()}"
    return found[0]


@pytest.mark.exercise("05.2")
def test_on_the_wire_common(serve, rng):
    """By default the server prints each request in Common Log Format."""
    server, target = serve("--log", "common"), f"/echo/{rng.getrandbits(64):x}"
    answer = server.ask(f'GET {target}?"=\\ HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
    line = parts(line_for(server, target))
    assert (line["client"], line["user"]) == ("127.0.0.1", "-")
    assert line["line"] == rf"GET {target}?\x22=\x5c HTTP/1.1"
    assert (line["status"], line["size"]) == ("200", str(len(answer.body)))


def test_on_the_wire_json(serve, rng):
    """With `--log json` it prints an object, with the id that the client has got."""
    server, target = serve("--log", "json"), f"/lost/{rng.getrandbits(64):x}"
    answer = server.ask(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    value = json.loads(line_for(server, answer.fields.get("X-Request-ID")))
    assert (value["target"], value["status"]) == (target, 404)
    assert value["bytes"] == len(answer.body)
