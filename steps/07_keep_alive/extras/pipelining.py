"""Exercise 07.6: a client that sends all its requests at once, and takes the answers apart."""

import argparse
import contextlib
import re
import socket
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from chunked import is_chunked, read_chunks
from errors import HTTPError
from fields import Fields
from framing import MAX_BODY_BYTES, body_length
from head_lines import parse_field_line
from listening import port_number
from persistence import connection_options
from received import CHUNK_BYTES, Received
from response import has_content

HOST = "127.0.0.1"
ANSWER_SECONDS = 60.0
"""How long the server may be silent."""

STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5][0-9][0-9])(?: .*)?")
"""RFC 9112, section 4. Some servers leave out the space before an empty reason."""

LINE_BYTES = 16 * 1024
TOO_LONG = HTTPError(502, "A line of the answer is too long.")


class Incoming(Received):
    """What has come from the server; `ended` once it has ended its side."""

    ended = False


@dataclass(frozen=True)
class Answer:
    """A response, whole."""

    status: int
    fields: Fields
    content: bytes


def read_answer(received: Incoming, method: str) -> Generator[None, None, Answer]:
    """Take the answer to a request with this method; each `yield` means "need more".

    Interim answers (1xx) are passed over: the answer comes behind them (RFC 9110, section 15.2).
    HTTPError 502 for anything but a status line where there should be one.
    """
    status = 0
    while status < 200:
        line = yield from received.line(LINE_BYTES, TOO_LONG)
        if not (matched := STATUS_LINE.fullmatch(line.decode("latin-1"))):
            raise HTTPError(502, f"This is no status line: {line!r}")
        status, fields = int(matched[1]), (yield from read_fields(received))
    return Answer(status, fields, (yield from read_content(received, method, status, fields)))


def read_fields(received: Incoming) -> Generator[None, None, Fields]:
    """Take field lines, and the empty line behind them. Trailers are the same."""
    fields = Fields()
    while line := (yield from received.line(LINE_BYTES, TOO_LONG)):
        fields.add(*parse_field_line(line))
    return fields


def read_content(
    received: Incoming, method: str, status: int, fields: Fields
) -> Generator[None, None, bytes]:
    """Take the content, and trailers behind chunks. Where it ends (RFC 9112, section 6.3):

    There is none in the answer to HEAD, in 204 and in 304, whatever their fields say. Else with
    `Transfer-Encoding: chunked` it is in chunks, with Content-Length it has so many bytes, and
    without either it goes on until the server has ended its side. `body_length` knows what is
    doubtful, and raises HTTPError.
    """
    if method == "HEAD" or not has_content(status):
        return b""
    if is_chunked("HTTP/1.1", fields):
        content = yield from read_chunks(received, MAX_BODY_BYTES)
        yield from read_fields(received)
        return content
    if "Transfer-Encoding" in fields or "Content-Length" in fields:
        return (yield from received.exactly(body_length(method, "HTTP/1.1", fields)))
    while not received.ended:
        yield
    return received.take(len(received))


def ask_all(host: str, port: int, requests: list[bytes]) -> Iterator[Answer]:
    """Send all requests at once, on one connection; give each answer as soon as it is whole.

    They come in the order of the requests (RFC 9112, section 9.3.2). There are fewer where the
    server ends the connection before: behind an answer with the option `close` there is none.
    Answers are read while requests are still being sent: a server that cannot send does not read
    either. ConnectionError for an end in the middle of an answer, HTTPError for one that is
    malformed; whatever happens, the connection is closed.
    """
    received = Incoming()
    with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
        sender = threading.Thread(target=send, args=(connection, b"".join(requests)), daemon=True)
        sender.start()
        try:
            for request in requests:
                if not received and not hear(connection, received):
                    break
                method = request.partition(b" ")[0].decode("latin-1")
                yield (answer := take(connection, received, read_answer(received, method)))
                if "close" in connection_options(answer.fields):
                    break
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # whoever still sends need not go on
            sender.join()


def send(connection: socket.socket, data: bytes) -> None:
    """Send all of it. A server that takes no more has ended the connection: its right."""
    with contextlib.suppress(OSError):
        connection.sendall(data)


def hear(connection: socket.socket, received: Incoming) -> bool:
    """Wait for the server, once; False where it has ended its side."""
    received += (data := connection.recv(CHUNK_BYTES))
    received.ended = not data
    return bool(data)


def take(
    connection: socket.socket, received: Incoming, reading: Generator[None, None, Answer]
) -> Answer:
    """What the reading comes to. ConnectionError where the server ends in the middle."""
    while True:
        try:
            next(reading)
        except StopIteration as done:
            return done.value
        if received.ended:
            raise ConnectionError("the connection ended in the middle of an answer")
        hear(connection, received)


def main() -> None:
    """Ask for all paths at once, and print what comes, and when."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port_number, default=8080, help="ask here (%(default)s)")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="such as /about")
    options = parser.parse_args()
    end = f" HTTP/1.1\r\nHost: {HOST}:{options.port}\r\n\r\n"
    requests = [f"GET {quote(path, '/?&=%')}{end}".encode() for path in options.paths]
    began, left = time.perf_counter(), options.paths
    try:
        for answer in ask_all(HOST, options.port, requests):
            took, length = time.perf_counter() - began, len(answer.content)
            print(f"{took:5.2f} s  {left.pop(0)}: {answer.status}, {length} bytes", flush=True)
    except (OSError, HTTPError) as error:
        sys.exit(f"It breaks off: {error}")
    if left:
        print("The connection has ended. No answer to:", *left)


if __name__ == "__main__":
    main()
