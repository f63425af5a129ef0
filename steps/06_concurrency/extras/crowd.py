"""Exercise 06.6: a client that asks many times at the same moment, and draws when what came."""

import argparse
import re
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from listening import port_number

NO_ANSWER = "no answer"

ANSWER_SECONDS = 60.0
"""How long the server may be silent."""

MOST = 1000
"""Each visitor is a thread with a socket, and a process may not have any number of either."""

WIDTH = 50
"""The characters that the time of a whole crowd is drawn with."""


@dataclass(frozen=True)
class Visit:
    """One request: readings of `time.perf_counter`, in order, and what has come of it."""

    began: float
    answered: float
    ended: float
    outcome: str
    """The status, such as "200 OK"; else NO_ANSWER, or the text of the error."""


def visit(host: str, port: int, path: str) -> Visit:
    """Ask for the path once, on a connection of its own, and read until the server closes it.

    It begins before the connection is made, is answered at the first byte that comes, and ends
    when the connection does: the request says Connection: close. Where no byte comes, `answered`
    is the end. An OSError is raised for nobody: its text is the outcome, also where a part of
    the answer has come before.
    """
    began, answered, answer = time.perf_counter(), None, b""
    request = f"GET {path} HTTP/1.1\r\nHost: {authority(host, port)}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(request.encode())
            while data := connection.recv(65536):
                answered = answered or time.perf_counter()
                answer += data
        outcome = status(answer)
    except OSError as error:
        outcome = error.strerror or str(error)
    ended = time.perf_counter()
    return Visit(began, answered or ended, ended, outcome)


def crowd(host: str, port: int, path: str, count: int) -> list[Visit]:
    """So many visits, that all begin at the same moment; one thread each."""
    gate = threading.Barrier(count)

    def one(number: int) -> Visit:
        gate.wait()
        return visit(host, port, path)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def authority(host: str, port: int) -> str:
    """The server as an address names it; an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def status(answer: bytes) -> str:
    """What the status line says after its version; NO_ANSWER where it is none."""
    line = answer.partition(b"\r\n")[0].decode("latin-1")
    version, _, rest = line.partition(" ")
    return rest.strip() if version.startswith("HTTP/") else NO_ANSWER


def timeline(visits: list[Visit]) -> list[str]:
    """A line for each visit: dots while it waits, # while its answer comes."""
    first = min(one.began for one in visits)
    whole = max(one.ended for one in visits) - first or 1.0
    lines = []
    for number, one in enumerate(visits, start=1):
        times = [moment - first for moment in (one.began, one.answered, one.ended)]
        began, answered, ended = (round(moment / whole * (WIDTH - 1)) for moment in times)
        bar = " " * began + "." * (answered - began) + "#" * (ended - answered + 1)
        words = " ".join(f"{moment:6.2f}" for moment in times)
        lines.append(f"{number:4} |{bar:{WIDTH}}| {words}  {one.outcome}")
    return lines


def number(text: str) -> int:
    """From 1 to MOST; for anything else an error that argparse shows."""
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST}, not {text!r}")
    return int(text)


def target(text: str) -> str:
    """A path, with a query perhaps; for anything else an error that argparse shows."""
    if not re.fullmatch("/[!-~]*", text):
        raise argparse.ArgumentTypeError(f"a path is like /slow, not {text!r}")
    return text


def main() -> None:
    """Ask as the options say, and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the server's address (%(default)s)")
    parser.add_argument("--port", type=port_number, default=8080, help="its port (%(default)s)")
    parser.add_argument("--path", type=target, default="/slow", help="ask for this (%(default)s)")
    parser.add_argument(
        "--count", type=number, default=10, metavar="N", help="so many times (%(default)s)"
    )
    options = parser.parse_args()
    visits = crowd(options.host, options.port, options.path, options.count)
    if not any(one.outcome[:1].isdigit() for one in visits):
        place = f"http://{authority(options.host, options.port)}"
        sys.exit(f"Nobody answers at {place}: {visits[0].outcome}. Is a server running there?")
    print(*timeline(visits), sep="\n")
    print("      . waits    # the answer comes    and the seconds: began, answered, ended")


if __name__ == "__main__":
    main()
