"""Servers in processes: they start, explain why not, are drained, and never outlive the tests."""

import os
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from wrong_servers import (
    LISTENING,
    answering,
    each,
    python,
    response,
    serving,
    start_python,
)

from course import servers
from course.listeners import listening_ports
from course.output import KEPT_BYTES, traceback_in
from course.servers import (
    BadServer,
    RunningServer,
    ServerNotStarted,
    attach,
    split_command,
    split_words,
    start,
    start_foreign,
)
from course.steps import ROOT
from course.wire import Server

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"

ANSWER = each(["connection.recv(4096)", f"connection.sendall({response()!r})"])

DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    running = start_python(tmp_path, ANSWER)
    yield running
    running.stop()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait for the condition; whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def exists(pid: int) -> bool:
    """Is there such a process? An orphan that only waits for `init` to take note is none."""
    state = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not state.exists() or state.read_text().rpartition(") ")[2][0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_start_and_stop(server: RunningServer) -> None:
    assert server.alive
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert server.process is not None
    assert server.pid == server.process.pid
    server.connect().close()
    server.stop()
    assert not server.alive
    assert server.process.returncode is not None
    server.stop()


def test_environment_and_folder(tmp_path: Path) -> None:
    source = "import os\nprint(os.getcwd(), os.environ['COLOUR'])\n" + ANSWER
    command = python(tmp_path, source)
    running = start(command, cwd=tmp_path, env={"COLOUR": "blue"})
    running.stop()
    assert running.output().startswith(f"{tmp_path.resolve()} blue\n")


def test_addresses_that_mean_all(tmp_path: Path) -> None:
    source = LISTENING.replace("http://127.0.0.1", "http://0.0.0.0") + "listener.accept()\n"
    running = start_python(tmp_path, source)
    running.connect().close()
    running.stop()
    assert running.host == "127.0.0.1"


def test_server_that_speaks_a_moment_too_early(tmp_path: Path) -> None:
    source = "\n".join(
        [
            "import socket, time",
            "listener = socket.socket()",
            "listener.bind(('127.0.0.1', 0))",
            "print(f'Serving on http://127.0.0.1:{listener.getsockname()[1]}', flush=True)",
            "time.sleep(0.2)",
            "listener.listen()",
            "listener.accept()",
        ]
    )
    running = start_python(tmp_path, source)
    running.connect().close()
    running.stop()


def test_output_never_blocks_and_is_bounded(tmp_path: Path) -> None:
    source = "for number in range(200_000):\n    print('line', number)\nprint('é', flush=True)\n"
    running = start_python(tmp_path, source + ANSWER)
    assert until(lambda: "Serving" in running.output())
    position = running.printed
    assert position > 2_000_000
    text = running.output()
    assert len(text.encode()) <= KEPT_BYTES
    assert "line 199999\né\nServing on" in text
    assert running.output(position) == ""
    running.stop()


def test_server_that_dies_is_named_with_its_traceback(tmp_path: Path) -> None:
    running = start_python(tmp_path, LISTENING + "listener.accept()\n1 / 0\n")
    running.connect().close()
    assert running.process is not None
    running.process.wait(5)
    for _ in range(2):
        with pytest.raises(ServerNotStarted, match="ended with exit code 1") as caught:
            Server(running).ask(GET)
        assert "ZeroDivisionError" in str(caught.value)
    running.stop()


def test_traceback_shows_the_servers_own_frames() -> None:
    stdlib = Path(os.__file__).parent
    text = textwrap.dedent(f"""\
        GET / 200
        Traceback (most recent call last):
          File "<frozen runpy>", line 198, in _run_module_as_main
          File "{stdlib / "socketserver.py"}", line 318, in _handle_request_noblock
            self.process_request(request, client_address)
            ~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^^
          File "{ROOT / "course" / "stage.py"}", line 10, in main
            run()
          File "{ROOT / "steps" / "02_request_parser" / "server.py"}", line 30, in handle
            answer()
        ValueError: two
        lines
        """)
    file = Path("steps", "02_request_parser", "server.py")
    assert traceback_in(text) == textwrap.dedent(f"""\
        Traceback (most recent call last):
          File "{file}", line 30, in handle
            answer()
        ValueError: two
        lines""")
    assert traceback_in("GET / 200\n") == ""


def test_traceback_that_is_indented() -> None:
    """A log may have it further in; what follows further out is no part of it."""
    frame = '  File "a.py", line 1, in a\n    1 / 0'
    trace = f"Traceback (most recent call last):\n{frame}\nZeroDivisionError"
    log = f"GET /crash failed\n{textwrap.indent(trace, '    ')}\n127.0.0.1 - - 500\n"
    assert traceback_in(log) == trace


@posix
def test_stubborn_server_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.processes.STOP_SECONDS", 0.2)
    running = start_python(tmp_path, DEAF + ANSWER)
    running.stop()
    assert running.process is not None
    assert running.process.returncode == -signal.SIGKILL


ENDINGS = {
    "return": "",
    "exception": "raise ValueError",
    "exit": "sys.exit(3)",
    "interrupt": "os.kill(os.getpid(), signal.SIGINT)",
    "terminate": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(10)",
    "hang up": "os.kill(os.getpid(), signal.SIGHUP); time.sleep(10)",
}


@posix
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("foreign", [False, True])
def test_no_server_outlives_its_tests(tmp_path: Path, ending: str, foreign: bool) -> None:
    command = python(tmp_path, f"import sys\n{FOREIGN}" if foreign else ANSWER)
    words = f"{shlex.join(command)} {{port}}"
    how = f"start_foreign({words!r})" if foreign else f"start({command!r})"
    source = f"""
import os, signal, sys, time
from course.servers import start, start_foreign
print({how}.pid, flush=True)
{ENDINGS[ending]}
"""
    parent = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    pid = int(parent.stdout)
    assert until(lambda: not exists(pid)), f"{pid} still runs: {parent.stderr}"
    codes = {"return": 0, "exception": 1, "exit": 3, "terminate": -15, "hang up": -1}
    assert parent.returncode == codes.get(ending, parent.returncode)


# Servers in other languages


FOREIGN = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = listener.accept()
    with connection:
        if connection.recv(4096):
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
"""


def template(folder: Path, source: str = FOREIGN, name: str = "server.py") -> str:
    words = python(folder, source, "{port}", name=name)
    return " ".join(f'"{word}"' for word in words)


def test_foreign_server(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    running = start_foreign(template(folder))
    Server(running).ask(GET, behind=False).expect(status=200)
    running.stop()
    assert not running.alive


@posix
@pytest.mark.parametrize("source", [FOREIGN, DEAF + FOREIGN], ids=["gentle", "stubborn"])
def test_children_of_a_foreign_server_are_stopped_too(tmp_path: Path, source: str) -> None:
    """`npm start` and `go run` start the server as a child; a shell does too."""
    script = tmp_path / "start.sh"
    command = template(tmp_path, source).replace("{port}", "$1")
    script.write_text(f"{command} &\necho child $!\nwait\n")
    running = start_foreign(f"sh {script} {{port}}")
    assert until(lambda: "child" in running.output())
    child = int(running.output().split("child ")[1].split()[0])
    assert exists(child)
    if Path("/proc/net/tcp").exists():
        assert running.pid is not None
        assert listening_ports(running.pid) == [running.port]
    running.stop()
    assert until(lambda: not exists(child))


def test_foreign_server_that_fails(tmp_path: Path) -> None:
    with pytest.raises(ServerNotStarted, match="exit code 7"):
        start_foreign(template(tmp_path, "import sys\nsys.exit(7)\n"))


def test_foreign_server_that_never_listens(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ServerNotStarted, match="nothing answers on port"):
        start_foreign(template(tmp_path, "import time\ntime.sleep(30)\n"), deadline=0.3)
    assert time.monotonic() - started < 10


def test_command_without_port() -> None:
    with pytest.raises(BadServer, match=r"needs \{port\}") as caught:
        split_command("node server.mjs")
    assert "\n" not in str(caught.value)


def test_command_with_an_open_quote() -> None:
    with pytest.raises(BadServer, match="No closing quotation"):
        split_command('node "server.mjs {port}')


def test_words_on_posix() -> None:
    assert split_words(r"a 'b c' d\ e --port={port}", posix=True) == [
        "a",
        "b c",
        "d e",
        "--port={port}",
    ]


def test_words_on_windows() -> None:
    words = split_words(r'C:\tools\node.exe "C:\my files\x.mjs" it\'s#1 {port}', posix=False)
    assert words == [r"C:\tools\node.exe", r"C:\my files\x.mjs", r"it\'s#1", "{port}"]


# A server that runs already


def test_attach() -> None:
    with serving(answering(response())) as running:
        for url in (running.url, running.url + "/"):
            attached = attach(url)
            assert (attached.port, attached.pid, attached.alive) == (running.port, None, True)
            Server(attached).ask(GET).expect(status=200)
            attached.stop()


@pytest.mark.parametrize(
    "url",
    ["", "localhost", "localhost:80", "https://localhost", "http://", "http://a:b", "http://[::1",
     "http://localhost/path", "http://localhost?a", "http://localhost:99999", "ftp://localhost"],
)  # fmt: skip
def test_attach_to_what_is_no_address(url: str) -> None:
    with pytest.raises(BadServer, match="write http://HOST:PORT") as caught:
        attach(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_attach_to_nobody(host: str) -> None:
    with pytest.raises(BadServer, match="start the server first") as caught:
        attach(f"http://{host}:{servers.free_port()}")
    assert "\n" not in str(caught.value)


def test_attached_server_that_goes_away() -> None:
    with serving(answering(response())) as running:
        attached = attach(running.url)
    with pytest.raises(ServerNotStarted, match="nothing answers at http"):
        until(lambda: not Server(attached).connect(), 5)
