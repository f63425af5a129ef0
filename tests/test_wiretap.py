"""`wiretap` end to end: real sockets, a real process, what it prints in a pipe."""

import random
import re
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from course.commands.passage import Passage
from tests.command_line import Running, course, running

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent with a POSIX signal")
SECONDS = 10
Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk) -> Iterator[int]:
    """A server that talks so on each connection; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.settimeout(SECONDS)
                threading.Thread(target=attend, args=(connection,), daemon=True).start()

        def attend(connection: socket.socket) -> None:
            with connection, suppress(ConnectionError):  # a tap that is ended breaks off
                talk(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]


@contextmanager
def tapped(talk: Talk, *options: str) -> Iterator[tuple[Running, int]]:
    """A wiretap before such a server; gives the program and the port to connect to."""
    with server(talk) as port, running("wiretap", "0", str(port), *options) as program:
        found = program.wait_for(rf"^Wiretap on 127\.0\.0\.1:(\d+), to 127\.0\.0\.1:{port}\.")
        yield program, int(found[1])


def connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), SECONDS)
    connection.settimeout(SECONDS)
    return connection


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def reset(connection: socket.socket) -> None:
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def answer_upper(connection: socket.socket) -> None:
    """Read to the end of what the client says, and only then answer."""
    connection.sendall(read_all(connection).upper())


def echo(connection: socket.socket) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def test_every_byte_is_shown_and_passed_on():
    """CR and LF are visible, as are bytes that are no text; each way has its arrow and its time."""
    with tapped(answer_upper) as (program, port):
        with connect(port) as client:
            client.sendall(b"get /\r\n\x00\xff\\\n")
            client.shutdown(socket.SHUT_WR)
            assert read_all(client) == b"GET /\r\n\x00\xff\\\n"
        program.wait_for(
            r"#1 -- \d\d:\d\d:\d\d\.\d{3} \+\d+\.\d{3} s  127\.0\.0\.1:\d+ connected\n"
        )
        program.wait_for(
            r"#1 →  \d\d:\d\d:\d\d\.\d{3} \+\d+\.\d{3} s  11 bytes\n"
            r"    get /␍␊\n    \\x00\\xff\\\\␊\n"
        )
        program.wait_for(r"#1 → .* client sends no more\n")
        program.wait_for(r"#1 ← .* 11 bytes\n    GET /␍␊\n    \\x00\\xff\\\\␊\n")
        program.wait_for(r"#1 ← .* server sends no more\n")
        program.wait_for(r"#1 -- .* 11 bytes to the server, 11 bytes to the client\n")


def test_plain_in_a_pipe():
    """No colour codes where nobody sees colours, and signs that the encoding has."""
    with (
        server(echo) as port,
        running("wiretap", "0", str(port), env={"PYTHONIOENCODING": "ascii"}) as program,
    ):
        tap = int(program.wait_for(r"127\.0\.0\.1:(\d+)")[1])
        with connect(tap) as client:
            client.sendall("é\r\n".encode())
            client.recv(100)
        shown = program.wait_for(r"#1 ->(.|\n)*#1 <-(.|\n)*closed after.*\n")[0]
        assert "\\xc3\\xa9\\r\\n\n" in shown
        assert "\x1b" not in shown


def test_many_connections_at_once():
    """A silent connection holds up nobody; each has a number of its own."""
    with tapped(echo) as (program, port):
        silent = [connect(port) for _ in range(5)]
        with connect(port) as client:
            client.sendall(b"hello")
            assert client.recv(100) == b"hello"
        program.wait_for(r"#6 → .*\n    hello\n")
        for number, one in enumerate(silent, 1):
            one.sendall(b"%d" % number)
            assert one.recv(100) == b"%d" % number
            one.close()
            program.wait_for(rf"#{number} -- .* closed after")


def test_the_server_may_end_first():
    """A server that sends no more can still be sent to."""
    heard = threading.Event()

    def end_then_listen(connection: socket.socket) -> None:
        connection.sendall(b"bye")
        connection.shutdown(socket.SHUT_WR)
        if read_all(connection) == b"still here":
            heard.set()

    with tapped(end_then_listen) as (program, port), connect(port) as client:
        assert read_all(client) == b"bye"
        program.wait_for("server sends no more")
        client.sendall(b"still here")
        client.shutdown(socket.SHUT_WR)
        assert heard.wait(SECONDS)


def test_a_reset_of_the_server_reaches_the_client():
    """What the server breaks off is broken off for the client too, and said."""

    def break_off(connection: socket.socket) -> None:
        connection.recv(100)
        reset(connection)

    with tapped(break_off) as (program, port), connect(port) as client:
        client.sendall(b"hello")
        with pytest.raises(ConnectionResetError):
            read_all(client)
        program.wait_for("#1 -- .* server reset the connection")


def test_a_reset_of_the_client_reaches_the_server():
    """What the client breaks off is broken off for the server too, and said."""
    broken = threading.Event()

    def listen(connection: socket.socket) -> None:
        try:
            read_all(connection)
        except ConnectionResetError:
            broken.set()

    with tapped(listen) as (program, port):
        client = connect(port)
        client.sendall(b"hello")
        program.wait_for("hello")
        reset(client)
        program.wait_for("#1 -- .* client reset the connection")
        assert broken.wait(SECONDS)


def test_a_target_that_refuses_is_one_line():
    """The client's connection ends, and the next may try again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with running("wiretap", "0", str(port)) as program:
        tap = int(program.wait_for(r"127\.0\.0\.1:(\d+)")[1])
        for number in (1, 2):
            with connect(tap) as client:
                assert read_all(client) == b""
            program.wait_for(rf"#{number} -- .* 127\.0\.0\.1:{port} cannot be reached: .*refused")


def test_long_chunks_are_shown_in_part_and_passed_on_whole():
    """--limit shortens what is shown, with a count of the rest, and nothing else."""
    with tapped(answer_upper, "--limit", "10") as (program, port), connect(port) as client:
        client.sendall(b"a" * 300_000)
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == b"A" * 300_000
        text = program.wait_for(r"→ .* ([\d,]+) bytes\n    a{10}\n    … ([\d,]+) bytes more,")
        size, rest = (int(number.replace(",", "")) for number in text.groups())
        assert rest == size - 10
        program.wait_for(
            "closed after .*: 300,000 bytes to the server, 300,000 bytes to the client"
        )


def test_a_slow_reader_gets_everything():
    """What one side does not take at once is kept for it, in order, and the other side waits."""
    sent = random.Random(1).randbytes(16_000_000)
    ready, received = threading.Event(), []

    def read_late(connection: socket.socket) -> None:
        ready.wait(SECONDS)
        received.append(read_all(connection))

    with tapped(read_late, "--limit", "1") as (program, port), connect(port) as client:
        client.settimeout(0.5)
        with pytest.raises(TimeoutError):  # nobody takes it, so it cannot all be on its way
            client.sendall(bytes(64_000_000))
    with tapped(read_late, "--limit", "1") as (program, port), connect(port) as client:
        threading.Timer(0.2, ready.set).start()
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
        program.wait_for("closed after .*: 16,000,000 bytes to the server")
    assert received[-1] == sent


class Silent:
    """A log that nobody reads."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def test_what_was_taken_in_part_is_sent_on():
    """A socket with little room takes a part of what it is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ends = [connect(listener.getsockname()[1]) for _ in range(2)]
        client, server = (listener.accept()[0] for _ in ends)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    sent = random.Random(2).randbytes(300_000)
    passage = Passage(client, server, Silent())
    threading.Thread(target=passage.run, daemon=True).start()
    ends[1].shutdown(socket.SHUT_WR)
    threading.Thread(target=finish, args=(ends[0], sent), daemon=True).start()
    assert read_all(ends[1]) == sent
    for one in (*ends, client, server):
        one.close()


def finish(connection: socket.socket, data: bytes) -> None:
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


def test_two_kibibytes_of_a_chunk_are_shown():
    """The limit where none is given."""
    with tapped(echo) as (program, port), connect(port) as client:
        client.sendall(b"b" * 4000)
        program.wait_for(r"(?<!b)b{2048}\n    … [\d,]+ bytes more")


@POSIX
@pytest.mark.parametrize("connections", [0, 2])
def test_ctrl_c_ends_it(connections: int):
    """Exit code 0, with connections open or without."""
    with tapped(echo) as (program, port):
        clients = [connect(port) for _ in range(connections)]
        for number in range(1, connections + 1):
            program.wait_for(f"#{number} .* connected")
        assert program.interrupt(signal.SIGINT) == 0
        program.wait_for("Stopped.")
        for client in clients:
            client.close()


@pytest.mark.parametrize(
    ("listen", "target", "says"),
    [
        ("nowhere", "80", "'nowhere' is no address; expected something like 8080, "),
        ("0", "http://", "is no address"),
        ("0", "99999", "is no address"),
        ("0", "https://example.org", "encrypted"),
        ("203.0.113.1:0", "80", "cannot listen on 203.0.113.1:0: "),
    ],
)
def test_a_bad_address_is_one_line(listen: str, target: str, says: str):
    """Exit code 2, and what was expected."""
    result = course("wiretap", listen, target)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert says in result.err


def test_a_taken_port_is_one_line():
    """Who listens there keeps it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = course("wiretap", str(port), "80")
    assert result.code == 2
    assert re.fullmatch(rf"course: cannot listen on 127.0.0.1:{port}: .*\n", result.err)
