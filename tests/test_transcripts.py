"""Every transcript is recorded anew and compared with the one in the pages; and the recorder."""

import re
import shlex
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from course import tools
from course.pages.directives import found
from course.pages.transcripts import fence, render
from course.steps import ROOT, CourseError
from course.transcripts import __main__ as command
from course.transcripts import recorder, scripts
from course.transcripts.constant import constant
from course.transcripts.curl import plain_curl
from course.transcripts.ports import Ports
from course.transcripts.recorder import being_recorded, difference, recorded
from course.transcripts.scripts import Script, all_scripts, scripts_in
from course.transcripts.session import COMMAND

SCRIPTS = all_scripts()
DOCS = ROOT / "docs"

here = pytest.mark.skipif(
    sys.platform != "linux", reason="transcripts show what a terminal of Linux shows"
)


@pytest.fixture(scope="module")
def clients() -> None:
    """The programs that transcripts are made with."""
    if not tools.has_clients():
        pytest.fail(tools.NO_CLIENTS, pytrace=False)
    if not tools.find_nginx():
        pytest.fail(tools.NO_NGINX, pytrace=False)


@pytest.fixture(scope="module")
def recordings(request: pytest.FixtureRequest, clients: None) -> Iterator[dict[str, Future[str]]]:
    """The recordings that are asked for, made side by side."""
    wanted = [
        item.callspec.params["script"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and "recordings" in item.fixturenames
    ]
    with being_recorded(wanted) as made:
        yield {script.name: future for script, future in made.items()}


@here
@pytest.mark.parametrize("script", SCRIPTS, ids=[one.name for one in SCRIPTS])
def test_a_transcript_is_what_happens_today(
    script: Script, recordings: dict[str, Future[str]]
) -> None:
    diff = difference(script, recordings[script.name].result())
    again = f"python -m course.transcripts {script.name}"
    assert not diff, f"if it is right now, record it with: {again}\n{diff}"


def used() -> dict[str, list[str]]:
    """The pages that show a transcript, by its name."""
    pages: dict[str, list[str]] = {}
    for path in sorted(DOCS.rglob("*.md")):
        for _, _, words in found(path.read_text(encoding="utf-8")):
            name, *rest = words.split()
            if name == "transcript":
                pages.setdefault(rest[0], []).append(path.name)
    return pages


def test_every_transcript_that_a_page_shows_is_there() -> None:
    assert set(used()) <= {script.name for script in SCRIPTS}


def test_every_transcript_is_shown_on_a_page() -> None:
    assert {script.name for script in SCRIPTS} <= set(used())


def test_no_recording_is_left_of_a_transcript_that_is_gone() -> None:
    kept = {path.relative_to(scripts.FOLDER).with_suffix("") for path in recorded_files()}
    assert kept == {Path(script.name) for script in SCRIPTS}


def recorded_files() -> list[Path]:
    return sorted(scripts.FOLDER.glob("*/*.txt"))


def test_a_recording_holds_nothing_of_this_machine() -> None:
    """No real port, no path, no date but those that all recordings have."""
    for path in recorded_files():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"127\.0\.0\.1:(?!80\d\d|5000\d)\d+", text), path
        assert not re.search(r"/tmp/|/home/|/root/", text), path
        assert set(re.findall(r"\d{4} \d\d:\d\d:\d\d GMT", text)) <= {
            "2025 09:00:00 GMT",
            "2025 12:00:00 GMT",
        }, path


def test_commands_in_recordings_are_those_of_their_scripts() -> None:
    """What a reader copies is what was run."""
    for script in SCRIPTS:
        lines = script.recording.read_text(encoding="utf-8").splitlines()
        typed = [line.removeprefix(COMMAND) for line in lines if line.startswith(COMMAND)]
        assert all(shlex.split(one) for one in typed), script.name


# The recorder itself, on transcripts of its own.

OWN = """
[[transcript]]
name = "hello"
title = "A greeting"
server = "python steps/01_echo_server/hello.py"
show_server = true
commands = ["curl -i http://127.0.0.1:8080/"]

[[transcript]]
name = "verbose"
server = "python steps/01_echo_server/hello.py"
commands = ["curl -v http://127.0.0.1:8080/", "curl -v http://127.0.0.1:8080/again"]

[[transcript]]
name = "pieces"
server = "python steps/01_echo_server/server.py"
commands = ["nc -N 127.0.0.1 8080"]
input = ["hello\\n", "<again>\\n"]

[[transcript]]
name = "two-clients"
server = "python steps/01_echo_server/server.py"
steps = [
  {terminal = "first client", run = "nc -v 127.0.0.1 8080", until = "succeeded"},
  {terminal = "second client", run = "nc 127.0.0.1 8080"},
  {type = "hello\\n", until = ""},
  {terminal = "first client", press = "Ctrl-C"},
  {terminal = "second client", wait = "hello"},
  {press = "Ctrl-C"},
]

[[transcript]]
name = "mutant"
mutant = "01_echo_server/send_instead_of_sendall.py"
commands = ["pytest steps/01 --reference -q -k send_may_take"]
cut = [["[100%]", "ends here"], ["ends here", "1 failed"]]

[[transcript]]
name = "blank"
commands = ["pytest steps/01 -q -k greeting"]

[[transcript]]
name = "own-server"
files = ["naive.py"]
folders = ["empty"]
server = "python naive.py"
show_server = true
steps = [
  {run = "printf 'one\\\\r\\\\ntwo' | nc -N 127.0.0.1 8080"},
  {server_says = "Traceback"},
  {server_says = "ZeroDivisionError"},
]
"""

NAIVE = """\
import socket
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[2]))) as listener:
    print("Serving on http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    with connection:
        connection.recv(100)
        1 / 0
"""

EXPECTED = {
    "hello": """\
# first terminal
$ python steps/01_echo_server/hello.py
  Serving on http://127.0.0.1:8080

# second terminal
$ curl -i http://127.0.0.1:8080/
  HTTP/1.1 200 OK
  Content-Type: text/plain; charset=utf-8
  Content-Length: 13
  Connection: close

  Hello, World!
""",
    "verbose": """\
$ curl -v http://127.0.0.1:8080/
  > GET / HTTP/1.1
  > Host: 127.0.0.1:8080
  > User-Agent: curl/8.5.0
  > Accept: */*
  >
  < HTTP/1.1 200 OK
  < Content-Type: text/plain; charset=utf-8
  < Content-Length: 13
  < Connection: close
  <
  Hello, World!
$ curl -v http://127.0.0.1:8080/again
  > GET /again HTTP/1.1
  > Host: 127.0.0.1:8080
  > User-Agent: curl/8.5.0
  > Accept: */*
  >
  < HTTP/1.1 200 OK
  < Content-Type: text/plain; charset=utf-8
  < Content-Length: 13
  < Connection: close
  <
  Hello, World!
""",
    "pieces": """\
$ nc -N 127.0.0.1 8080
> hello
  hello
> <again>
  <again>
""",
    "two-clients": """\
# first client
$ nc -v 127.0.0.1 8080
  Connection to 127.0.0.1 8080 port [tcp/http-alt] succeeded!

# second client
$ nc 127.0.0.1 8080
> hello

# first client
> ^C

# second client
  hello
> ^C
""",
    "mutant": """\
$ pytest steps/01 --reference -q -k send_may_take
  F                                                                        [100%]
  …
  E                ^ ends here, expected 9
  …
  1 failed, 73 deselected in 0.12s
""",
    "own-server": """\
# first terminal
$ python naive.py
  Serving on http://127.0.0.1:8080

# second terminal
$ printf 'one\\r\\ntwo' | nc -N 127.0.0.1 8080

# first terminal
  Traceback (most recent call last):
    File "naive.py", line 9, in <module>
      1 / 0
  ZeroDivisionError: division by zero
""",
}
"""What the recorder has to make of OWN; a name that is missing here is looked at elsewhere."""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with transcripts of its own."""
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "naive.py").write_text(NAIVE)
    (tmp_path / "01.toml").write_text(OWN)
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    monkeypatch.setattr(recorder, "FOLDER", tmp_path)
    return tmp_path


@here
@pytest.mark.usefixtures("clients")
def test_the_recorder(own: Path) -> None:
    with being_recorded(all_scripts()) as recordings:
        made = {one.name.removeprefix("01/"): two.result() for one, two in recordings.items()}
    assert {name: made[name] for name in EXPECTED} == EXPECTED
    assert "wrote steps/01_echo_server/answers/: hello.py" in made["blank"]
    assert "python -m course hint 01.1" in made["blank"]


@here
@pytest.mark.usefixtures("clients")
def test_a_changed_transcript_is_shown_as_a_difference(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["01/pieces"]) == 0
    path = own / "01" / "pieces.txt"
    path.write_text(path.read_text().replace("  hello", "  goodbye"))
    capsys.readouterr()
    assert command.main(["01/pieces", "--check"]) == 1
    shown = capsys.readouterr().out
    assert "changed 01/pieces" in shown
    assert "-  goodbye\n+  hello\n" in shown
    assert path.read_text().count("goodbye") == 1, "--check writes nothing"
    assert command.main(["01/pieces"]) == 0
    assert command.main(["01/pieces", "--check"]) == 0


@here
@pytest.mark.usefixtures("clients")
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('commands = ["rm -r /"]', "'rm' is none of python, pytest"),
        ('commands = ["cat x; wget y"]', "'wget' is none of"),
        ('commands = ["curl -s"]\nmutant = "01_echo_server/none.py"', "there is no mutant"),
        ('server = "python -c 1"\ncommands = ["curl -s"]', "printed no line with 'Serving on"),
        ('commands = ["printf a"]\ncut = [["b", "c"]]', "nothing to cut between"),
        ('steps = [{type = "a"}]', "no program runs in the terminal"),
        ('steps = [{run = "cat"}, {type = "a\\n"}, {server_says = "a"}]', "there is no server"),
        ('steps = [{run = "printf sorry", serves = "8080"}]', "does not serve; it said:\nsorry"),
    ],
)
def test_what_cannot_be_recorded_is_told(own: Path, table: str, words: str) -> None:
    (own / "01.toml").write_text(f'[[transcript]]\nname = "a"\n{table}\n')
    [script] = all_scripts()
    with pytest.raises(CourseError, match=re.escape(words)) as caught:
        recorded(script)
    assert f"transcript {script.name}: " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[transcript", "Expected"),
        ('[[transcript]]\ncommands = ["curl"]', "it has no name"),
        ('[[transcript]]\nname = "a"', "neither `commands` nor `steps`"),
        ('[[transcript]]\nname = "a"\ncomands = ["curl"]', "the field 'comands' is not known"),
        ('[[transcript]]\nname = "a"\ncommands = "curl"', "'commands' cannot be 'curl'"),
        ('[[transcript]]\nname = "a"\nsteps = [{run = "a", x = 1}]', "is no step"),
        ('[[transcript]]\nname = "a"\nsteps = [{press = "Ctrl-X"}]', "is no step"),
        ('[[transcript]]\nname = "a"\nsteps = []\ncommands = ["curl"]', "it has `steps`"),
        (2 * '[[transcript]]\nname = "a"\ncommands = ["curl"]\n', "two transcripts are called"),
    ],
)
def test_a_table_that_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "01.toml"
    path.write_text(text)
    with pytest.raises(CourseError, match=r"^01\.toml: .*" + re.escape(words)):
        scripts_in(path)


def test_names_choose(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(scripts.chosen(["01"])) == len(all_scripts())
    assert [one.name for one in scripts.chosen(["01/hello"])] == ["01/hello"]
    assert command.main(["02"]) == 2
    assert "there is no transcript '02'" in capsys.readouterr().err


CROWD = """\
   1 |................................................##|   0.00   2.01   2.02  200 OK
   2 |.......................                           |   0.01   1.00   1.02  200 OK
   3 |#                                                 |   0.00   0.00   0.01  503 Busy
      . waits"""

CROWD_IN_ORDER = """\
   1 |#                                                 |   0.00   0.00   0.00  503 Busy
   2 |........................#                         |   0.00   1.00   1.00  200 OK
   3 |.................................................#|   0.00   2.00   2.00  200 OK
      . waits"""


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("Date: Sat, 21 Nov 2026 05:47:26 GMT", "Date: Wed, 01 Jan 2025 12:00:00 GMT"),
        ('ETag: "1816a16f7ee41c00-4d"', 'ETag: "18168fc908fe8000-4d"'),
        (
            '{"timestamp": "2026-11-21T05:47:26+00:00"}',
            '{"timestamp": "2025-01-01T12:00:00+00:00"}',
        ),
        ("3 passed in 12.87s", "3 passed in 0.12s"),
        ("===== 3 passed in 1.87s =====", f"{'=' * 30} 3 passed in 0.12s {'=' * 31}"),
        ("('127.0.0.1', 54321)", "('127.0.0.1', 50001)"),
        ("\x1b[1mHTTP/1.1\x1b[0m\x00", "HTTP/1.1\\x00"),
        ("curl: (7) Failed to connect after 13 ms", "curl: (7) Failed to connect after 0 ms"),
        (
            "curl: (28) Operation timed out after 2004 milliseconds with 0 bytes received",
            "curl: (28) Operation timed out after 2000 milliseconds with 0 bytes received",
        ),
        ("hello, after 1.003456 s", "hello, after 1.0 s"),
        ("Server: nginx/1.22.1", "Server: nginx"),
        (
            "[2026-11-21 05:47:26,776] ERROR in app: no",
            "[2025-01-01 12:00:00,000] ERROR in app: no",
        ),
        (
            "✓  drip-head  RFC 9110, 15.5.9  all 150 dropped within 1.4 s; waited 103 ms; +9 MB",
            "✓  drip-head  RFC 9110, 15.5.9  all 150 dropped within 1.2 s; waited 20 ms; +1 MB",
        ),
        (
            "✓  hoarders   RFC 9112, 9.5      all 150 dropped within 2.4 s; waited 7 ms; +9 MB",
            "✓  hoarders   RFC 9112, 9.5      all 150 dropped within 2.2 s; waited 20 ms; +1 MB",
        ),
        (
            "✗  many-bodies  RFC 9110, 15.5.14  it took 327 MB of memory; 320 MB of bodies",
            "✗  many-bodies  RFC 9110, 15.5.14  it took 330 MB of memory; 320 MB of bodies",
        ),
        (
            "✓  ghosts   2,200 ghosts, turned away 4,321 times with 503; no answer within 5 s",
            "✓  ghosts   2,200 ghosts, turned away 5,000 times with 503; no answer within 5 s",
        ),
        ("waited 103 ms; +9 MB", "waited 103 ms; +9 MB"),
        (
            "  0.01 s  /a: 200, 3 bytes\n  1.02 s  /b: 200, 1 bytes",
            "  0.00 s  /a: 200, 3 bytes\n  1.00 s  /b: 200, 1 bytes",
        ),
        (
            "STAT COMMAND\nR    python\nSl+  python\nZ    python <defunct>\nS    sh",
            "STAT COMMAND\nS    python\nS    python\nZ    python\nS    sh",
        ),
        (CROWD, CROWD_IN_ORDER),
        (
            '  File "/usr/lib/python3.12/socket.py", line 99, in f\n    a.b()\n    ~~~^^\n',
            '  File "…/socket.py", line 1, in f\n    a.b()\n',
        ),
        (  # further in, as a log has it
            '    File "/usr/lib/python3.12/socket.py", line 99, in f\n      a.b()\n      ~~~^^\n',
            '    File "…/socket.py", line 1, in f\n      a.b()\n',
        ),
        ('+  File "a.py"\n    1 / 0\n    ^^^\n', '+  File "a.py"\n    1 / 0\n    ^^^\n'),
    ],
)
def test_what_varies_is_made_constant(came: str, shown: str) -> None:
    assert constant(Ports().take(came), Path("/tmp/copy")) == shown


def test_ports_are_put_in_and_taken_out() -> None:
    ports = Ports()
    command = ports.put("nc 127.0.0.1 8080 and 8081, not 18080")
    first, second = ports.real["8080"], ports.real["8081"]
    assert command == f"nc 127.0.0.1 {first} and {second}, not 18080"
    assert first != second and len(first) == len(second) == len("8080")
    said = f"http://127.0.0.1:{first}/ Content-Length: {first} x{first} 127.0.0.1%3A{second}"
    said = ports.take(said)
    assert said == f"http://127.0.0.1:8080/ Content-Length: {first} x{first} 127.0.0.1%3A8081"


def test_curl_does_not_speak_of_itself() -> None:
    came = (
        "*   Trying 1.2.3.4\n> GET /\n< HTTP/1.1 200 OK\n{ [3 bytes data]\nHi* Closing connection\n"
    )
    assert plain_curl("curl -sv http://a/", came) == "> GET /\n< HTTP/1.1 200 OK\nHi\n"
    assert plain_curl("curl -i http://a/", came) == came


def test_the_boundary_of_every_curl_is_the_same() -> None:
    """A newer curl has a longer one, and so a longer body: the boundary is in it three times."""
    command = "curl -F a=b -F 'c=d' http://a/"
    line = '["Content-Length", "{}"], "multipart/form-data; boundary=------------------------{}"'
    older = plain_curl(command, line.format(3358, "a86bed8a7eeb86ea"))
    newer = plain_curl(command, line.format(3376, "a86bed8a7eeb86eaABCDEF"))
    assert older == newer
    assert '"3376"' in older


def test_what_came_in_several_pieces_is_shown_as_one() -> None:
    """Unless the pieces came at different times, or belong to different connections."""
    event = "{} {}  05:00:00.000 +{} s  {} bytes\n    {}␊\n"
    came = [
        event.format("#1", "→", "0.001", 3, "GET"),
        event.format("#1", "←", "0.002", 999, "one"),
        event.format("#1", "←", "0.000", "1", "two"),
        event.format("#1", "←", "2.001", 5, "three"),
        event.format("#2", "←", "0.000", 7, "four"),
    ]
    shown = constant("".join(came), Path("/tmp/copy"))
    assert [line for line in shown.splitlines() if line.startswith("#")] == [
        "#1 →  12:00:00.000 +0.000 s  3 bytes",
        "#1 ←  12:00:00.000 +0.000 s  1,000 bytes",
        "#1 ←  12:00:02.000 +2.000 s  5 bytes",
        "#2 ←  12:00:02.000 +0.000 s  7 bytes",
    ]
    assert "    one␊\n    two␊\n#1" in shown


# In the pages.


def test_a_recording_in_a_page(own: Path) -> None:
    (own / "01" / "hello.txt").write_text(EXPECTED["hello"])
    block = render("01/hello")
    assert block.startswith("``` { .transcript }\n# A greeting\n# first terminal\n$ python")
    html = fence("\n".join(block.splitlines()[1:-1]))
    assert re.findall('<span class="filename">([^<]+)', html) == [
        "A greeting: first terminal",
        "A greeting: second terminal",
    ]
    assert 'data-copy="curl -i http://127.0.0.1:8080/"' in html
    assert "\nContent-Length: 13\n" in html


def test_what_is_typed_is_marked_and_escaped(own: Path) -> None:
    (own / "01" / "pieces.txt").write_text(EXPECTED["pieces"])
    html = fence("\n".join(render("01/pieces").splitlines()[1:-1]))
    assert '<b class="transcript-typed">&lt;again&gt;</b>\n&lt;again&gt;\n' in html
    assert '<span class="filename">In a terminal</span>' in html


def test_control_characters_are_shown_as_in_the_figures() -> None:
    """No font can be counted on to have pictures of them."""
    html = fence("# In a terminal\n$ python -m course send 01\n      a␍␊\n      ␀\n")
    assert 'a<span class="cr">CR</span><span class="lf">LF</span>\n' in html
    assert '<span class="byte">00</span>' in html


def test_a_page_cannot_show_what_is_not_there(own: Path) -> None:
    with pytest.raises(CourseError, match="there is no transcript '01/none'"):
        render("01/none")
    with pytest.raises(CourseError, match="01/hello is not recorded: run python -m course"):
        render("01/hello")
    with pytest.raises(CourseError, match="'01' names a step"):
        render("01")
