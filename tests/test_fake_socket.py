"""The socket module of the page: a kernel's rules without a kernel, and the steps' servers on it.

Where a rule can be asked of the real module, it is: the two must fail alike.
"""

import io
import json
import shutil
import socket as real
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.limits import TimeLimit
from course.pages import bundle
from course.playground import fake_socket
from course.playground.lines import ScriptedLine, VisitOver, Visits
from course.playground.patience import Alarm
from course.steps import all_steps, find_step

RUN_SECONDS = 60
FIRST = 1


class Log:
    """What was told of a connection."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, bytes]] = []

    def __call__(self, happening: str, number: int, data: bytes) -> None:
        self.told.append((happening, number, data))

    def sent(self) -> bytes:
        return b"".join(data for happening, _, data in self.told if happening == "sent")

    def happenings(self) -> list[str]:
        return [happening for happening, _, _ in self.told]


class Visit:
    """A listener with one client, whose pieces are known ahead."""

    def __init__(self, *pieces: bytes, ends: bool = False) -> None:
        self.log = Log()
        self.line = ScriptedLine(FIRST, self.log, pieces, ends)

    def __enter__(self) -> fake_socket.socket:
        self._plugged = fake_socket.plug_in(Visits([self.line]))
        self._plugged.__enter__()
        with fake_socket.create_server(("127.0.0.1", 8080)) as listener:
            self.connection, self.address = listener.accept()
        return self.connection

    def __exit__(self, *error: object) -> None:
        self._plugged.__exit__(*error)


def test_one_recv_brings_one_piece_at_most():
    with Visit(b"abc", b"defgh", ends=True) as connection:
        assert [connection.recv(4) for _ in range(5)] == [b"abc", b"defg", b"h", b"", b""]


def test_empty_pieces_are_no_end_of_the_stream():
    with Visit(b"", b"a", b"", ends=True) as connection:
        assert [connection.recv(4), connection.recv(4)] == [b"a", b""]


def test_recv_into():
    buffer = bytearray(5)
    with Visit(b"abc") as connection:
        assert connection.recv_into(buffer) == 3
    assert buffer == b"abc\0\0"


def test_silence_ends_in_a_timeout():
    with Visit(b"a") as connection:
        connection.settimeout(3)
        connection.recv(1)
        with pytest.raises(TimeoutError, match="timed out"):
            connection.recv(1)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)


def test_a_server_that_waits_for_ever_is_ended():
    with Visit(b"a") as connection:
        connection.recv(1)
        with pytest.raises(VisitOver, match="for ever"):
            connection.recv(1)


def test_send_takes_a_part_and_sendall_takes_all():
    data = bytes(range(100))
    visit = Visit()
    with visit as connection:
        taken = connection.send(data)
        assert 0 < taken < len(data)
        connection.sendall(memoryview(data)[taken:])
    assert visit.log.sent() == data


def test_close_with_bytes_unread_is_a_reset():
    for count, end in ((1, "reset"), (3, "reset"), (6, "closed")):
        visit = Visit(b"abc", b"def")
        with visit as connection, connection:
            for _ in range(0, count, 3):
                connection.recv(count)
        assert visit.log.happenings()[-1] == end, count


def test_shutdown_tells_the_client_once():
    visit = Visit()
    with visit as connection:
        connection.shutdown(fake_socket.SHUT_WR)
        connection.shutdown(fake_socket.SHUT_RDWR)
        with pytest.raises(BrokenPipeError):
            connection.sendall(b"late")
    assert visit.log.happenings() == ["accepted", "finished"]


def test_a_client_that_has_gone():
    class Gone(ScriptedLine):
        def there(self) -> bool:
            return False

    log = Log()
    with fake_socket.plug_in(Visits([Gone(FIRST, log, [], True)])):
        with fake_socket.create_server(("", 0)) as listener:
            connection, _ = listener.accept()
        with pytest.raises(ConnectionResetError):
            connection.sendall(b"hello")


def test_a_listener_times_out_too():
    silent = ScriptedLine(FIRST, Log(), [], False)
    network = Visits([silent, ScriptedLine(2, Log(), [], False)])
    with fake_socket.plug_in(network), fake_socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        connection, _ = listener.accept()
        before = network.clock()
        with pytest.raises(TimeoutError):
            listener.accept()
        assert 0.5 <= network.clock() - before < 0.6
        connection.close()
        listener.accept()


def twice_the_port(module):
    with module.create_server(("127.0.0.1", 0)) as first:
        module.create_server(first.getsockname())


def accept_without_listening(module):
    with module.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.accept()


def recv_without_a_client(module):
    with module.socket() as one:
        one.recv(1)


def after_close(name, *arguments):
    def call(module):
        one = module.socket()
        one.close()
        one.close()
        assert one.fileno() == -1
        getattr(one, name)(*arguments)

    call.__name__ = f"{name}_after_close"
    return call


def strange_address(module):
    module.create_server(("192.0.2.1", 0)).close()


def negative_timeout(module):
    with module.socket() as one:
        one.settimeout(-1)


MISUSES = [
    twice_the_port,
    accept_without_listening,
    recv_without_a_client,
    strange_address,
    negative_timeout,
    *(
        after_close(*call)
        for call in (("recv", 1), ("accept",), ("listen",), ("sendall", b"x"), ("getsockname",))
    ),
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other errors for some of these")
@pytest.mark.parametrize("misuse", MISUSES, ids=lambda one: one.__name__)
def test_it_fails_as_the_real_module_does(misuse):
    errors = []
    for module in (real, fake_socket):
        with fake_socket.plug_in(Visits()), pytest.raises((OSError, ValueError)) as caught:
            misuse(module)
        errors.append((type(caught.value), getattr(caught.value, "errno", None)))
    assert errors[0] == errors[1]


@pytest.mark.parametrize("place", [("127.0.0.1", 8080), ("localhost", 0), ("", 0)])
def test_where_it_listens(place):
    with fake_socket.create_server(place) as listener:
        host, port = listener.getsockname()
    assert port == place[1] or (place[1] == 0 and port > 1024)
    assert host == (place[0] or "0.0.0.0")


def test_constants_are_there_and_what_opens_sockets_is_not():
    assert fake_socket.AF_INET6 == real.AF_INET6
    assert fake_socket.SO_KEEPALIVE == real.SO_KEEPALIVE
    assert fake_socket.timeout is TimeoutError
    for name in ("gethostbyname", "fromfd", "no_such_thing"):
        assert not hasattr(fake_socket, name)
    with pytest.raises(ConnectionRefusedError):
        fake_socket.create_connection(("127.0.0.1", 8080))


def test_the_alarm_rings_when_its_time_is_up_and_again():
    now = 0.0
    alarm = Alarm(2, clock=lambda: now)
    alarm()
    now = 2.1
    with pytest.raises(TimeLimit, match="after 2 seconds"):
        alarm()
    alarm()
    now = 3
    with pytest.raises(TimeLimit):
        alarm()


# The steps' own servers, in a process of their own: from the archives that the page gets.

DRIVER = """
import json, sys
from course.playground.lines import ScriptedLine, Visits
from course.playground.serving import Program

step, script, edits, visits, options = json.load(sys.stdin)
together = options.pop("together", False)
told = []

def tell(happening, number, data):
    told.append([happening, number, data.decode("latin-1")])

lines = [
    ScriptedLine(number, tell, [piece.encode("latin-1") for piece in pieces], ends)
    for number, (pieces, ends) in enumerate(visits, 1)
]
program = Program(step, script, edits, **options)
well = program.run(Visits(lines, together=together))
print(json.dumps([well, told, program.command]))
"""


class Page:
    """What the page's worker has in its file system, here in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        archives = [bundle.course_files(), *map(bundle.step_files, all_steps())]
        for files in archives:
            with zipfile.ZipFile(io.BytesIO(bundle.packed(files))) as archive:
                archive.extractall(folder)

    def python(self, code: str, given: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            input=json.dumps(given),
            capture_output=True,
            encoding="utf-8",
            env=None,
            timeout=RUN_SECONDS,
        )

    def serve(self, step, script, *visits, edits=None, **options):
        """The server's answers to the visits, each of them (pieces, whether the client ends)."""
        done = self.python(DRIVER, [step, script, edits or {}, visits, options])
        assert done.returncode == 0, done.stderr
        *self.printed, last = done.stdout.splitlines()
        self.well, self.told, self.command = json.loads(last)
        self.stderr = done.stderr
        return [self.sent(number) for number in range(1, len(visits) + 1)]

    def sent(self, number):
        return "".join(text for what, one, text in self.told if (what, one) == ("sent", number))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(tmp_path_factory.mktemp("page"))


def get(path: str, *fields: str) -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1:8080", *fields, "", ""])


def undated(response: str) -> list[str]:
    return [line for line in response.split("\r\n") if not line.startswith("Date:")]


def test_step_01_echoes(page):
    text = "hello, " * 50
    visits = ([["a", text, "z"], True], [["\xff\0"], True], [[], True])
    assert page.serve("01", "server.py", *visits) == [f"a{text}z", "\xff\0", ""]
    assert page.printed == ["Serving on http://127.0.0.1:8080"]
    assert page.well
    assert page.command == "python server.py --port 8080"


def test_step_01_says_hello_to_a_head_in_pieces(page):
    whole = get("/")
    for pieces in ([whole], list(whole), [whole[:7], whole[7:]]):
        [answer] = page.serve("01", "hello.py", [pieces, False])
        assert answer.endswith("\r\n\r\nHello, World!")


def test_step_01_with_send_for_sendall_loses_bytes(page):
    text = (find_step("01").path / "server.py").read_text(encoding="utf-8")
    edits = {"server.py": text.replace("connection.sendall(", "connection.send(")}
    [answer] = page.serve("01", "server.py", [["hello, " * 50], True], edits=edits)
    assert answer == ("hello, " * 50)[: fake_socket.SEND_BYTES]


@pytest.mark.parametrize("step", ["02", "03", "04"])
def test_steps_answer_byte_by_byte_and_whole(page, step):
    request = get("/user-agent", "User-Agent: me", "Accept: application/json")
    whole, pieces = page.serve(step, "server.py", [[request], False], [list(request), False])
    assert "200 OK" in whole
    assert "me" in whole
    without_date = [
        [line for line in one.split("\r\n") if "Date" not in line] for one in (whole, pieces)
    ]
    assert without_date[0] == without_date[1]
    assert "Traceback" not in page.stderr


def test_step_02_times_out_a_half_request(page):
    half, nothing = page.serve("02", "server.py", [["GET / HT"], False], [[], False])
    assert half.startswith("HTTP/1.1 408 ")
    assert nothing == ""


def test_step_03_keeps_notes_between_connections(page):
    body = '{"text": "tea"}'
    post = (
        "POST /api/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    made, listed = page.serve(
        "03", "server.py", [[post, body], False], [[get("/api/notes")], False]
    )
    assert made.startswith("HTTP/1.1 201 ")
    assert "tea" in listed


def test_step_04_serves_lists_and_takes_files(page):
    post = "POST /files/new.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    style, listed, taken, back = page.serve(
        "04",
        "server.py",
        *([[one], False] for one in (get("/static/style.css"), get("/static/pictures/"), post)),
        [[get("/static/new.txt")], False],
    )
    assert "Content-Type: text/css" in style
    assert "envelope.png" in listed
    assert taken.startswith("HTTP/1.1 201 ")
    assert back.endswith("abc")
    assert page.command == "python server.py --port 8080 --directory shared"


def test_step_04_shows_an_edited_page(page):
    edits = {"public/demo.html": "<!doctype html><p>mine"}
    [answer] = page.serve("04", "server.py", [[get("/static/demo.html")], False], edits=edits)
    assert answer.endswith("<p>mine")


def test_a_traceback_shows_the_learners_line(page):
    text = (find_step("01").path / "hello.py").read_text(encoding="utf-8")
    edits = {"hello.py": text.replace("content = text.encode()", "content = texd.encode()")}
    assert page.serve("01", "hello.py", [[get("/")], False], edits=edits) == [""]
    assert "content = texd.encode()" in page.stderr
    assert "answers/hello.py" in page.stderr.replace("\\", "/")


def test_code_that_does_not_compile_says_where(page):
    assert page.serve("01", "hello.py", [[get("/")], False], edits={"hello.py": "def (:\n"}) == [""]
    assert not page.well
    assert "hello.py:1 SyntaxError" in page.stderr
    assert (
        "course" not in page.stderr.replace("\\", "/").split("SyntaxError")[0].split("/steps/")[-1]
    )


def test_a_blank_exercise_is_stood_in_for(page):
    text = bundle.shown(find_step("01"))["exercises"][0]["starter"]
    [answer] = page.serve("01", "hello.py", [[get("/")], False], edits={"hello.py": text})
    assert answer.endswith("Hello, World!")
    assert page.printed[0] == "01.1 is not written yet: the reference stands in for greeting"


def test_somebodys_answers_stay(page):
    answers = find_step("02").path.name
    own = page.folder / "steps" / answers / "answers"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    (own / "request.py").write_text("# mine")
    done = page.python(DRIVER, ["02", "server.py", {}, [], {}])
    assert done.returncode == 1
    assert "somebody's own" in done.stderr
    assert (own / "request.py").read_text() == "# mine"
    shutil.rmtree(own)


CHECKER = """
import json, sys
from course.playground import patience
patience.install()
from course.playground import checking
step, edits, only = json.load(sys.stdin)
print(json.dumps(checking.run(step, edits, only)))
"""


def check(page, step, edits=None, only=""):
    done = page.python(CHECKER, [step, edits or {}, only])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stdout


def test_checks_without_a_machine(page):
    counts, text = check(page, "01")
    assert counts["failed"] == counts["waiting"] == counts["status"] == 0
    assert counts["passed"] > 30
    assert counts["machine"] > 20
    assert "01.1 A response by hand" in text


def test_a_wrong_edit_fails_with_the_courses_report(page):
    text = (find_step("01").path / "hello.py").read_text(encoding="utf-8")
    edits = {"hello.py": text.replace("Connection: close", "Connection: open")}
    counts, text = check(page, "01", edits, "01.1")
    assert counts["failed"] > 0
    assert "look  hello.py:" in text
    assert "python -m course" not in text.partition("look  ")[2]  # there is no terminal in a page


def test_an_exercise_that_is_not_written_waits(page):
    starter = bundle.shown(find_step("01"))["exercises"][0]["starter"]
    counts, text = check(page, "01", {"hello.py": starter}, "01.1")
    assert (counts["passed"], counts["failed"]) == (0, 0)
    assert counts["waiting"] > 3
    assert "not written yet" in text


def test_the_bundle_is_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        bundle.write_bundle(tmp_path / name)
    names = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(names) == 2 + 2 * len(all_steps())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_bundles_starters_are_the_courses(page):
    """The same functions are blank as in the file that a first run of the checks writes."""
    from course import answers

    for step in all_steps():
        exercises = bundle.shown(step)["exercises"]
        for exercise, one in zip(step.exercises, exercises, strict=True):
            whole = answers.starter(step, exercise.answer)
            assert f'raise NotImplementedError("exercise {exercise.id}")' in one["starter"]
            alone = [e for e in step.exercises if e.answer == exercise.answer]
            if len(alone) == 1:
                assert one["starter"] == whole
