"""The client that measures: many connections in one thread, every answer looked at.

    python -m course.bench.client ORDER.json RESULT.json

It is a process of its own, so that it does not share an interpreter with the server or with what
draws the progress. Each of its connections asks again as soon as it has its answer (a "closed
loop"): a slow server is asked less often.
"""

import contextlib
import errno
import json
import re
import selectors
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.bench.company import Guests
from course.bench.descriptors import raise_limit
from course.bench.scenarios import Company
from course.bench.trees import use_of

CHUNK_BYTES = 64 * 1024
REST_SECONDS = 0.05
"""After a failure a connection rests for a moment: a server that refuses is not to be flooded."""

POLL_SECONDS = 0.05
NOT_YET = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOTCONN, errno.EINPROGRESS}
NO_ANSWER = "no answer"

clock = time.perf_counter


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close\r\n", re.IGNORECASE)


class Visit:
    """One request, on a connection of its own or on one that is kept."""

    __slots__ = ("began", "connection", "received", "unsent", "word")

    def __init__(self, connection: socket.socket, word: bytes, request: bytes) -> None:
        self.connection = connection
        self.word = word
        self.unsent = request
        self.received = b""
        self.began = clock()

    @property
    def is_whole(self) -> bool:
        """Whether the answer is there, by the length that it tells."""
        head, end, content = self.received.partition(b"\r\n\r\n")
        length = LENGTH.search(head + end[:2]) if end else None
        return length is not None and len(content) >= int(length[1])

    @property
    def closes(self) -> bool:
        """Whether the server ends the connection after this answer."""
        return CLOSES.search(self.received.partition(b"\r\n\r\n")[0] + b"\r\n") is not None

    def verdict(self) -> str:
        """What is wrong with the answer; "" where it is the one to this request, and whole."""
        status = self.received[9:12].decode("latin-1")
        if not self.received:
            return "closed without an answer"
        if status != "200":
            return f"status {status}"
        return "" if self.received.endswith(b"\r\n\r\n" + self.word) else "not our answer"


class Load:
    """A number of clients that ask for one path, again and again."""

    def __init__(
        self, port: int, path: str, connections: int, patience: float, *, kept: bool = False
    ) -> None:
        """With `kept` a client asks on one connection for as long as the server keeps it."""
        self.kept = kept
        self.address = ("127.0.0.1", port)
        self.path = path
        self.connections = connections
        self.patience = patience
        self.selector = selectors.DefaultSelector()
        self.visits: set[Visit] = set()
        self.resting: deque[float] = deque()
        self.rows: list[tuple[float, float, str]] = []
        """Every request: when it began, when it ended, and what was wrong."""
        self.asked = 0

    def run(
        self, warm_up: float, window: float, each_turn: Callable[[], None] = lambda: None
    ) -> dict[str, Any]:
        """Ask for so long, then wait for what is still to come; what became of every request."""
        self.rows.clear()
        opens = clock() + warm_up
        self.until = opens + window
        for _ in range(self.connections):
            self.ask()
        while (self.visits or self.resting) and clock() < self.until + self.patience:
            for key, _ in self.selector.select(POLL_SECONDS):
                self.go_on(key.data)
            while self.resting and self.resting[0] <= clock():
                self.resting.popleft()
                self.ask()
            each_turn()
        for visit in list(self.visits):
            self.end(visit, NO_ANSWER)
        self.resting.clear()
        return accounts(self.rows, opens, window)

    def visit(self, connection: socket.socket) -> Visit:
        """One more request, not sent yet."""
        self.asked += 1
        word = b"%d-%d" % (self.asked, time.monotonic_ns())
        wish = b"" if self.kept else b"Connection: close\r\n"
        request = b"GET %s/%s HTTP/1.1\r\nHost: bench\r\n%s\r\n"
        visit = Visit(connection, word, request % (self.path.encode(), word, wish))
        self.visits.add(visit)
        return visit

    def ask(self) -> None:
        """Begin one request on a new connection, unless the time for that is over."""
        if clock() >= self.until:
            return
        visit = self.visit(socket.socket())
        visit.connection.setblocking(False)
        code = visit.connection.connect_ex(self.address)
        if code not in NOT_YET | {0}:
            self.end(visit, errno.errorcode.get(code, str(code)))
        elif not self.sent(visit):
            self.selector.register(visit.connection, selectors.EVENT_WRITE, visit)
        elif visit in self.visits:
            self.selector.register(visit.connection, selectors.EVENT_READ, visit)

    def sent(self, visit: Visit) -> bool:
        """Send what is unsent; False where the connection is not ready for that."""
        try:
            visit.unsent = visit.unsent[visit.connection.send(visit.unsent) :]
        except OSError as error:
            if error.errno in NOT_YET:
                return False
            self.end(visit, errno.errorcode.get(error.errno or 0, str(error)))
        return not visit.unsent or visit not in self.visits

    def go_on(self, visit: Visit) -> None:
        """The connection is ready: send, or read up to the server's end of it."""
        if visit.unsent:
            if self.sent(visit) and visit in self.visits:
                self.selector.modify(visit.connection, selectors.EVENT_READ, visit)
            return
        try:
            data = visit.connection.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self.end(visit, errno.errorcode.get(error.errno or 0, str(error)))
            return
        visit.received += data
        if not data or (self.kept and visit.is_whole):
            self.end(visit, visit.verdict(), lives_on=bool(data) and not visit.closes)

    def ask_again(self, connection: socket.socket) -> None:
        """One more request on a connection that is kept."""
        visit = self.visit(connection)
        ready = self.sent(visit)
        if visit in self.visits:
            event = selectors.EVENT_READ if ready else selectors.EVENT_WRITE
            self.selector.modify(connection, event, visit)

    def end(self, visit: Visit, wrong: str, *, lives_on: bool = False) -> None:
        """A request is over, well or not; its client goes on with the next."""
        self.rows.append((visit.began, clock(), wrong))
        self.visits.discard(visit)
        if lives_on and not wrong and clock() < self.until:
            self.ask_again(visit.connection)
            return
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(visit.connection)
        visit.connection.close()
        if wrong:
            self.resting.append(clock() + REST_SECONDS)
        else:
            self.ask()


def accounts(rows: list[tuple[float, float, str]], opens: float, window: float) -> dict[str, Any]:
    """What became of the requests.

    The rate is that of the good answers that came within the window. The latencies are those of
    all good answers to requests that began after the warm-up, also of those that came when the
    window was over. A failure counts whenever it was.
    """
    good = [(began, ended) for began, ended, wrong in rows if not wrong]
    return {
        "rate": sum(opens <= ended < opens + window for _, ended in good) / window,
        "latencies": [round(ended - began, 6) for began, ended in good if began >= opens],
        "failed": dict(Counter(wrong for _, _, wrong in rows if wrong)),
    }


def measured(order: dict[str, Any]) -> dict[str, Any]:
    """Do what the order says: ask, or ask twice: then also in company, or on kept connections."""
    load = Load(order["port"], order["path"], order["connections"], order["patience"])
    company = Company(**order["company"])
    result: dict[str, Any] = {}
    if company.total or order["kept"]:
        result["before"] = load.run(order["warm_up"], order["window"])
    load.kept = order["kept"]
    with contextlib.closing(Guests(load.address)) as guests:
        before = use_of(order["pid"])
        result["guests"] = guests.come(company)
        result |= load.run(order["warm_up"], order["window"], guests.each_turn)
        result["grown"] = use_of(order["pid"]).memory - before.memory
    return result


def main() -> None:
    """Carry out the order in one file, and write what came of it into another."""
    raise_limit()
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(measured(order)), encoding="utf-8")


if __name__ == "__main__":
    main()
