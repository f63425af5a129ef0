"""Step 01 as clients see it that nobody here wrote: curl, requests, the standard library's own."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator

import pytest
import requests

from course.servers import RunningServer, start
from course.steps import find_step

HERE = find_step("01").path


def started(script: str, *options: str) -> RunningServer:
    return start([sys.executable, HERE / script, "--port", "0", *options])


@pytest.fixture(scope="module")
def hello() -> Iterator[RunningServer]:
    server = started("hello.py")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def echo() -> Iterator[RunningServer]:
    server = started("server.py", "--read-timeout", "0.3")
    yield server
    server.stop()


def curl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run curl; where it is missing this fails on POSIX, and is skipped on Windows."""
    program = shutil.which("curl")
    if program is None and os.name == "nt":
        pytest.skip("curl is not on the PATH")
    assert program, "this test needs curl: install it (apt-get install curl, brew install curl)"
    command = [program, "--silent", "--show-error", "--noproxy", "*", "--max-time", "5", *arguments]
    return subprocess.run(command, capture_output=True, timeout=10, check=False)


def test_urllib_reads_the_greeting(hello):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{hello.url}/any/where?a=b", timeout=5) as response:
        assert response.status == 200
        assert response.headers.get_content_type() == "text/plain"
        assert response.headers.get_content_charset() == "utf-8"
        assert response.read() == b"Hello, World!"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_http_client_accepts_the_answer_to_any_method(hello, method):
    connection = http.client.HTTPConnection(hello.host, hello.port, timeout=5)
    connection.request(method, "/", body=b"x" * 100 if method.startswith("P") else None)
    response = connection.getresponse()
    assert (response.status, response.reason, response.version) == (200, "OK", 11)
    assert response.will_close
    assert response.length == len("Hello, World!")
    assert response.read() == b"Hello, World!"
    connection.close()


def test_http_client_that_sends_a_mebibyte_gets_the_answer(hello):
    connection = http.client.HTTPConnection(hello.host, hello.port, timeout=5)
    connection.request("POST", "/", body=b"x" * 2**20)
    assert connection.getresponse().read() == b"Hello, World!"
    connection.close()


def test_requests_one_after_the_other(hello):
    with requests.Session() as session:
        session.trust_env = False
        for path in ("/", "/favicon.ico", "/d%C3%A9j%C3%A0?vu"):
            response = session.get(hello.url + path, timeout=5)
            assert (response.status_code, response.text) == (200, "Hello, World!")


def test_requests_all_at_once(hello):
    """One at a time: the others wait in the kernel's queue, and each gets its answer."""
    answers: list[str] = []

    def ask() -> None:
        with requests.Session() as session:
            session.trust_env = False
            answers.append(session.get(hello.url, timeout=10).text)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["Hello, World!"] * 10


def test_curl_reads_the_greeting(hello):
    done = curl("--include", hello.url)
    assert done.returncode == 0, done.stderr
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nContent-Length: 13\r\n" in head + b"\r\n"
    assert content == b"Hello, World!"


def test_curl_that_posts_gets_the_greeting(hello):
    done = curl("--data", "name=value", hello.url)
    assert (done.returncode, done.stdout) == (0, b"Hello, World!")


def test_curl_takes_the_echo_server_for_no_web_server(echo):
    done = curl(echo.url)
    assert done.returncode == 1
    assert b"Received HTTP/0.9 when not allowed" in done.stderr


def test_curl_gets_its_own_request_back_from_the_echo_server(echo):
    done = curl("--http0.9", f"{echo.url}/what/did/I/say")
    request, empty_line, rest = done.stdout.partition(b"\r\n\r\n")
    assert request.startswith(b"GET /what/did/I/say HTTP/1.1\r\nHost: ")
    assert empty_line
    assert rest == b""


def test_a_silent_client_holds_up_the_others_only_for_a_while(echo):
    """A browser's spare connection: it comes first, and says nothing."""
    with socket.create_connection((echo.host, echo.port), timeout=5) as silent:
        with socket.create_connection((echo.host, echo.port), timeout=5) as client:
            client.sendall(b"hello")
            assert client.recv(5, socket.MSG_WAITALL) == b"hello"
        assert silent.recv(1) == b""


def test_a_server_that_was_stopped_starts_again_on_its_port():
    first = started("hello.py")
    with socket.create_connection((first.host, first.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert client.recv(1) == b"H"
        first.stop()
    second = start([sys.executable, HERE / "hello.py", "--port", str(first.port)])
    second.stop()


def test_a_taken_port_is_one_line_and_exit_code_1(hello):
    command = [sys.executable, HERE / "server.py", "--port", str(hello.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1:{hello.port}: ")
    assert done.stderr.count("\n") == 1
