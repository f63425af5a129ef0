"""What every server of this course does around a conversation: start, stop, give up."""

import argparse
import os
import signal
import socket

import pytest

from listening import attend, listen, options, run, url

posix = pytest.mark.skipif(os.name != "posix", reason="Windows ends a process without a signal")


def parsed(*arguments: str) -> argparse.Namespace:
    """The options of a server that is started with these arguments."""
    return options("A server.").parse_args(arguments)


def test_silent_client_is_dropped(serve):
    """A client that stays silent is dropped, so that the next one has its turn."""
    server = serve("--read-timeout", "0.2")
    with server.connect() as silent, server.connect() as next_one:
        next_one.send(b"my turn")
        next_one.expect_bytes(b"my turn")
        silent.expect_closed()


def test_client_that_resets(server):
    """A client that breaks off the connection in mid-sentence does not stop the server."""
    for _ in range(3):
        with server.connect() as rude:
            rude.send(b"I am off" * 10_000)
            rude.reset()
    with server.connect() as wire:
        wire.send(b"still there?")
        wire.expect_bytes(b"still there?")


def test_fault_in_the_conversation(capsys):
    """A fault in the code of one conversation is printed, and ends this conversation only."""
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.settimeout(5)
        attend(ours, lambda connection: [][1], 1.0)
        assert theirs.recv(1) == b""
    assert "IndexError" in capsys.readouterr().err


def test_taken_port():
    """A port that is taken gets one line that says so, and exit code 1: no traceback."""
    with listen("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as stop:
            run(lambda connection: None, parsed("--port", str(port)))
    place, _, reason = str(stop.value.code).partition(f":{port}: ")
    assert place == "Cannot listen on 127.0.0.1"
    assert "\n" not in reason


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8080.0", ""])
def test_port_that_is_none(port, capsys):
    """A port that is no number from 0 to 65535 gets one line that says so, and exit code 2."""
    with pytest.raises(SystemExit) as stop:
        parsed(f"--port={port}")
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert f"a port is a number from 0 to 65535, not {port!r}" in said


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "inf", "86401"])
def test_read_timeout_that_is_none(seconds, capsys):
    """A time that is zero, less, or above a day gets one line that says so, and exit code 2."""
    with pytest.raises(SystemExit) as stop:
        parsed(f"--read-timeout={seconds}")
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert f"seconds are more than 0, at most 86400; not {seconds!r}" in said


def test_address():
    """The address that a server prints is the one that it listens on."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url(listener) == f"http://127.0.0.1:{port}"
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_stops_when_told(serve, name):
    """SIGTERM, or Ctrl-C, stops the server at once, even in a conversation: exit code 0."""
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, as shells arrange for what runs in the background")
    server = serve("--read-timeout", "9")
    with server.connect() as wire:
        wire.send(b"hello")
        wire.expect_bytes(b"hello")
        server.running.process.send_signal(getattr(signal, name))
        assert server.running.process.wait(5) == 0
    assert "Traceback" not in server.running.output()
