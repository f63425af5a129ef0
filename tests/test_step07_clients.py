"""Step 07 as clients see it that nobody here wrote: connections that are kept, and chunks."""

import http.client
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from clients import curl

from course.servers import RunningServer, start
from course.steps import find_step

STEP = find_step("07")

SECONDS = 10.0
"""No wait in here takes so long, unless something is wrong."""

LARGE_BYTES = 3_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    """The step's server."""
    running = start([sys.executable, str(STEP.modules["server"]), "--port", "0"])
    yield running
    running.stop()
    assert "Traceback" not in running.output()


def head_of(answer: str) -> str:
    """Status line and field lines, in lower case."""
    return answer.partition("\r\n\r\n")[0].lower()


# curl.


def test_curl_keeps_its_connection(server: RunningServer) -> None:
    """For two addresses it makes one connection."""
    tell = ["-w", "%{num_connects}\n", "-o", "/dev/null"]
    said = curl(*tell, f"{server.url}/about", *tell, f"{server.url}/echo/x")
    assert said.split() == ["1", "0"]


def test_curl_asks_for_the_end(server: RunningServer) -> None:
    """With `Connection: close` each address needs a connection of its own."""
    tell = ["-w", "%{num_connects}\n", "-o", "/dev/null"]
    close = ["-H", "Connection: close"]
    said = curl(*close, *tell, f"{server.url}/about", *tell, f"{server.url}/echo/x")
    assert said.split() == ["1", "1"]


def test_curl_in_http_1_0(server: RunningServer) -> None:
    """It is told that this was the last answer; and with keep-alive that it was not."""
    answer = curl("--http1.0", "-i", f"{server.url}/echo/x")
    assert "\r\nconnection: close" in head_of(answer)
    answer = curl("--http1.0", "-i", "-H", "Connection: keep-alive", f"{server.url}/echo/x")
    assert "\r\nconnection: keep-alive" in head_of(answer)


def test_curl_reads_chunks(server: RunningServer) -> None:
    """An answer of unknown length; in HTTP/1.0 its end is the end of the connection."""
    answer = curl("-i", f"{server.url}/count/3")
    assert "\r\ntransfer-encoding: chunked" in head_of(answer)
    assert answer.endswith("\r\n\r\n1\n2\n3\n")
    raw = curl("--raw", f"{server.url}/count/2")
    assert raw == "2\r\n1\n\r\n2\r\n2\n\r\n0\r\n\r\n"
    answer = curl("--http1.0", "-i", f"{server.url}/count/3")
    assert "transfer-encoding" not in head_of(answer)
    assert answer.endswith("\r\n\r\n1\n2\n3\n")


def test_curl_sends_chunks(server: RunningServer, tmp_path: Path) -> None:
    """A file of which it does not say how long it is; and the connection goes on behind it."""
    file = tmp_path / "large.txt"
    file.write_text("x" * LARGE_BYTES)
    put = ["-X", "POST", "-T", file, "-H", "Transfer-Encoding: chunked"]
    tell = ["-w", "%{num_connects} %{size_download}\n", "-o", "/dev/null"]
    behind = ["--next", "-s", *tell, f"{server.url}/echo/x"]
    said = curl(*put, *tell, f"{server.url}/echo", *behind)
    assert said.splitlines() == [f"1 {LARGE_BYTES}", "0 1"]


def test_curl_expects_100_continue(server: RunningServer, tmp_path: Path) -> None:
    """It gets the interim answer, and sends its body; an expectation of its own is 417."""
    file = tmp_path / "large.txt"
    file.write_text("x" * LARGE_BYTES)
    expect = ["-H", "Expect: 100-continue", "--data-binary", f"@{file}"]
    answer = curl("-i", *expect, f"{server.url}/echo")
    assert answer.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert answer.count("x" * LARGE_BYTES) == 1
    answer = curl("-i", "-H", "Expect: cookies", "-d", "x", f"{server.url}/echo")
    assert answer.startswith("HTTP/1.1 417 ")
    assert "\r\nconnection: close" in head_of(answer)


def test_curl_is_refused_before_it_sends(server: RunningServer, tmp_path: Path) -> None:
    """A body that is too long is refused while curl waits for our word: it is not sent at all."""
    file = tmp_path / "too-large.bin"
    with file.open("wb") as opened:
        opened.truncate(20 * 1024 * 1024)
    tell = ["-w", "%{http_code} %{size_upload}", "-o", "/dev/null"]
    expect = ["-H", "Expect: 100-continue", "--data-binary", f"@{file}"]
    assert curl(*expect, *tell, f"{server.url}/echo") == "413 0"


# requests, and the standard library's own client.


def test_session_keeps_its_connection(server: RunningServer) -> None:
    """One connection for requests of all kinds, errors of the application included."""
    with requests.Session() as session:
        for number in range(10):
            answer = session.get(f"{server.url}/echo/{number}", timeout=SECONDS)
            assert answer.text == str(number)
            session.head(f"{server.url}/about", timeout=SECONDS)
            assert session.get(f"{server.url}/nothing", timeout=SECONDS).status_code == 404
            answer = session.post(f"{server.url}/echo", data=b"body", timeout=SECONDS)
            assert answer.content == b"body"
        [pool] = session.adapters["http://"].poolmanager.pools._container.values()
        assert pool.num_connections == 1
        assert pool.num_requests == 40


def test_requests_streams_both_ways(server: RunningServer) -> None:
    """A body from a generator goes out in chunks; lines come as they are made."""
    with requests.Session() as session:
        pieces = [b"a" * 10, b"b" * 100_000, b"c"]
        answer = session.post(f"{server.url}/echo", data=iter(pieces), timeout=SECONDS)
        assert answer.request.headers["Transfer-Encoding"] == "chunked"
        assert answer.content == b"".join(pieces)
        with session.get(f"{server.url}/count/3", stream=True, timeout=SECONDS) as answer:
            assert list(answer.iter_lines()) == [b"1", b"2", b"3"]


def test_standard_librarys_client(server: RunningServer) -> None:
    """http.client keeps its connection, and sends a body of unknown length in chunks."""
    client = http.client.HTTPConnection(server.host, server.port, timeout=SECONDS)
    client.connect()
    made = client.sock
    for number in range(5):
        client.request("GET", f"/echo/{number}")
        assert client.getresponse().read() == b"%d" % number
        note = json.dumps({"text": "note"}).encode()
        client.request("POST", "/echo", body=iter([note[:5], note[5:]]), encode_chunked=True)
        assert client.getresponse().read() == note
        assert client.sock is made
    client.close()
