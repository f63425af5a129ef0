"""The attacks: each one falls a server that is weak in just that, and a good step stands them."""

import contextlib
import json
import os
import re
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import psutil
import pytest

from course.attack import (
    bodies,
    campaign,
    floods,
    garbage,
    slow,
    smuggling,
    splitting,
    tricks,
)
from course.attack.lax_framing import Garbled, Habits, request_end
from course.attack.messages import get
from course.attack.starting import of_step
from course.attack.talking import talk
from course.attack.verdicts import MEGABYTE, Attack, DoesNotApply, Falls
from course.attack.victim import Abilities, Settings, Unreachable, Victim
from course.cli import main
from course.commands import attack as command
from course.steps import find_step
from tests.command_line import course, running
from tests.wrong_servers import Behaviour, break_off, response, serving, start_python

SECONDS = 30
NAMES = [one.name for one in campaign.ATTACKS]
HASTY = Settings(patience=0.2, idle=0.2, good=1.0, talk=1.0, slack=0.5)
"""A weak server does not become better if it is given more time."""

ALL = Abilities(True, "/echo", get("/large"), True, True, True, True)
"""What the weak servers can do, or would say that they can."""

posix = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")


# Weak servers


CAREFUL = Habits()


class Lax:
    """A server that keeps its connections, and frames requests as its habits have it.

    It has no limits: neither of time nor of size. `lock` makes it serve one at a time.
    """

    def __init__(self, habits: Habits = CAREFUL, *, one_at_a_time: bool = False) -> None:
        self.habits = habits
        self.lock = threading.Lock() if one_at_a_time else contextlib.nullcontext()

    def __call__(self, connection: socket.socket) -> None:
        with self.lock, contextlib.suppress(Garbled, ValueError):
            data = b""
            while True:
                while (end := request_end(data, self.habits)) is None:
                    more = connection.recv(65536)
                    if not more:
                        return
                    data += more
                connection.sendall(self.answer(data[:end].lstrip(b"\r\n")))
                data = data[end:]

    def answer(self, request: bytes) -> bytes:
        """The path's last part, or the empty line for HEAD."""
        words = request.partition(b"\r\n")[0].split()
        if len(words) != 3:
            return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        method, target, _ = words
        body = target.rpartition(b"/")[2] or b"home"
        if target == b"/large":
            body = bytes(16 * MEGABYTE)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        return head if method == b"HEAD" else head + body


def read_to_the_end(connection: socket.socket) -> None:
    """Take all that comes, whatever it is."""
    while connection.recv(65536):
        pass


def is_good(beginning: bytes) -> bool:
    """Whether it looks like a good client's request, or the start of one."""
    return beginning.startswith(b"GET /echo/") and b"-" not in beginning.split(b" ")[1]


def only_to(behave: Behaviour) -> Behaviour:
    """Serve good clients well, and all others like this."""

    def attend(connection: socket.socket) -> None:
        beginning = connection.recv(65536, socket.MSG_PEEK)
        (Lax() if is_good(beginning) else behave)(connection)

    return attend


def resetting(connection: socket.socket) -> None:
    """Break off without a word."""
    connection.recv(100)
    break_off(connection)


def saying(answer: bytes) -> Behaviour:
    """Take what comes in one piece, and say this."""

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        read_to_the_end(connection)

    return behave


def deaf_to_the_end(connection: socket.socket) -> None:
    """A client that ends its side is none of our business."""
    read_to_the_end(connection)
    time.sleep(3)


def answering_backwards(connection: socket.socket) -> None:
    """The second request first."""
    connection.recv(65536)
    connection.sendall(b"".join(response(body) for body in (b"n-1-", b"n-0-")))
    read_to_the_end(connection)


def ending_in_silence(connection: socket.socket) -> None:
    """One answer, that does not say that it is the last, and the end."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nn-0-")
    connection.shutdown(socket.SHUT_WR)
    read_to_the_end(connection)


def reflecting(connection: socket.socket) -> None:
    """Write the decoded path into Location, as somebody did who thought of no line ends."""
    target = connection.recv(65536).split(b" ")[1].decode("latin-1")
    redirect = response(b"", status="303 See Other", more=f"Location: {unquote(target)}\r\n")
    connection.sendall(redirect)


def forgetful(connection: socket.socket) -> None:
    """A mistake for each request that is not plain."""
    request = connection.recv(65536)
    plain = request.startswith(b"GET / ") and not re.search(rb"[\x80-\xff]", request)
    status = "200 OK" if plain else "500 Internal Server Error"
    connection.sendall(response(status=status))


def slow_with_bodies() -> Behaviour:
    """One at a time, and whoever sends a body takes three seconds."""
    lock = threading.Lock()

    def behave(connection: socket.socket) -> None:
        with lock:
            request = connection.recv(65536)
            time.sleep(3 if request.startswith(b"POST") else 0)
            connection.sendall(saying_token(request))

    return behave


def saying_token(request: bytes) -> bytes:
    """The answer of an echo."""
    return response(request.split(b" ")[1].rpartition(b"/")[2])


def one_at_a_time() -> Behaviour:
    return Lax(one_at_a_time=True)


WEAK: list[tuple[Attack, Callable[[], Behaviour], str]] = [
    (slow.drip_head, one_at_a_time, "no answer within 1 s"),
    (slow.drip_head, Lax, "150 of 150 are still there"),
    (slow.drip_body, Lax, "150 of 150 are still there"),
    (slow.drip_chunks, Lax, "150 of 150 are still there"),
    (slow.drip_lines, lambda: only_to(read_to_the_end), "150 of 150 are still there"),
    (slow.hoarders, Lax, "150 of 150 are still there"),
    (slow.ghosts, one_at_a_time, "no answer within 1 s"),
    (slow.half_closed, lambda: only_to(deaf_to_the_end), "60 of 60 that ended their side are kept"),
    (slow.slow_readers, one_at_a_time, "no answer within 1 s"),
    (floods.many_fields, lambda: only_to(read_to_the_end), "it took all of 1,"),
    (floods.endless_field, lambda: only_to(read_to_the_end), "it took all of 1,"),
    (floods.endless_target, lambda: only_to(read_to_the_end), "it took all of 1,"),
    (floods.endless_target, lambda: only_to(saying(response())), "was 200"),
    (floods.many_fields, lambda: only_to(resetting), "no answer came: the server reset"),
    (floods.empty_lines, lambda: only_to(read_to_the_end), "it took all of 1,"),
    (floods.pipelining, lambda: answering_backwards, "answer 1 is not that of request 1"),
    (floods.pipelining, lambda: ending_in_silence, "does not say that it is the last"),
    (floods.pipelining, lambda: resetting, "no answer came"),
    (floods.deaf_pipelining, lambda: only_to(read_to_the_end), "whose answers nobody reads"),
    (bodies.huge_body, lambda: only_to(saying(response())), "0 of them sent: 200"),
    (bodies.huge_body, lambda: only_to(resetting), "no answer and a reset"),
    (bodies.huge_body, lambda: only_to(read_to_the_end), "no answer"),
    (bodies.early_error, lambda: only_to(resetting), "no answer and a reset"),
    (bodies.early_error, lambda: only_to(saying(response())), "at attempt 1"),
    (bodies.chunk_overflow, lambda: only_to(saying(response())), "2^63: 200"),
    (bodies.chunk_overflow, lambda: only_to(resetting), "2^63: no answer"),
    (bodies.endless_chunks, lambda: only_to(read_to_the_end), "it took all of 1,"),
    (bodies.tiny_chunks, slow_with_bodies, "no answer within 1 s"),
    (bodies.tiny_chunks, lambda: only_to(resetting), "the answer was none"),
    (bodies.many_bodies, one_at_a_time, "no answer within 1 s"),
    (splitting.splitting, lambda: reflecting, "were split"),
    (garbage.garbage, lambda: forgetful, "500"),
    (garbage.garbage, lambda: saying(b"what?\r\n"), "of 300 go wrong"),
]
"""For each attack one or several servers that are weak in that, and what is seen."""


@contextmanager
def weak(behave: Behaviour) -> Iterator[Victim]:
    """A victim that is served so, in this process."""
    with serving(behave) as server:
        yield Victim(lambda options: server, HASTY, can=ALL)


@pytest.mark.parametrize(
    ("attack", "make", "seen"), WEAK, ids=[f"{one[0].name}-{at}" for at, one in enumerate(WEAK)]
)
def test_each_attack_falls_the_weak(
    monkeypatch, attack: Attack, make: Callable[[], Behaviour], seen: str
):
    monkeypatch.setattr(floods, "FLOOD_BYTES", MEGABYTE)
    monkeypatch.setattr(slow, "GHOSTS", 60)
    with weak(make()) as victim, pytest.raises((Falls, Unreachable), match=re.escape(seen)):
        attack.act(victim)
        victim.good()


# What an attack leaves behind


LEFT_BEHIND = [
    ("open files or sockets more than before", "kept.append(os.open(os.devnull, 0))"),
    ("threads more than before", "linger()"),
    ("MB of memory", "kept.append(bytearray(b'x') * 2_000_000)"),
    ("an exception that nobody caught: ValueError: that", "complain()"),
    ("a client could not go on", "os._exit(1)"),
]
"""What is seen of a server that does this with each hostile connection."""

MESSY = """\
import os, socket, sys, threading, time, traceback

kept = []
listener = socket.create_server(("127.0.0.1", 0))
print(f"Serving on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)

def linger():
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

def complain():
    try:
        raise ValueError("that")
    except ValueError:
        traceback.print_exc()

while True:
    connection, _ = listener.accept()
    with connection:
        request = connection.recv(65536)
        if not request.startswith(b"GET /echo/") or b"hostile" in request:
            ACTION
        elif request:
            body = request.split(b" ")[1].rpartition(b"/")[2]
            head = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
            connection.sendall(head + body)
"""


def knock(victim: Victim) -> str:
    """40 clients come and go."""
    for _ in range(45):
        with victim.connect() as connection:
            connection.sendall(b"hostile")
            talk(connection, (), 1.0)
    return "45 came"


KNOCK = Attack("knock", "", knock, 64 * MEGABYTE, {})


@pytest.mark.parametrize(("seen", "action"), LEFT_BEHIND, ids=[one[1] for one in LEFT_BEHIND])
def test_what_is_left_behind_counts(monkeypatch, tmp_path: Path, seen: str, action: str):
    """Sockets, threads, memory, tracebacks, and a server that is not there any more."""
    monkeypatch.setattr(campaign, "RECOVER_SECONDS", 0.3)
    source = MESSY.replace("ACTION", action)
    victim = Victim(lambda options: start_python(tmp_path, source), HASTY, can=ALL)
    try:
        found = campaign.finding(victim, KNOCK)
        assert found.verdict == "failed"
        assert seen in found.seen
        assert victim.is_usable(), "the next attack gets a fresh server"
    finally:
        victim.server.stop()


def test_a_tidy_server_stands(tmp_path: Path):
    """The same attack, and nothing is left."""
    source = MESSY.replace("ACTION", "pass")
    victim = Victim(lambda options: start_python(tmp_path, source), HASTY, can=ALL)
    try:
        found = campaign.finding(victim, KNOCK)
        assert (found.verdict, found.seen[:7]) == ("passed", "45 came")
    finally:
        victim.server.stop()


# Smuggling


TRICKS = [
    one
    for make in (
        tricks.cl_te,
        tricks.te_cl,
        tricks.te_te,
        tricks.two_lengths,
        tricks.chunk_sizes,
        tricks.line_ends,
        tricks.unexpected_bodies,
    )
    for one in make("/echo")
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda one: one.name)
def test_each_trick_works_where_two_programs_disagree(trick: tricks.Trick):
    """And only there: with a server that has the proxy's habits nobody is hit."""
    with weak(Lax(trick.falls_for)) as victim:
        assert smuggling.harm(victim, trick).startswith("it got")
    with weak(Lax(trick.proxy)) as victim:
        assert smuggling.harm(victim, trick) == ""


@pytest.mark.parametrize(
    ("attack", "habits"),
    [
        (smuggling.cl_te, Habits()),
        (smuggling.te_cl, Habits(both="length")),
        (smuggling.te_te, Habits(chunked="never")),
        (smuggling.lengths, Habits(which="last")),
        (smuggling.sizes, Habits()),
        (smuggling.lines, Habits(lines="lf")),
        (smuggling.unread_bodies, Habits(without_body=(b"GET",))),
    ],
    ids=lambda one: one.name if isinstance(one, Attack) else "",
)
def test_smuggling_falls_the_lax(attack: Attack, habits: Habits):
    """Each kind of it falls a server with one bad habit."""
    with weak(Lax(habits)) as victim, pytest.raises(Falls, match="hit another client"):
        attack.act(victim)


def test_smuggling_needs_kept_connections():
    with weak(saying(response())) as victim:
        victim.can = Abilities(echoes=True)
        with pytest.raises(DoesNotApply, match="nothing of one request waits for the next"):
            smuggling.cl_te.act(victim)


# The command


def test_07_stands(tmp_path: Path):
    """Every attack, the whole of it; and nothing is left running."""
    mark, out = uuid.uuid4().hex, tmp_path / "card.json"
    run = course("attack", "07", "--json", str(out), env={"MARK": mark})
    found = json.loads(out.read_text(encoding="utf-8"))
    assert {
        one["name"]: one["seen"] for one in found["findings"] if one["verdict"] != "passed"
    } == {}
    assert [one["name"] for one in found["findings"]] == NAMES
    assert run.code == 0
    count = len(NAMES)
    assert run.out.rstrip().splitlines()[-1] == f"07 stands {count} of {count}"
    assert nobody_left(mark)


def test_06_falls():
    """It has no limit for one address, and holds whatever bodies its clients send."""
    run = course("attack", "06", "--only", "ghosts,many-bodies,smuggling-cl-te,huge-body")
    assert run.code == 1
    last = "06 stands 1 of 3; it cannot do: keep-alive, pipelining, chunked bodies, 100-continue"
    assert run.out.rstrip().splitlines()[-1] == last
    assert re.search(r"(FAILED|✗) +ghosts", run.out)
    assert re.search(r"(FAILED|✗) +many-bodies .*; 320 MB of bodies were let in;", run.out)
    assert re.search(r"^[·-]  does not apply, and is not counted$", run.out, re.MULTILINE)


def nobody_left(mark: str) -> bool:
    """Whether all processes that have the mark in their surroundings end within a moment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("MARK") == mark:
                found.append(process)
    _, alive = psutil.wait_procs(found, timeout=SECONDS)
    return not alive


@posix
def test_ctrl_c_leaves_nothing_behind():
    """Neither a server nor its children."""
    mark = uuid.uuid4().hex
    with running("attack", "07", "--model", "fork", env={"MARK": mark}) as attack:
        attack.wait_for(r"drip-head \.\.\.")
        attack.process.send_signal(signal.SIGINT)
        attack.wait_for("Stopped.")
        assert attack.process.wait(SECONDS) == command.INTERRUPTED
    assert nobody_left(mark)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which server? e.g. python -m course attack 07"),
        (
            ["07", "--url", "http://127.0.0.1:1"],
            "attack one server: a step, such as 07, or --server, or --url",
        ),
        (["07", "--only", "goats"], "there is no attack 'goats'; there are: drip-head, "),
        (["04", "--model", "one"], "step 04 has one way of serving"),
        (
            ["--mine", "--url", "http://127.0.0.1:1"],
            "--mine and --model are for the server of a step",
        ),
        (["--url", "http://192.0.2.1"], "on this machine: 192.0.2.1 is not a loopback address"),
        (["--url", "http://[2001:db8::1]:80"], "2001:db8::1 is not a loopback address"),
        (["--url", "http://0.0.0.0:80"], "0.0.0.0 is not a loopback address"),
        (["--url", "nonsense"], "'nonsense' is no address of a server on this machine"),
        (["--server", "python server.py"], "needs {port}"),
    ],
)
def test_what_is_not_attacked(capsys, arguments: list[str], says: str):
    """One line says why; nothing is sent to anybody else."""
    with pytest.raises(SystemExit) as exit:
        main(["attack", *arguments])
    assert exit.value.code == 2
    assert says in capsys.readouterr().err


def test_a_server_that_runs_already(tmp_path: Path, capsys):
    """Attacked by its address; what it takes of the machine is nobody's to see."""
    victim = of_step(find_step("07"), tmp_path, mine=False)
    try:
        with pytest.raises(SystemExit) as exit:
            main(["attack", "--url", victim.server.url, "--only", "huge-body,pipelining"])
    finally:
        victim.server.stop()
    out = capsys.readouterr().out
    assert exit.value.code == 0
    assert f"{victim.server.url} stands 2 of 2" in out
    assert " MB" not in out


def test_the_list_has_a_sentence_for_each(capsys):
    with pytest.raises(SystemExit):
        main(["attack", "--list"])
    out = capsys.readouterr().out
    for one in campaign.ATTACKS:
        assert f"{one.name:<18}{one.title}" in out
        assert one.title.endswith(".")
        assert re.fullmatch(r"(RFC \d{4}, [\d.]+)?", one.section)
    assert len(set(NAMES)) == len(NAMES)


def test_where_the_reference_stands_in(tmp_path: Path):
    """It is told before and after, and broken code is no success, whatever the reference stands."""
    folder = tmp_path / "07_keep_alive"
    folder.mkdir()
    arguments = ("attack", "07", "--mine", "--only", "huge-body")
    ran = course(*arguments, env={"COURSE_ANSWERS": str(tmp_path)})
    assert ran.code == 0, ran.text
    assert "read_chunks (07.5) is not written yet: the reference stands in\n" in ran.out
    assert "Attacking your 07 with tighter limits than it has by default: --read-timeout" in ran.out
    last = "your 07 stands 1 of 1; the reference stood in for 07.1, 07.2, 07.3, 07.4, 07.5"
    assert ran.out.rstrip().splitlines()[-1] == last
    (folder / "chunked.py").write_text("def read_chunks(:\n", encoding="utf-8")
    ran = course(*arguments, env={"COURSE_ANSWERS": str(tmp_path)})
    assert ran.code == 1, ran.text
    assert "chunked.py:1: SyntaxError" in ran.out
    assert "stands 1 of 1; the reference stood in for chunked.py (broken), 07.1" in ran.out


def test_models_with_few_places_say_so():
    """Why they fall; and in a pipe no line ends with white space."""
    ran = course("attack", "07", "--model", "one", "--only", "huge-body")
    assert ran.code == 0, ran.text
    assert "\nThis model serves one client at a time: whoever is slow keeps others" in ran.out
    assert not re.search(r" $", ran.out, re.MULTILINE)


def test_the_learners_server_is_attacked(tmp_path: Path):
    """With --mine the command is the one that `run --mine` has."""
    victim = of_step(find_step("02"), tmp_path, mine=True)
    try:
        assert "course.stage" in victim.server.own.replay  # type: ignore[union-attr]
        assert victim.is_usable()
    finally:
        victim.server.stop()
