"""The conformance cases: each can fail, the steps pass what the page says, and the page is true.

The servers that are wrong on purpose are copies of step 07 with one mistake, and a few lines here.
"""

import json
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from course.cli import main
from course.conformance import results
from course.conformance.cases import (
    ORDER,
    BadCase,
    Case,
    all_cases,
    case_from,
    chosen,
    topics,
)
from course.conformance.judging import judged
from course.conformance.roles import NONE, ROLES, roles_of, with_changes
from course.conformance.running import Subject, run, step_subject
from course.conformance.talking import CannotAsk, Outcome, Talk, spelled_out
from course.conformance.wants import LOOKS, parse_want
from course.grammar import Malformed
from course.pages import scorecard as page
from course.pages.directives import BadDirective, Page, expanded
from course.responses import Response, ResponseReader
from course.servers import RunningServer, start
from course.steps import ROOT, CourseError, all_steps, find_step
from tests.command_line import course

HERE = Page("scorecard.md", "../")
STEP = find_step("07")
CASES = {case.id: case for case in all_cases()}
DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT"

every_case = pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)


def response(text: str, method: str = "GET") -> Response:
    """The answer that a text stands for; its lines end with CR LF, and its body is the rest."""
    head, _, body = text.partition("\n\n")
    data = head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body.encode("latin-1")
    answer = ResponseReader(method).feed(data)
    assert answer is not None, text
    return answer


def plain(status: int, *lines: str, body: str = "") -> Response:
    """An answer with these field lines."""
    length = [] if status == 204 else [f"Content-Length: {len(body)}"]
    return response("\n".join([f"HTTP/1.1 {status} x", *lines, *length]) + f"\n\n{body}")


# The cases as they are written


def test_there_are_enough_cases():
    """Each has a name of its own, and every topic has some."""
    cases = all_cases()
    assert len(cases) >= 180
    assert len(CASES) == len(cases)
    assert [topic.name for topic in topics()] == list(ORDER)
    assert all(len(topic.cases) >= 10 for topic in topics())
    assert sum(case.drip for case in cases) >= 30
    folder = ROOT / "course" / "conformance" / "cases"
    assert sorted(path.stem for path in folder.glob("*.toml")) == sorted(ORDER)


@every_case
def test_a_case_is_a_sentence_with_its_section(case: Case):
    """It names roles that there are, and asks for addresses that it can know."""
    assert re.fullmatch(r"[0-9a-z]+([.-][0-9a-z]+)*", case.id)
    assert re.fullmatch(r"[A-Z*0-9x].*\.|[a-zT].*\.", case.title)
    assert case.rfc.split()[0] in ("9110", "9112", "6585")
    assert case.roles <= set(ROLES)
    roles = roles_of(7) | dict.fromkeys(
        ("etag", "strong", "modified", "modified_850", "modified_c", "location"), "/x"
    )
    for piece in case.send:
        assert b"{" not in spelled_out(piece, roles).partition(b"\r\n\r\n")[0]


@every_case
def test_a_case_can_fail(case: Case):
    """By another status, by silence, by bytes behind the answer, by what becomes of the end."""
    assert judged(case, Outcome()) == "no answer, and the connection stays" or len(case.want) > 1
    assert "no answer" in judged(case, Outcome())
    assert "teapot" in judged(case, Outcome(malformed="teapot"))
    wrong = 201 if case.id == "crash" else 500
    assert f"{wrong} instead of" in judged(case, Outcome((plain(wrong),), ended=True))


def test_lengths_and_chunks_of_the_cases_are_right():
    """Where a case does not want a length to be wrong, it is right."""
    roles = roles_of(7)
    for case in CASES.values():
        if case.drip and case.want[0].statuses[0] == "2xx" and len(case.send) == 1:
            head, _, rest = spelled_out(case.send[0], roles).partition(b"\r\n\r\n")
            if length := re.search(rb"Content-Length: (\d+)", head):
                body = rest.partition(b"GET ")[0]
                assert len(body) == int(length[1]), case.id


BAD = [
    ({"level": "must"}, "level is one of MUST, SHOULD, MAY, ours"),
    ({"wait": "long"}, "wait is one of answer, word"),
    ({"end": "open"}, "end is one of"),
    ({"rfc": "RFC 9112"}, "rfc is a number and a section"),
    ({"want": "600"}, "'600' is no status"),
    ({"want": "200; glows"}, "'glows' cannot be read; there are: has, lacks"),
    ({"wants": "200"}, "the field 'wants' is not known"),
]


@pytest.mark.parametrize(("change", "says"), BAD, ids=lambda value: str(value)[:20])
def test_a_case_that_is_written_wrong(change: dict[str, str], says: str):
    good = {"id": "x", "title": "X.", "rfc": "9112 3", "level": "MUST", "send": "", "want": "200"}
    assert case_from(good, "host").id == "x"
    with pytest.raises(BadCase, match=re.escape(f"host: case x: {says}")):
        case_from(good | change, "host")
    with pytest.raises(BadCase, match="the field 'want' is missing"):
        case_from({name: value for name, value in good.items() if name != "want"}, "host")


def test_what_is_sent():
    """Roles, repetitions and escapes; and the answer before has to tell what it is asked for."""
    said = spelled_out(r"{3*ab\r\n}GET {page}?{2*x} \x00\xff\\", {"page": "/p"})
    assert said == b"ab\r\nab\r\nab\r\nGET /p?xx \x00\xff\\"
    with pytest.raises(CannotAsk, match="the answer before it has no etag"):
        spelled_out("If-Match: {etag}", {})


def test_cases_are_chosen_by_name():
    assert [case.id for case in chosen("host-missing")] == ["host-missing"]
    assert {case.topic for case in chosen("host")} == {"host"}
    assert chosen("") == all_cases()
    assert {case.topic for case in chosen("Host")} == {"host"}
    assert {case.topic for case in chosen("the answer's head")} == {"response"}
    for topic in topics():
        assert set(chosen(topic.title)) == set(topic.cases)
    with pytest.raises(CourseError, match="no case or topic 'nope'; the topics are: request_line"):
        chosen("nope")


def test_roles_of_steps():
    """A step has what the steps before it have; a change says where another server has it."""
    for earlier, later in zip(range(1, 8), range(2, 9), strict=True):
        had = {name for name, path in roles_of(earlier).items() if path != NONE}
        assert had <= {name for name, path in roles_of(later).items() if path != NONE}
    assert set(roles_of(8).values()) & {NONE} == set()
    changed = with_changes(roles_of(7), ["file=-", "echo=/post?a=b"])
    assert (changed["file"], changed["echo"], changed["page"]) == (NONE, "/post?a=b", "/")
    for wrong, says in (("flie=-", "there is no role 'flie'"), ("file=x", "file is a path")):
        with pytest.raises(CourseError, match=says):
            with_changes({}, [wrong])


# The verdicts


OK = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\nETag: "a"\nAllow: GET, HEAD'
LOOKED = [
    ("has ETag", OK, "Server: x"),
    ("lacks Server", OK, "Server: x"),
    ('field ETag "[a-z]"', OK, 'ETag: "1"'),
    ('field ETag "[a-z]"', OK, "Server: x"),
    ("lists Allow HEAD", OK, "Allow: GET, HEADER"),
    ("closes", "Connection: x, Close", "Connection: closed"),
    ("date Date", OK, "Date: Sun, 6 Nov 1994 08:49:37 GMT"),
    ("date Date", OK, "Date: Sunday, 06-Nov-94 08:49:37 GMT"),
    ("date Date", OK, "Date: Mon, 06 Nov 1994 08:49:37 GMT"),
    ("date Date", OK, "Server: x"),
    ("past ETag", "", ""),
]


@pytest.mark.parametrize(("clause", "good", "bad"), LOOKED[:-1])
def test_a_look_at_fields(clause: str, good: str, bad: str):
    want = parse_want(f"200; {clause}")
    assert want.complaint(plain(200, *good.split("\n"))) == ""
    assert want.complaint(plain(200, *bad.split("\n"))).startswith("200 with")


CONTENT = [
    ("says hello", "oh hello", "help"),
    (r"says a\x00b", "a\0b", "ab"),
    ("hides two", "one", "one two"),
    ("matches one +two", "one  two", "onetwo"),
    ("empty", "", "x"),
]


@pytest.mark.parametrize(("clause", "good", "bad"), CONTENT)
def test_a_look_at_content(clause: str, good: str, bad: str):
    want = parse_want(f"200; {clause}")
    assert want.complaint(plain(200, body=good)) == ""
    assert want.complaint(plain(200, body=bad)).startswith("200 w")


def test_a_look_at_framing():
    chunked = response("HTTP/1.1 200 x\nTransfer-Encoding: chunked\n\n0\r\n\r\n")
    length = plain(200, body="hello")
    reader = ResponseReader(close_delimited=True)
    assert reader.feed(b"HTTP/1.0 200 x\r\n\r\nhello") is None
    nothing = replace(length, version="1.0", fields=type(length.fields)(()))
    assert parse_want("200; chunked").complaint(chunked) == ""
    assert parse_want("200; chunked").complaint(length) == "200 that is not chunked"
    assert parse_want("200; framed").complaint(length) == ""
    assert parse_want("200; framed").complaint(chunked) == ""
    assert parse_want("200; framed").complaint(nothing) == "200 without a length"
    assert parse_want("200; version 1.1").complaint(nothing) == "200 of HTTP/1.0"
    assert parse_want("200; version 1.1").complaint(length) == ""


def test_a_look_at_interim_answers():
    answer = replace(plain(200), interim=(plain(204), replace(plain(204), status=100)))
    assert parse_want("200; interim 1").complaint(answer) == ""
    assert parse_want("200; interim 0").complaint(answer) == "200 after 1 times 100, not 0"


def test_a_look_at_the_clock():
    """The date of 1994 is not now; and a file is not changed after the answer."""
    assert parse_want("200; now Date").complaint(plain(200, DATE)) == "200 whose Date is not now"
    assert parse_want("200; now Date").complaint(plain(200)) == "200 without Date"
    past, later = (
        DATE.replace("Date", "Last-Modified"),
        "Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT",
    )
    want = parse_want("200; past Last-Modified")
    assert want.complaint(plain(200, DATE, past)) == ""
    assert want.complaint(plain(200, DATE, later)) == "200 whose Last-Modified is after its Date"
    assert want.complaint(plain(200, DATE)) == "200 without Last-Modified and Date"


def test_a_look_at_the_answer_before():
    """A field is the same; what the first answer has is not left out, but for a length."""
    first = plain(200, 'ETag: "a"', "Vary: Accept", body="hello")
    head = response('HTTP/1.1 200 x\nETag: "a"\nVary: Accept\n\n', "HEAD")
    other = response('HTTP/1.1 200 x\nETag: "b"\nContent-Length: 4\n\n', "HEAD")
    for clause, wrong in (
        ("same ETag", "200 with another ETag"),
        ("same Vary", "200 without Vary"),
        ("same Content-Length", "200 with another Content-Length"),
        ("like the first", "200 without vary"),
    ):
        want = parse_want(f"200; {clause}")
        assert want.complaint(other, first) == wrong
        assert want.complaint(first, first) == ""
    assert parse_want("200; same Content-Length").complaint(head, first) == ""


def test_every_look_is_tested_here():
    """And each is used by a case."""
    text = Path(__file__).read_text(encoding="utf-8")
    used = {clause.name for case in CASES.values() for want in case.want for clause in want.clauses}
    assert used == set(LOOKS)
    for name in LOOKS:
        assert re.search(rf'["; ]{name}[ "]', text), name


def test_a_clause_for_one_status():
    want = parse_want("405 or 3xx; 405: has Allow; 3xx: has Location")
    assert want.complaint(plain(405, "Allow: GET")) == ""
    assert want.complaint(plain(405)) == "405 without Allow"
    assert want.complaint(plain(308)) == "308 without Location"
    assert want.complaint(plain(404)) == "404 instead of 405 or 3xx"


CLOSES = plain(200, "Connection: close")
ENDS = [
    ("", Outcome((plain(200),)), ""),
    ("", Outcome((plain(200),), extra=True), "more bytes after the last answer"),
    ("", Outcome((plain(200),), no_word=True), "no 100, and no answer, while the client waits"),
    ("", Outcome(ended=True), "closed without an answer"),
    ("closed", Outcome((plain(200),), ended=True), ""),
    ("closed", Outcome((plain(200),)), "the connection stays"),
    ("as said", Outcome((plain(200),)), ""),
    ("as said", Outcome((CLOSES,), ended=True), ""),
    ("as said", Outcome((CLOSES,)), "says close, and the connection stays"),
    ("as said", Outcome((plain(200),), ended=True), "closes, and has not said so"),
]


@pytest.mark.parametrize(("end", "outcome", "says"), ENDS)
def test_what_becomes_of_the_connection(end: str, outcome: Outcome, says: str):
    case = replace(CASES["get"], end=end, want=(parse_want("200"),))
    assert judged(case, outcome) == says


def test_the_second_of_two():
    """Who may close may leave it out; who answers must answer it right."""
    two = replace(CASES["get"], want=(parse_want("200"), parse_want("200 or closed; says two")))
    good = plain(200, body="two")
    assert judged(two, Outcome((good, good))) == ""
    assert judged(two, Outcome((good,), ended=True)) == ""
    assert judged(two, Outcome((good,))) == "answer 2: no answer, and the connection stays"
    assert judged(two, Outcome((good, plain(200)))) == "answer 2: 200 whose content lacks 'two'"
    assert judged(two, Outcome((good, good), extra=True)) == "more bytes after the last answer"


# Servers that are wrong


@contextmanager
def saying(answer: bytes) -> Iterator[RunningServer]:
    """A server that says the same to everybody, once: after an empty line, or a moment."""

    def serve(connection: socket.socket) -> None:
        data = b""
        with connection, suppress(OSError):
            connection.settimeout(0.3)
            with suppress(TimeoutError):
                while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
                    data += more
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    def accept() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield RunningServer("127.0.0.1", listener.getsockname()[1], _answered=True)
        listener.shutdown(socket.SHUT_RDWR)


def against(answer: bytes) -> set[str]:
    """The names of the cases that a server fails which always says this."""
    with saying(answer) as server:
        subject = Subject(lambda: server, roles_of(8), workers=8, own=True)
        return {name for name, wrong in run(subject, all_cases()).items() if wrong}


def test_each_case_fails_for_a_server_that_says_one_thing():
    """Over the wire: always 200 with the same words, always 500, always a broken answer."""
    fails = against(b"HTTP/1.1 500 x\r\nContent-Length: 2\r\n\r\nno")
    assert set(CASES) - fails == {"crash"}
    yes = against(b"HTTP/1.1 200 x\r\nContent-Length: 3\r\n\r\nyes")
    assert "crash" in yes
    for name in ("host-missing", "body", "head", "date", "two-in-turn", "says-that-it-closes"):
        assert name in yes
    assert against(b"HTTP/1.1 200 x\nContent-Length: 0\r\n\r\n") == set(CASES)


MISTAKES = [
    ("framing.py", "len(lengths) > 1 or ", "", "lengths-that-differ"),
    ("framing.py", '"[0-9]+", lengths[0]', r'r"[\d_]+", lengths[0]', "length-with-underscore"),
    ("request.py", "len(hosts) > 1 or ", "", "host-twice"),
    ("request.py", 'not hosts and version != "HTTP/1.0"', "False", "host-missing"),
    ("request.py", "not is_authority(hosts[0])", "False", "host-with-space"),
    ("request.py", "return line or (", "return line if True else (", "empty-line-before"),
    ("head_lines.py", r"[\x21-\x22\x24-\x7e]+", ".+", "nul-in-the-target"),
    ("persistence.py", '.get("Connection").lower()', '.get("Connection")', "close-in-any-case"),
    ("persistence.py", '"close" in options', 'options == {"close"}', "close-in-a-list"),
    ("persistence.py", 'version != "HTTP/1.0" or "keep', 'True or "keep', "1.0-closes"),
    ("persistence.py", '["Expect"].lower()', '["Expect"]', "continue-in-any-case"),
    ("chunked.py", "{TOKEN}|{QUOTED}", "{TOKEN}", "extension-in-quotes"),
    ("chunked.py", '.strip(" \\t").lower()', '.strip(" \\t")', "coding-in-capitals"),
    ("chunked.py", ' and "Content-Length" not in fields', "", "length-beside-chunked"),
    ("chunked.py", ' and version != "HTTP/1.0"', "", "coding-in-1.0"),
    ("chunked.py", r'!= b"\r\n":', '== b"":', "chunk-not-ended"),
    ("chunked.py", "SIZE_LINE.fullmatch(", "SIZE_LINE.match(", "chunk-size-no-number"),
    ("response.py", "if not is_head and has", "if has", "head-before-the-next"),
    ("response.py", 'if "Date" not in fields:', "if False:", "date-in-400"),
    ("response.py", "204, 304)", "304,)", "deleted"),
    ("answering.py", "if is_last:", "if False:", "close-is-answered-with-close"),
    ("answering.py", '= version != "HTTP/1.0"', "= True", "generated-in-1.0"),
    ("validators.py", "(?<!W/)", "", "if-match-weak"),
    ("validators.py", "modified > since", "modified >= since", "if-unmodified-since"),
    ("static_files.py", "Response(304, fields=fields)", "Response(304)", "304-keeps-fields"),
    ("router.py", 'Fields({"Allow": allow})', "Fields()", "method-not-allowed"),
    ("router.py", "request.method not in METHODS", "False", "method-unknown"),
    ("target.py", ' or authority.startswith(":")', "", "absolute-form-with-port-alone"),
    ("connection.py", "self.parser.wants_continue:", "False:", "continue-for-the-second"),
]
"""In a module of step 07, these words in the place of those; and a case that finds it out."""


@pytest.mark.parametrize(("module", "right", "wrong", "name"), MISTAKES)
def test_a_mistake_in_the_server_is_found(
    tmp_path: Path, module: str, right: str, wrong: str, name: str
):
    """The case fails for the wrong server; that the right one passes it is tested below."""
    folder = tmp_path / "step"
    left_out = shutil.ignore_patterns("answers", "test_*", "__pycache__")
    shutil.copytree(STEP.path, folder, ignore=left_out)
    text = (folder / module).read_text(encoding="utf-8")
    assert text.count(right) == 1, f"{module} has changed: {right}"
    (folder / module).write_text(text.replace(right, wrong), encoding="utf-8")
    options = ["--port", "0", "--read-timeout", "2", "--idle-timeout", "60"]
    command = [sys.executable, str(folder / "server.py"), *options]
    subject = Subject(lambda: start(command), roles_of(7), own=True)
    found = run(subject, [CASES[name]])
    assert found[name]


def test_a_server_that_does_not_answer():
    """The client does not wait for ever; what is cut off is told."""
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour") as server:
        found = run(Subject(lambda: server, roles_of(7)), [CASES["version-1.0"]])
    assert (found["version-1.0"] or "").startswith("wrong Content-Length: it says 9, but 4 bytes")
    with saying(b"") as server:
        found = run(Subject(lambda: server, roles_of(7)), [CASES["version-1.0"]])
        assert found == {"version-1.0": "closed without an answer"}
        with Talk(server.connect()) as talk, pytest.raises(Malformed):
            talk._received += b"SSH-2.0"
            talk.answer("GET")


def test_what_does_not_apply():
    """A case that needs an address that is not there, or our time limits, says nothing."""
    with saying(b"") as server:
        subject = Subject(lambda: server, {**roles_of(7), "file": NONE})
        cases = [CASES["etag"], CASES["half-a-head-and-silence"]]
        assert run(subject, cases) == {"etag": None, "half-a-head-and-silence": None}


# The steps


def test_each_step_is_published():
    """With the cases of today; whatever is published can be made again."""
    published = results.published()
    assert list(published) == [step.label for step in all_steps()]
    for label, found in published.items():
        assert list(found) == list(CASES), f"publish step {label} again"


@pytest.mark.parametrize("label", ["02", "07", "08"])
def test_what_is_published_is_true(label: str):
    """A fresh run gives the same."""
    step = find_step(label)
    found = run(step_subject(step, roles_of(step.number)), all_cases())
    assert found == results.published()[label]


def test_from_step_07_on_everything_passes():
    for label, found in results.published().items():
        if label >= "07":
            assert set(found.values()) == {""}
        else:
            assert results.failed(found, "MUST")


# The command


def test_the_command(tmp_path: Path):
    """Whole topics and the failures of step 06, which a later step does not have; exit code 1."""
    path = tmp_path / "found.json"
    ran = course("conformance", "06", "--only", "persistence", "--json", str(path))
    assert ran.code == 0, ran.text  # not keeping a connection breaks no MUST
    assert re.search(r"^Persistence +\S+ +17/26 *$", ran.out, re.MULTILINE)
    assert re.search(
        r"SHOULD +two-in-turn +RFC 9112, 9\.3 +answer 2: closed without an answer"
        r" +\(step 07 adds it\)",
        ran.out,
    )
    assert ran.out.rstrip().endswith(
        "step 06 passes 17 of 26; every MUST is met; 1 need what it does not have"
    )
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["server"] == "step 06"
    assert found["cases"]["two-in-turn"] == "answer 2: closed without an answer"
    assert found["cases"]["after-generated"] is None


def test_one_case_is_explained(capsys: pytest.CaptureFixture[str]):
    """What is sent, what may come; a MUST that fails is exit code 1, and that of another server."""
    with pytest.raises(SystemExit) as ended:
        main(["conformance", "06", "--only", "one-chunk", "--role", "echo=/echo?x"])
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert "MUST, RFC 9112, 7.1: A body of one chunk is read.\n" in out
    assert r"sends  POST /echo?x HTTP/1.1\r\nHost: a\r\n" in out
    assert "wants  2xx; says hello\n" in out
    assert "came   HTTP/1.1 501 Not Implemented␍␊\n       Content-Type: " in out
    assert "501 instead of 2xx  (step 07 adds it)" in out
    assert "step 06 passes 0 of 1; MUSTs that fail: 1" in out


def test_another_server(capsys: pytest.CaptureFixture[str]):
    """Started for it, or running already: no other step is blamed for what it lacks."""
    server = f'"{sys.executable}" "{STEP.path / "server.py"}" --port {{port}}'
    with pytest.raises(SystemExit) as ended:
        main(["conformance", "07", "--server", server, "--only", "host", "--failed"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert "passes 20 of 20; every MUST is met" in out
    assert not re.search(r" $", out, re.MULTILINE), "in a pipe no line is filled up"
    yes = saying(b"HTTP/1.1 200 x\r\nContent-Length: 0\r\n\r\n")
    with yes as running, pytest.raises(SystemExit) as ended:
        main(["conformance", "06", "--url", running.url, "--only", "host"])
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert "host-missing" in out
    assert "adds it" not in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which step? e.g. python -m course conformance 07"),
        (["07", "--only", "nope"], "no case or topic 'nope'; the topics are: "),
        (["07", "--mine", "--url", "http://localhost:1"], "--mine, --url and --server are three"),
        (["07", "--publish", "--only", "host"], "--publish is for all cases against the reference"),
        (["07", "--role", "x=/"], "there is no role 'x'; the roles are: page, "),
        (["07", "--server", "node x.js"], "The command 'node x.js' needs {port}"),
        (["07", "--url", "ftp://x"], "'ftp://x' is not a server's address"),
    ],
)
def test_what_cannot_be_tried(capsys, arguments: list[str], says: str):
    with pytest.raises(SystemExit) as ended:
        main(["conformance", *arguments])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith(f"course: {says}")
    assert err.count("\n") == 1


def test_roles_are_listed(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["conformance", "--roles"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.findall(r"^(\w+) +/", out, re.MULTILINE) == list(ROLES)


# The page


def test_the_table_in_a_page():
    """A column for each step, a row for each topic, and the same counts in words and as bars."""
    text = expanded("::: scorecard table", HERE)
    for step in all_steps():
        assert f'<th scope="col"><a href="../chapters/{step.name}/"' in text
    for topic in topics():
        assert f'<th scope="row">{topic.title.replace(chr(39), "&#x27;")}</th>' in text
    assert '<td>0/20<span class="bar" style="--part: 0%"' not in text
    assert '<td>5/20<span class="bar" style="--part: 25%" aria-hidden="true"></span></td>' in text
    assert '<td class="whole">20/20<span class="bar" style="--part: 100%"' in text
    assert '<td><span title="needs what this step does not have">-</span></td>' in text


def test_every_case_in_a_page():
    """With its section, and who passes it; and what a step lacks, by the step that adds it."""
    text = expanded("::: scorecard topics", HERE)
    for case in CASES.values():
        where = f"**{case.level}**, RFC {case.rfc.replace(' ', ', section ')}. Passed by "
        assert re.search(rf"{re.escape(where)}[^.]+\. `{re.escape(case.id)}`$", text, re.MULTILINE)
    assert re.search(r" section 3\.2\. Passed by all from 02 on\. `host-missing`", text)
    assert re.search(r" section 9\.1\. Passed by all\. `get`", text)
    missing = expanded("::: scorecard missing", HERE)
    assert "**Step 07, keep alive** passes all" in missing
    assert len(re.findall(r"- 501 instead of 2xx: `one-chunk`, `several-chunks`", missing)) == 1
    assert "- 501 instead of 2xx: the same 14 as in step 02" in missing
    everything = results.published().values()
    for case in CASES.values():
        assert (f"`{case.id}`" in missing) is any(found[case.id] for found in everything)
    assert f"There are {len(CASES)} cases in {len(topics())} topics: " in expanded(
        "::: scorecard count", HERE
    )


def test_a_page_about_other_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A name that is not there, nothing published, or results of other cases stop the build."""
    with pytest.raises(BadDirective, match="no part 'x' of the scorecard; there are: table, "):
        expanded("::: scorecard x", HERE)
    monkeypatch.setattr(page, "published", lambda: results.published(tmp_path))
    with pytest.raises(BadDirective, match="nothing is published: run python -m course conform"):
        expanded("::: scorecard table", HERE)
    results.write(tmp_path / "07.json", results.document("x", [CASES["get"]], {"get": ""}))
    with pytest.raises(BadDirective, match=r"docs/conformance/07\.json is of other cases: run "):
        expanded("::: scorecard table", HERE)


def test_the_learners_server(tmp_path: Path):
    """An answer that is wrong is what is tried; what is not written yet is told."""
    folder = tmp_path / "02_request_parser"
    folder.mkdir()
    text = (find_step("02").path / "framing.py").read_text(encoding="utf-8")
    wrong = text.replace("len(lengths) > 1 or ", "")
    assert wrong != text
    (folder / "framing.py").write_text(wrong, encoding="utf-8")
    arguments = ("conformance", "02", "--mine", "--only", "lengths-that-differ")
    ran = course(*arguments, env={"COURSE_ANSWERS": str(tmp_path)})
    assert ran.code == 1, ran.text
    assert "your step 02 passes 0 of 1; MUSTs that fail: 1" in ran.out
    assert "adds it" not in ran.out
    assert re.search(r"not written yet: the reference stands in$", ran.out, re.MULTILINE)
    assert re.search(r"; the reference stood in for 02\.1, 02\.\d", ran.out)


def test_broken_code_is_no_success(tmp_path: Path):
    """What was tried is the reference's then: the last line and the exit code say so."""
    folder = tmp_path / "02_request_parser"
    folder.mkdir()
    (folder / "framing.py").write_text("def body_length(:\n", encoding="utf-8")
    arguments = ("conformance", "02", "--mine", "--only", "host")
    ran = course(*arguments, env={"COURSE_ANSWERS": str(tmp_path)})
    assert ran.code == 1, ran.text
    assert "framing.py:1: SyntaxError" in ran.out
    last = ran.out.rstrip().splitlines()[-1]
    assert last.startswith("your step 02 passes 20 of 20; every MUST is met")
    assert "; the reference stood in for framing.py (broken), 02.1" in last
