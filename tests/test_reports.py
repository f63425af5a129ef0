"""The reports of typical failures, whole, as `tests/reports/*.txt` has them.

    UPDATE_REPORTS=1 pytest tests/test_reports.py

writes them anew; `git diff` then shows what a change to the reports looks like to a learner.
"""

import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from wrong_servers import (
    Behaviour,
    answering,
    break_off,
    each,
    python,
    read_head,
    response,
    say_goodbye,
    serving,
    start_python,
    wait,
)

from course import replay, wire
from course.replay import Replay
from course.servers import RunningServer, free_port, start, start_foreign
from course.wire import CheckFailure, Server

REPORTS = Path(__file__).parent / "reports"

GET = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"

QUICKLY = 0.5
"""Seconds until a server hangs, for these tests."""

Failing = Callable[[Path], None]

FAILING: dict[str, Failing] = {}


def report(function: Failing) -> Failing:
    """Register a function that fails; its name is the report's."""
    FAILING[function.__name__] = function
    return function


def ask(behave: Behaviour, request: bytes = GET, **expected: object) -> None:
    """Ask a wrong server, as the checks of step 02 do."""
    with serving(behave) as running:
        server = Server(running, Replay("02", mine=True), deadline=QUICKLY)
        server.ask(request).expect(**expected)  # type: ignore[arg-type]


def ask_process(running: RunningServer, request: bytes = GET) -> None:
    """Ask a server that runs in a process of its own."""
    try:
        Server(running, Replay("02", mine=True), deadline=QUICKLY).ask(request)
    finally:
        running.stop()


@report
def server_not_started(tmp_path: Path) -> None:
    start_python(tmp_path, "def main():\n    listn()\n\nmain()\n", "--port", "0")


@report
def server_does_not_compile(tmp_path: Path) -> None:
    start_python(tmp_path, "def main()\n    pass\n")


@report
def listening_on_another_port(tmp_path: Path) -> None:
    source = each(["pass"]).replace("{listener.getsockname()[1]}", str(free_port()))
    ask_process(start_python(tmp_path, source))


@report
def never_says_where(tmp_path: Path) -> None:
    source = each(["pass"]).replace(", flush=True", "")
    start(python(tmp_path, source), deadline=QUICKLY)


@report
def foreign_server_on_another_port(tmp_path: Path) -> None:
    words = python(tmp_path, each(["pass"]), "{port}")
    start_foreign(" ".join(f'"{word}"' for word in words), deadline=2 * QUICKLY)


@report
def command_not_found(tmp_path: Path) -> None:
    start_foreign("no-such-command --port {port}")


@report
def died_before_answering(tmp_path: Path) -> None:
    source = each(["connection.recv(1)", "raise ValueError('no such method')"])
    ask_process(start_python(tmp_path, source))


@report
def died_between_two_checks(tmp_path: Path) -> None:
    source = each(["connection.sendall(b'HTTP/1.1 200 OK')", "connection.recv(1)", "sys.exit(3)"])
    running = start_python(tmp_path, source)
    with pytest.raises(CheckFailure):
        Server(running, deadline=QUICKLY).ask(GET)
    running.process.wait(5)
    ask_process(running)


@report
def traceback_on_the_server(tmp_path: Path) -> None:
    body = ["import traceback", "try:", "    int(connection.recv(3))", "except ValueError:"]
    ask_process(start_python(tmp_path, each([*body, "    traceback.print_exc()"])))


@report
def no_framing(tmp_path: Path) -> None:
    ask(answering(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, World!"))


@report
def content_length_too_small(tmp_path: Path) -> None:
    ask(answering(response("Grüße, World!".encode(), length=13)))


@report
def content_length_too_large(tmp_path: Path) -> None:
    ask(answering(response(b"Hello, World!", length=20)))


@report
def content_length_too_large_and_open(tmp_path: Path) -> None:
    ask(answering(response(b"Hello, World!", length=20), then=wait))


@report
def framing_misspelt(tmp_path: Path) -> None:
    ask(answering(response().replace(b"Content-Length", b"Content-Lenght")))


@report
def field_misspelt(tmp_path: Path) -> None:
    behave = answering(response(status="405 Method Not Allowed", more="Alow: GET, HEAD\r\n"))
    ask(behave, status=405, fields={"Allow": "GET, HEAD"})


@report
def field_missing(tmp_path: Path) -> None:
    behave = answering(response(status="405 Method Not Allowed"))
    ask(behave, status=405, fields={"Allow": "GET, HEAD"})


@report
def field_value_wrong(tmp_path: Path) -> None:
    behave = answering(response(more="Content-Type: text/plain; charset=utf-8\r\n"))
    ask(behave, fields={"Content-Type": "text/html; charset=utf-8"})


@report
def field_must_be_absent(tmp_path: Path) -> None:
    ask(answering(response(more="X-Injected: yes\r\n")), fields={"x-injected": None})


@report
def closed_too_early(tmp_path: Path) -> None:
    ask(answering(b"HTTP/1.1 200 OK\r\nContent-Le"))


@report
def closed_before_answering(tmp_path: Path) -> None:
    ask(answering())


@report
def hangs(tmp_path: Path) -> None:
    ask(wait)


@report
def reset_before_the_whole_response(tmp_path: Path) -> None:
    def behave(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(response(b"x" * 100)[:-90])
        connection.settimeout(QUICKLY / 3)  # the client has time to read what came
        with suppress(TimeoutError):
            connection.recv(1)
        break_off(connection)

    ask(behave)


@report
def wrong_status(tmp_path: Path) -> None:
    ask(answering(response()), GET.replace(b"Host: ", b"Host : "), status=400)


@report
def right_status_but_wrong_body(tmp_path: Path) -> None:
    ask(answering(response(b"Hello,\nworld!\n")), status=200, body=b"Hello,\nWorld!\n")


@report
def body_ends_too_early(tmp_path: Path) -> None:
    ask(answering(response(b"Hello")), body="Hello, World!")


@report
def long_body_differs_in_the_middle(tmp_path: Path) -> None:
    lines = [f"line {number}: {number**3}" for number in range(1000)]
    right = "\n".join(lines)
    lines[500] = lines[500].replace(":", ";")
    ask(answering(response("\n".join(lines).encode())), body=right)


@report
def json_differs(tmp_path: Path) -> None:
    body = b'{"notes": [{"id": 1, "text": "buy milk"}, {"id": "2", "text": ""}]}'
    notes = [{"id": 1, "text": "buy milk"}, {"id": 2, "text": ""}]
    ask(answering(response(body)), json={"notes": notes})


@report
def not_json(tmp_path: Path) -> None:
    ask(answering(response(b"{'id': 1}")), json={"id": 1})


@report
def bare_line_feeds(tmp_path: Path) -> None:
    ask(answering(response().replace(b"\r\n", b"\n")))


@report
def not_http(tmp_path: Path) -> None:
    ask(answering(b"Hello, World!"))


@report
def space_before_the_colon(tmp_path: Path) -> None:
    ask(answering(response().replace(b"Length:", b"Length :")))


@report
def only_byte_by_byte(tmp_path: Path) -> None:
    def one_recv(connection: socket.socket) -> None:
        status = "200 OK" if connection.recv(4096).endswith(b"\r\n\r\n") else "400 Bad Request"
        connection.sendall(response(status=status))
        say_goodbye(connection)

    ask(one_recv, status=200)


@report
def only_with_bytes_behind(tmp_path: Path) -> None:
    def all_that_came(connection: socket.socket) -> None:
        connection.sendall(response(read_head(connection).partition(b"\r\n\r\n")[2]))
        say_goodbye(connection)

    ask(all_that_came, body=b"")


@report
def body_of_a_head_response(tmp_path: Path) -> None:
    ask(answering(response()), GET.replace(b"GET", b"HEAD"), status=200)


@report
def two_content_lengths(tmp_path: Path) -> None:
    ask(answering(response(more="Content-Length: 6\r\n")))


@report
def says_close_and_stays(tmp_path: Path) -> None:
    ask(answering(response(), then=wait))


@report
def conversation(tmp_path: Path) -> None:
    def upper(connection: socket.socket) -> None:
        while data := connection.recv(4096):
            connection.sendall(data.upper())

    with serving(upper) as running, Server(running, Replay("01", mine=True)).connect() as wire:
        wire.send(b"HELLO\r\n")
        wire.expect_bytes(b"HELLO\r\n")
        wire.send(b"It's 5 o'clock\n", drip=True)
        wire.expect_bytes(b"It's 5 o'clock\n", note="An echo changes no byte.")


@report
def server_that_was_attached_to(tmp_path: Path) -> None:
    with serving(answering(response())) as running:
        Server(running).ask(GET).expect(status=404)


@report
def foreign_server(tmp_path: Path) -> None:
    with serving(answering(response())) as running:
        Server(running, Replay(command="node server.mjs {port}")).ask(GET).expect(status=404)


def normalised(text: str, folder: Path) -> str:
    """The report without what differs from run to run, and from one Python to another."""
    text = text.replace(str(folder), "FOLDER").replace("FOLDER\\", "FOLDER/")
    text = re.sub(r"(127\.0\.0\.1:|port |server\.py )\d+", r"\1PORT", text)
    before, label, output = text.partition("  the server's output\n")
    return before + label + re.sub(r"(?m)^ +[~^][~^ ]*\n", "", output) + "\n"


def portable(text: str) -> str:
    """The report as it is where the system does not tell on which ports a process listens."""
    if Path("/proc/net/tcp").exists():
        return text
    text = re.sub(r"\n  what that means\n      It listens on port PORT, .*\n", "", text)
    return re.sub(r"; it listens on port PORT( instead)?", "", text)


def failure_of(failing: Failing, folder: Path) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        failing(folder)
    return caught.value


@pytest.mark.parametrize("name", FAILING)
def test_report(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "QUOTE", "'")
    monkeypatch.setattr(wire, "DYING_SECONDS", 1.0)  # the machine may be busy
    text = normalised(failure_of(FAILING[name], tmp_path).report(encoding="utf-8"), tmp_path)
    path = REPORTS / f"{name}.txt"
    if os.environ.get("UPDATE_REPORTS"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == portable(path.read_text(encoding="utf-8"))


def test_every_report_is_tested() -> None:
    assert {path.stem for path in REPORTS.glob("*.txt")} == set(FAILING)
