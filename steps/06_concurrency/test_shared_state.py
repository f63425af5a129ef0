"""What several requests work on at the same time: notes and files, in threads and processes."""

import os
import signal
import threading
from contextlib import contextmanager

import pytest

import application as program
import shared_state
from fields import Fields
from notes import Notes
from request import Request
from response import Response
from router import Router
from shared_state import SharedState, StateOfProcesses
from target import parse_target
from uploads import Uploads

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

MOMENT_SECONDS = 0.02
"""Who is not kept out would be in by then."""

KINDS = {"threads": SharedState, "processes": StateOfProcesses}


def request(method: str, target: str, body: bytes = b"") -> Request:
    """A request as the parser makes it."""
    fields = Fields({"Content-Type": "application/json"} if body else {})
    return Request(method, parse_target(method, target), "HTTP/1.1", fields, body)


@pytest.fixture(params=KINDS)
def kind(request):
    """Each kind of state that this system can have."""
    if request.param == "processes" and not shared_state.fcntl:
        pytest.skip("this system has no fork, and so no state of processes")
    return KINDS[request.param]


@pytest.fixture
def processes():
    """State of processes is to be checked."""
    if not shared_state.fcntl:
        pytest.skip("this system has no fork, and so no state of processes")


@contextmanager
def kept_out(state: SharedState, *works):
    """Others want to do this while we are inside: it happens when we are out."""
    early, done = threading.Event(), threading.Semaphore(0)

    def do(work) -> None:
        work()
        early.set()
        done.release()

    with state as value:
        for work in works:
            threading.Thread(target=do, args=(work,), daemon=True).start()
        assert not early.wait(MOMENT_SECONDS), "two were in at the same time"
        yield value
    for _ in works:
        assert done.acquire(timeout=SECONDS), "somebody was not let in after we were out"


def test_one_at_a_time(kind):
    """While one is inside nobody else gets in: so no change is lost."""
    state = kind({"count": 0})

    def add() -> None:
        with state as value:
            value["count"] += 1

    with kept_out(state, add) as value:
        value["count"] = 41
    with state as value:
        assert value["count"] == 42


def test_change_is_kept(kind):
    """What has become of the value is what the next one sees."""
    state = kind([])
    for number in range(3):
        with state as value:
            value.append(number)
    with state as value:
        assert value == [0, 1, 2]


def test_error_inside(kind):
    """An error inside comes out, and the next one gets in."""
    state = kind({})
    with pytest.raises(ZeroDivisionError), state as value:
        value["before"] = 1
        raise ZeroDivisionError
    entered = threading.Event()

    def enter() -> None:
        with state:
            entered.set()

    with kept_out(state, enter) as value:
        assert value == {"before": 1}, "what was changed before the error is lost"
    assert entered.is_set()


def test_nothing_lost_by_many_threads(kind):
    """Eight threads count to fifty each, all at once: that makes four hundred."""
    state = kind({"count": 0})
    together = threading.Barrier(8)

    def count() -> None:
        together.wait(SECONDS)
        for _ in range(50):
            with state as value:
                before = value["count"]
                threading.Event().wait(0)  # let somebody else run, if they can
                value["count"] = before + 1

    threads = [threading.Thread(target=count, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    with state as value:
        assert value["count"] == 400


def test_twice_by_the_same_thread(kind):
    """Who is inside already would wait for itself for ever: that is told, and nothing is lost."""
    state = kind({"count": 0})
    with state as value, pytest.raises(RuntimeError, match="inside already"):
        value["count"] = 1
        with state:
            raise AssertionError("it is in there twice")
    with state as value:
        assert value == {"count": 1}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_another_process_is_kept_out(processes):
    """While a child is inside its parent waits, and then sees what the child has made of it."""
    state, seen, found = StateOfProcesses({"word": "before"}), threading.Event(), []
    inside, say_inside = os.pipe()
    go, say_go = os.pipe()
    child = os.fork()
    if not child:
        with state as value:
            value["word"] = "of the child"
            os.write(say_inside, b"!")
            os.read(go, 1)
        os._exit(0)

    def enter() -> None:
        with state as value:
            found.append(value["word"])
        seen.set()

    try:
        os.read(inside, 1)
        threading.Thread(target=enter, daemon=True).start()
        assert not seen.wait(MOMENT_SECONDS), "two processes were in at the same time"
        os.write(say_go, b"!")
        assert seen.wait(SECONDS), "nobody was let in after the child was out"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for end in (inside, say_inside, go, say_go):
            os.close(end)
    assert found == ["of the child"]


class DyingMemory:
    """Memory in which the next value is written by a process that dies in the middle of it."""

    def __init__(self, memory) -> None:
        self.memory = memory

    def __getitem__(self, place):
        """As it is."""
        return self.memory[place]

    def __setitem__(self, place, data) -> None:
        """Write half of it, and die."""
        half = slice(place.start, place.start + len(data) // 2)
        self.memory[half] = data[: len(data) // 2]
        raise SystemError("killed")


def test_process_that_dies_while_it_writes(processes):
    """A process that is killed in the middle leaves the value as it was, and nothing torn."""
    state = StateOfProcesses({"word": "before"})
    memory, state.memory = state.memory, DyingMemory(state.memory)
    with pytest.raises(SystemError), state as value:
        value["word"] = "x" * 10_000
    state.memory = memory
    for word in ("before", "after", "later"):
        with state as value:
            value["word"] = value["word"] if word == "before" else word
            assert value == {"word": word}


def test_value_without_room(processes, monkeypatch):
    """A value that is too large is refused, and the one before it stays."""
    monkeypatch.setattr(shared_state, "HALF_BYTES", 1000)
    state = StateOfProcesses(["before"])
    with pytest.raises(ValueError, match="more than fits"), state as value:
        value.append("x" * 1000)
    with state as value:
        assert value == ["before"]


def test_memory_not_objects(processes):
    """Processes share bytes, and no objects: each time the value is made from these bytes."""
    state = StateOfProcesses({"word": "inside"})
    with state as value:
        pass
    value["word"] = "changed outside"
    with state as value:
        assert value == {"word": "inside"}


class TestNotes:
    """The notes of the demo application."""

    @pytest.fixture
    def router(self):
        """The router that their endpoints are on."""
        return Router()

    @pytest.fixture
    def notes(self, router):
        """No notes yet."""
        return Notes(router)

    def test_one_request_at_a_time(self, router, notes):
        """While one request is at the notes all others wait, whatever they want."""
        answers: list[Response] = []
        for number in range(1, 5):
            router(request("POST", "/api/notes", b'{"text": "note %d"}' % number))
        requests = [
            ("POST", "/api/notes", b'{"text": "new"}'),
            ("GET", "/api/notes", b""),
            ("GET", "/api/notes/1", b""),
            ("PUT", "/api/notes/2", b'{"text": "other"}'),
            ("PATCH", "/api/notes/3", b'{"more": 1}'),
            ("DELETE", "/api/notes/4", b""),
        ]
        works = [lambda one=one: answers.append(router(request(*one))) for one in requests]
        with kept_out(notes.state, *works):
            assert answers == []
        assert [answer.status < 300 for answer in answers] == [True] * len(requests)

    def test_error_lets_the_next_one_in(self, router, notes):
        """A request that is refused does not leave the notes locked."""
        assert router(request("GET", "/api/notes/7")).status == 404
        assert router(request("POST", "/api/notes", b"nonsense")).status == 400
        with kept_out(notes.state, lambda: router(request("GET", "/api/notes"))):
            pass

    def test_share(self, router, notes, processes):
        """Once they are shared the notes are in memory that all processes see."""
        router(request("POST", "/api/notes", b'{"text": "milk"}'))
        notes.share()
        assert isinstance(notes.state, StateOfProcesses)
        assert b"milk" in router(request("GET", "/api/notes/1")).content
        router(request("PATCH", "/api/notes/1", b'{"text": "bread"}'))
        with notes.state as collection:
            assert collection.notes == {1: {"id": 1, "text": "bread"}}


def test_application_of_processes(processes, monkeypatch):
    """With `processes` the application's notes are shared before anybody forks."""
    shared = []
    monkeypatch.setattr(program.notes, "share", lambda: shared.append(True))
    program.application(log="off")
    assert shared == []
    program.application(log="off", processes=True)
    assert shared == [True]


@pytest.mark.parametrize("processes_too", [False, True], ids=["threads", "processes"])
def test_turn_of_writers(processes, monkeypatch, tmp_path, processes_too):
    """With `processes` writers to the folder take turns among all processes, too."""
    turns = []
    monkeypatch.setattr(program.notes, "share", lambda: None)
    monkeypatch.setattr(program, "uploads", lambda folder, token, turn: turns.append(turn) or [])
    program.application(tmp_path, log="off", processes=processes_too)
    assert [type(turn) for turn in turns] == [StateOfProcesses if processes_too else SharedState]


def test_one_writer_at_a_time(tmp_path):
    """Between the look at a file and the writing of it no other request writes."""
    router, turn = Router(), SharedState()
    Uploads(tmp_path, router, turn)
    write = request("POST", "/files/a.txt", b"hello")
    with kept_out(turn, lambda: router(write)):
        assert not (tmp_path / "a.txt").exists()
    assert (tmp_path / "a.txt").read_bytes() == b"hello"
