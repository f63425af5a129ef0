"""What stands in for socket, selectors and signal in the page, and the steps' servers on it.

A kernel's rules without a kernel. Where a rule can be asked of the real modules, it is: both must
do, and fail, alike.
"""

import io
import json
import re
import select
import selectors
import shutil
import signal
import socket as real
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from course.limits import TimeLimit
from course.pages import bundle
from course.playground import fake_select, fake_selectors, fake_signal, fake_socket, patience
from course.playground.lines import Network, ScriptedLine, VisitOver, Visits
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other numbers for sockets")
@pytest.mark.parametrize("module", [real, fake_socket], ids=["real", "fake"])
def test_a_descriptor_that_is_given_away(module):
    """Whoever makes a socket of it goes on with the connection, and alone closes it."""

    class Counted(module.socket):
        closed = 0

        def close(self):
            super().close()
            self.closed += 1

    ours, theirs = module.socketpair()
    theirs.send(b"before")
    number = ours.detach()
    assert (ours.fileno(), ours.detach()) == (-1, -1)
    ours.close()
    with module.socket() as another:
        assert another.fileno() != number, "it is not free"
    with Counted(ours.family, ours.type, ours.proto, fileno=number) as taken:
        assert taken.fileno() == number
        assert taken.recv(10) == b"before"
        taken.sendall(b"after")
    assert theirs.recv(10) == b"after"
    assert theirs.recv(10) == b""
    assert (taken.fileno(), taken.closed) == (-1, 1)
    theirs.close()
    with pytest.raises(OSError, match=r"\[Errno 9\]|Bad file"):
        module.socket(fileno=number)


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
    with pytest.raises(VisitOver, match="for ever"), fake_socket.plug_in(Network()):
        fake_socket.socketpair()[0].recv(1)


# Several sockets at once. Each case is what happens with a pair of sockets and a selector.

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Desk:
    """A pair of sockets, of a module, and a selector of the module that goes with it."""

    def __init__(self, sockets, waiting):
        self.sockets, self.waiting = sockets, waiting
        self.selector = waiting.DefaultSelector()
        self.one, self.other = sockets.socketpair()
        for end in (self.one, self.other):
            end.setblocking(False)
        self.told = []

    def watch(self, events=READ, data="it"):
        self.selector.register(self.one, events, data)

    def look(self, seconds=0.0):
        """What the selector tells now."""
        ready = self.selector.select(seconds)
        self.told.append([(key.data, key.fileobj is self.one, events) for key, events in ready])

    def tried(self, call, *arguments):
        """What comes of it: what it gives, or the kind of error."""
        try:
            self.told.append(call(*arguments))
        except (OSError, ValueError, KeyError) as error:
            self.told.append(type(error))

    def close(self):
        self.selector.close()
        self.one.close()
        self.other.close()


def ready_again_until_it_is_read(desk):
    desk.watch()
    desk.look()
    desk.other.send(b"abc")
    desk.look(5)
    desk.look()
    desk.tried(desk.one.recv, 2)
    desk.look()
    desk.tried(desk.one.recv, 2)
    desk.look()
    desk.tried(desk.one.recv, 2)


def a_new_one_can_be_written(desk):
    desk.watch(WRITE)
    desk.look()
    desk.look()


def both_at_once(desk):
    desk.watch(READ | WRITE)
    desk.other.send(b"a")
    desk.look(5)
    desk.look()


def full_and_empty_again(desk):
    desk.watch(WRITE)
    sent = 0
    with pytest.raises(BlockingIOError):
        while True:
            sent += desk.one.send(bytes(1000))
    desk.look()
    while sent:
        sent -= len(desk.other.recv(100_000))
    desk.look(5)


def sendall_that_may_not_wait(desk):
    desk.tried(desk.one.sendall, bytes(10_000_000))
    desk.tried(desk.one.sendall, b"")


def the_other_end_is_closed(desk):
    desk.watch(READ | WRITE)
    desk.other.close()
    desk.look(5)
    desk.tried(desk.one.recv, 10)
    desk.tried(desk.one.send, b"a")


def the_other_end_is_shut_down(desk):
    desk.watch()
    desk.other.send(b"last words")
    desk.other.shutdown(desk.sockets.SHUT_WR)
    desk.look(5)
    desk.tried(desk.one.recv, 100)
    desk.look(5)
    desk.tried(desk.one.recv, 100)
    desk.tried(desk.one.send, b"still")
    desk.tried(desk.other.recv, 100)
    desk.tried(desk.other.send, b"late")


def what_is_registered(desk):
    desk.tried(desk.selector.get_key, desk.one)
    desk.watch(READ, "first")
    desk.tried(lambda: desk.selector.get_key(desk.one).data)
    desk.tried(lambda: (len(desk.selector.get_map()), desk.one in desk.selector.get_map()))
    desk.tried(lambda: desk.selector.get_map()[desk.one].events)
    desk.tried(desk.watch)
    desk.tried(lambda: desk.selector.modify(desk.one, WRITE, "second").data)
    desk.look()
    desk.tried(lambda: desk.selector.unregister(desk.one).data)
    desk.tried(desk.selector.unregister, desk.one)
    desk.tried(desk.selector.modify, desk.one, READ)
    desk.look()
    desk.selector.close()
    desk.tried(lambda: desk.selector.get_map())


def what_cannot_be_registered(desk):
    for events in (0, 8):
        desk.tried(desk.watch, events)
    desk.one.close()
    desk.tried(desk.watch)
    desk.tried(desk.selector.register, "no socket", READ)


def closed_and_forgotten(desk):
    desk.watch(READ | WRITE)
    desk.one.close()
    desk.look(0.01)
    desk.tried(lambda: desk.selector.unregister(desk.one).data)
    desk.tried(lambda: len(desk.selector.get_map()))


def something_with_a_descriptor(desk):
    class Stop:
        fileno = desk.one.fileno

    desk.selector.register(Stop(), READ, "stop")
    desk.other.send(b"x")
    desk.tried(lambda: [key.data for key, _ in desk.selector.select(5)])
    desk.tried(lambda: [key.fd for key, _ in desk.selector.select()] == [desk.one.fileno()])


def the_other_end_is_closed_with_bytes_unread(desk):
    desk.watch()
    desk.one.send(b"never read")
    desk.other.close()
    desk.look(5)
    desk.tried(desk.one.recv, 10)
    desk.tried(desk.one.recv, 10)


def read_as_a_file(desk):
    desk.other.send(b"one\r\ntwo")
    desk.other.close()
    with desk.one.makefile("rb") as file:
        desk.one.close()
        desk.tried(file.readline)
        desk.tried(file.read)
    desk.tried(desk.one.fileno)


def connected(desk):
    """The pair is one of TCP, over a listener of this program."""
    with desk.sockets.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        desk.selector.register(listener, READ, "listener")
        desk.look()
        client = desk.sockets.create_connection(address, 5)
        desk.look(5)
        connection, name = listener.accept()
        with client, connection:
            desk.look()
            desk.tried(lambda: name == client.getsockname() == connection.getpeername())
            desk.tried(lambda: client.getpeername() == address)
            client.sendall(b"hello")
            desk.tried(connection.recv, 10)
            connection.sendall(b"hi")
            connection.shutdown(desk.sockets.SHUT_WR)
            desk.tried(lambda: client.makefile("rb").read())
    desk.tried(desk.sockets.create_connection, address, 5)


def nothing_in_time(desk):
    desk.watch()
    desk.look(0.01)
    desk.look(-1)
    desk.one.settimeout(0.01)
    desk.tried(desk.one.recv, 1)
    desk.one.setblocking(False)
    desk.tried(desk.one.recv, 1)


CASES = [
    ready_again_until_it_is_read,
    a_new_one_can_be_written,
    both_at_once,
    full_and_empty_again,
    sendall_that_may_not_wait,
    the_other_end_is_closed,
    the_other_end_is_shut_down,
    what_is_registered,
    what_cannot_be_registered,
    closed_and_forgotten,
    something_with_a_descriptor,
    the_other_end_is_closed_with_bytes_unread,
    read_as_a_file,
    connected,
    nothing_in_time,
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other errors for some of these")
@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
def test_it_waits_as_the_real_module_does(case):
    told = []
    with fake_socket.plug_in(Network()):
        for modules in ((real, selectors), (fake_socket, fake_selectors)):
            desk = Desk(*modules)
            case(desk)
            desk.close()
            told.append(desk.told)
    assert told[0] == told[1]


def test_select_asks_once():
    told = []
    with fake_socket.plug_in(Network()):
        for sockets, module in ((real, select), (fake_socket, fake_select)):
            one, other = sockets.socketpair()
            with one, other:
                asked = ([one, other], [one], [])
                told.append([len(ends) for ends in module.select(*asked, 0)])
                one.sendall(b"a")
                told[-1] += [len(ends) for ends in module.select(*asked, 5)]
                told[-1] += [module.select([other], [], [], 0)[0] == [other]]
                told[-1] += [module.select([one], [], [], 0.01)]
    assert told[0] == told[1]
    assert fake_select.error is OSError
    with pytest.raises(AttributeError, match="has no 'poll'"):
        _ = fake_select.poll


def test_a_listener_is_ready_while_somebody_waits():
    """And the connection when bytes are there, or the end; the same with real sockets."""

    def visited(sockets, waiting, visit):
        told = []

        def look():
            told.append([(key.data, events) for key, events in selector.select(0.2)])

        with sockets.create_server(("127.0.0.1", 0)) as listener, visit(listener):
            listener.setblocking(False)
            with waiting.DefaultSelector() as selector:
                selector.register(listener, READ, "listener")
                look()
                look()
                connection, _ = listener.accept()
                look()
                with connection:
                    connection.setblocking(False)
                    selector.register(connection, READ | WRITE, "connection")
                    for _ in range(2):
                        look()
                        told.append(connection.recv(100))
                    with pytest.raises(BlockingIOError):
                        listener.accept()
                    selector.unregister(connection)
        return told

    def client(listener):
        one = real.create_connection(listener.getsockname(), 5)
        one.sendall(b"hello")
        one.shutdown(real.SHUT_WR)
        return one

    with fake_socket.plug_in(Visits([ScriptedLine(FIRST, Log(), [b"hello"], True)])):
        ours = visited(fake_socket, fake_selectors, lambda listener: nullcontext())
    assert ours == visited(real, selectors, client)


def test_descriptors_are_used_again():
    """The lowest first, as a kernel does: who forgets to unregister a socket learns of it."""
    with fake_selectors.DefaultSelector() as selector, fake_socket.socket() as first:
        number = first.fileno()
        selector.register(first, READ)
        first.close()
        with fake_socket.socket() as second:
            assert second.fileno() == number
            with pytest.raises(KeyError):
                selector.register(second, READ)


@pytest.mark.parametrize("module", [signal, fake_signal], ids=["real", "fake"])
def test_a_signal_calls_its_handler_and_tells_a_socket(module):
    sockets = real if module is signal else fake_socket
    called = []
    reader, writer = sockets.socketpair()
    with reader, writer:
        for one in (reader, writer):
            one.setblocking(False)
        with pytest.raises(KeyboardInterrupt):
            module.raise_signal(module.SIGINT)
        before = module.signal(module.SIGINT, lambda number, frame: called.append(number))
        assert before is module.default_int_handler
        nobody = module.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            module.raise_signal(module.SIGINT)
            assert (called, reader.recv(10)) == ([module.SIGINT], bytes([module.SIGINT]))
        finally:
            assert module.set_wakeup_fd(nobody) == writer.fileno()
            module.signal(module.SIGINT, before)
    assert module.getsignal(module.SIGINT) is before


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


def test_one_loop_without_end_is_waited_for_once(monkeypatch):
    """What comes after it likely runs into it too: the limit is shorter, until the next run."""
    alarms = []
    monkeypatch.setattr(patience, "_on_jumps", lambda alarm: alarms.extend(filter(None, [alarm])))

    def run_out():
        with pytest.raises(TimeLimit), patience.time_limit(5, lambda frame: None, sys.stderr):
            alarms[-1]._until = 0
            alarms[-1]()

    for _ in range(2):
        with patience.watching():
            with patience.time_limit(5, lambda frame: None, sys.stderr):
                pass
            run_out()
            run_out()
    assert [alarm.seconds for alarm in alarms] == [5, 5, 1, 5, 5, 1]


# The steps' own servers, in a process of their own: from the archives that the page gets.

DRIVER = '''
import json, sys, time
from course.playground import fake_signal
from course.playground.lines import ScriptedLine, VisitOver, Visits
from course.playground.serving import Program

step, script, edits, visits, options = json.load(sys.stdin)
together, stops = options.pop("together", False), options.pop("stops", False)
told = []

class Stopped(Visits):
    """In the end somebody presses Stop."""

    def wait(self, seconds):
        try:
            super().wait(seconds)
        except VisitOver:
            fake_signal.raise_signal(fake_signal.SIGINT)

def tell(happening, number, data):
    told.append([happening, number, data.decode("latin-1")])

lines = [
    ScriptedLine(number, tell, [piece.encode("latin-1") for piece in pieces], ends)
    for number, (pieces, ends) in enumerate(visits, 1)
]
program = Program(step, script, edits, **options)
network = (Stopped if stops else Visits)(lines, together=together)
well = program.run(network)
print(json.dumps([well, told, program.command, network.clock() - time.monotonic()]))
'''


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
        self.well, self.told, self.command, self.skipped = json.loads(last)
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


@pytest.mark.parametrize("step", ["02", "03", "04", "05", "06", "07"])
def test_steps_answer_byte_by_byte_and_whole(page, step):
    request = get("/user-agent", "User-Agent: me", "Accept: application/json")
    whole, pieces = page.serve(step, "server.py", [[request], False], [list(request), False])
    assert "200 OK" in whole
    assert "me" in whole
    own = ("Date: ", "Server-Timing: ", "X-Request-ID: ")
    without = [
        [line for line in one.split("\r\n") if not line.startswith(own)] for one in (whole, pieces)
    ]
    assert without[0] == without[1]
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


def test_step_05_writes_its_access_log(page):
    page.serve("05", "server.py", [[get("/about")], False])
    assert re.fullmatch(r'127\.0\.0\.1 - - \[.+\] "GET /about HTTP/1\.1" 200 \d+\n', page.stderr)


def test_step_06_serves_one_while_another_is_silent(page):
    """Half a head, nothing, and a whole request: who is slow is answered when its time is up."""
    half, silent, whole = page.serve(
        "06",
        "server.py",
        [["GET / HT"], False],
        [[], False],
        [[get("/about")], False],
        together=True,
    )
    options = "--model selectors --workers 0 --directory shared"
    assert page.command == f"python server.py --port 8080 {options}"
    assert half.startswith("HTTP/1.1 408 ")
    assert silent == ""
    assert whole.startswith("HTTP/1.1 200 ")
    sent = [number for what, number, _ in page.told if what == "sent"]
    assert sent == sorted(sent, reverse=True)
    assert page.skipped > 5, "the time of the silent ones is skipped, and not waited for"


def test_step_06_serves_one_at_a_time(page):
    half, whole = page.serve(
        "06", "server.py", [["GET / HT"], False], [[get("/")], False], together=True, model="one"
    )
    assert page.command == "python server.py --port 8080 --model one --directory shared"
    assert (half[:12], whole[:12]) == ("HTTP/1.1 408", "HTTP/1.1 200")
    sent = [number for what, number, _ in page.told if what == "sent"]
    assert sent == sorted(sent)


def test_step_06_with_sendall_in_its_loop_loses_bytes(page):
    """A kernel does not take ten times its buffer at once, and here none does."""
    text = (find_step("06").path / "peer.py").read_text(encoding="utf-8")
    wrong = text.replace("= self.connection.send(self.rest)", "= self.sent_all()") + (
        "\n    def sent_all(self):\n"
        "        self.connection.sendall(self.rest)\n"
        "        return len(self.rest)\n"
    )
    lengths = []
    for edits in ({}, {"peer.py": wrong}):
        request = get("/static/pictures/envelope.png")
        [answer] = page.serve("06", "server.py", [[request], False], edits=edits)
        lengths.append(len(answer.partition("\r\n\r\n")[2]))
    assert lengths[0] == 8965
    assert lengths[1] != 8965


def test_step_07_answers_request_after_request(page):
    """Two at once, then one in halves and in chunks; who is idle in the end is left in silence."""
    chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [get("/echo/one") + get("/echo/two"), chunked + "5\r\nth", "ree\r\n", "0\r\n\r\n"]
    [answer] = page.serve("07", "server.py", [pieces, False])
    first, second, third = re.split(r"(?=HTTP/1\.1 )", answer)[1:]
    assert (first[-3:], second[-3:]) == ("one", "two")
    assert third.startswith("HTTP/1.1 200 ")
    assert "three" in third
    assert "Connection:" not in answer
    assert page.told[-1][0] == "closed"
    assert 4 < page.skipped < 30
    assert "Traceback" not in page.stderr


@pytest.mark.parametrize("model", ["selectors", "one"])
def test_step_07_counts_and_times_out(page, model):
    count, half = page.serve(
        "07", "server.py", [[get("/count/3")], False], [["GET / HT"], False], model=model
    )
    assert "Transfer-Encoding: chunked" in count
    assert count.endswith("2\r\n1\n\r\n2\r\n2\n\r\n2\r\n3\n\r\n0\r\n\r\n")
    assert half.startswith("HTTP/1.1 408 ")


@pytest.mark.parametrize("step", [step.label for step in all_steps()])
def test_stop_is_ctrl_c(page, step):
    """The server ends as it does in a terminal, and has answered before."""
    [answer] = page.serve(step, "server.py", [[get("/")], True], stops=True)
    assert answer
    assert page.well
    assert page.stderr.count("\n") <= 1  # a line of the access log


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


@pytest.mark.parametrize("step", [step.label for step in all_steps()])
def test_checks_without_a_machine(page, step):
    """All that need neither threads nor other programs; a pair of sockets there is."""
    counts, text = check(page, step)
    assert counts["failed"] == counts["waiting"] == counts["status"] == 0
    assert counts["passed"] > 30
    assert counts["machine"] > 20
    first = find_step(step).exercises[0]
    assert f"{first.id} {first.title}" in text
    if step == "06":
        assert [f"✓ 06.{number}" in text for number in range(1, 6)] == [True] * 5


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


def test_an_application_of_wsgi(page: Page):
    """Step 08's server serves an application that stands beside it, and its changes."""
    form = "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nname=Ada"
    changed = (page.folder / "steps/08_wsgi/tinyapp.py").read_text(encoding="utf-8")
    changed = changed.replace("<h1>Hello, ", "<h1>Welcome, ")
    visits = [([get("/hello/J%C3%BCrgen"), form], True), ([get("/nothing")], True)]
    options = {"model": "one", "app": "tinyapp:app"}
    for edits, greeting in ({}, "Hello"), ({"tinyapp.py": changed}, "Welcome"):
        answers = page.serve("08", "server.py", *visits, edits=edits, **options)
        assert page.command == "python server.py --port 8080 --model one tinyapp:app"
        assert f"<h1>{greeting}, Jürgen!</h1>".encode().decode("latin-1") in answers[0]
        assert f"<h1>{greeting}, Ada!</h1>" in answers[0]
        assert answers[1].startswith("HTTP/1.1 404 Not Found\r\n")
