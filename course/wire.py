"""The checks' client: raw bytes out, a strict response parser in, a deadline on every wait.

    server.ask(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n").expect(status=200, contains="Hello")

sends the request in one piece, byte by byte, and with the next request right behind it.
"""

from dataclasses import replace
from typing import NamedTuple

from course.connection import QUIET_SECONDS, Connection
from course.conversation import Wire
from course.expectations import Answer, Delivery
from course.output import has_whole_traceback, traceback_in
from course.replay import Replay
from course.servers import RunningServer, ServerNotStarted
from course.xray import CheckFailure, Flaw, XRay

__all__ = ["Answer", "CheckFailure", "Replay", "Server", "ServerNotStarted", "Wire"]

BEHIND = b"GET /behind HTTP/1.1\r\nHost: behind\r\n\r\n"
"""What stands behind a request: the next one, of which no byte belongs to the first."""

DYING_SECONDS = 0.25
"""How long a report waits for the traceback, or the end, of a server that closed a connection."""

FAILED = "The server's code failed: its output says where."

BUSY = (
    "The server has not read a byte of this: is it still busy with an earlier client? When that "
    'one has left, recv() answers b"": there the conversation, and its loop, must end.'
)

ONLY_DRIPPED = (
    "The same request in one piece got its answer. One recv() may bring only a part of a request, "
    "even a single byte: read on until it is whole."
)
ONLY_BEHIND = (
    "The same request alone got its answer. What stands behind a request belongs to the next one: "
    "it must not change the answer to the first."
)


class Server:
    """A server to check. `replay` says how a person finds it again, for the reports."""

    def __init__(
        self,
        running: RunningServer,
        replay: Replay | None = None,
        *,
        deadline: float = QUIET_SECONDS,
    ) -> None:
        self.running = running
        self.replay = replay or Replay(url=running.url)
        self.deadline = deadline

    @property
    def host(self) -> str:
        """The address to connect to."""
        return self.running.host

    @property
    def port(self) -> int:
        """The port to connect to."""
        return self.running.port

    @property
    def url(self) -> str:
        """The server's address: http://127.0.0.1:54321"""
        return self.running.url

    def connect(self, *, deadline: float | None = None) -> Wire:
        """A raw connection, as a context manager; raises ServerNotStarted where nobody answers."""
        __tracebackhide__ = True
        return self._wire(_Watch(self), deadline)

    def ask(self, request: bytes, *, behind: bool = True, close_delimited: bool = False) -> Answer:
        """Send the request on fresh connections: whole, byte by byte, with more bytes behind it.

        Each must bring one well-framed response; raises CheckFailure where one does not. Without
        `behind` the third way is left out, with `close_delimited` the end of the connection may
        frame the response.
        """
        __tracebackhide__ = True
        ways = [_Way(request), _Way(request, drip=True)] + [_Way(request, BEHIND)] * behind
        deliveries = [self._deliver(way, close_delimited=close_delimited) for way in ways]
        return Answer(tuple(deliveries))

    def _deliver(self, way: "_Way", *, close_delimited: bool) -> Delivery:
        __tracebackhide__ = True
        with self._wire(_Watch(self, way.context)) as wire:
            if way.behind:
                wire.send_together(way.request, way.behind)
            else:
                wire.send(way.request, drip=way.drip)
            response = wire.response(method_of(way.request), close_delimited=close_delimited)
            wire.expect_end(response, behind=bool(way.behind))
            return Delivery(response, wire.fail)

    def _wire(self, watch: "_Watch", deadline: float | None = None) -> Wire:
        connection = self.running.connect()
        return Wire(connection, watch, self.deadline if deadline is None else deadline)


class _Way(NamedTuple):
    """One way to send a request."""

    request: bytes
    behind: bytes = b""
    drip: bool = False

    @property
    def context(self) -> str:
        """What it means when this way fails, after the first did not."""
        return ONLY_DRIPPED if self.drip else ONLY_BEHIND if self.behind else ""


class _Watch:
    """What happens at the server during one connection; makes the report of a failure on it."""

    def __init__(self, server: Server, context: str = "") -> None:
        self._server = server
        self._context = context
        self._since = server.running.printed

    def failure(self, flaw: Flaw, wire: Connection, *, silent: bool) -> CheckFailure:
        """The report: what was said, how it ended, the server's traceback, how to replay it."""
        output = self._traceback(wire)
        ending = self._ending(wire, silent=silent, failed=bool(output))
        replay = self._server.replay.lines(*wire.sent, drip=wire.dripped)
        if output and not wire.answered:
            flaw = replace(flaw, advice=FAILED)
        elif silent and wire.is_unread:  # a new server, without that client, would show nothing
            flaw, replay = replace(flaw, advice=BUSY), ()
        return CheckFailure(XRay(flaw, wire.talk, ending, self._context, output, replay))

    def _traceback(self, wire: Connection) -> str:
        """The traceback that the server printed since the connection was made, if there is one.

        It may come a moment after the end of the connection; after a whole response there is
        none to wait for.
        """
        own = self._server.running.own
        if own is None:
            return ""
        seconds = DYING_SECONDS if wire.ending and not wire.answered else 0
        own.output.wait_for(has_whole_traceback, seconds, self._since)
        return traceback_in(own.output.since(self._since))

    def _ending(self, wire: Connection, *, silent: bool, failed: bool) -> str:
        own = self._server.running.own
        seconds = DYING_SECONDS if failed and not wire.answered else 0
        died = f"; its process {own.ending}" if own and own.has_ended(seconds) else ""
        if wire.ending:
            return f"then {wire.ending.value}{died}"
        if silent:
            return f"nothing for {wire.deadline:.1f} s; the connection is still open{died}"
        return "the connection is still open" if wire.is_open else ""


def method_of(request: bytes) -> str:
    """The method of a request; a server skips empty lines before it (RFC 9112, section 2.2)."""
    return request.lstrip(b"\r\n").partition(b" ")[0].decode("latin-1")
