"""The server that is attacked: how to reach it, what it can do, and whether it still serves."""

import contextlib
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from course.attack.health import files_of, settled
from course.attack.messages import get
from course.attack.talking import Answers, Talk, talk, whole
from course.endings import Ending
from course.responses import Response
from course.servers import RunningServer

PROBE_SECONDS = 2.0
CONNECT_SECONDS = 2.0

HOSTILE_ADDRESS = "127.0.0.66"
"""Where attacks come from, so that a server can tell them from good clients by their address."""

SMALL_BUFFER = 4096
LARGE_BYTES = 1024 * 1024
"""An answer of so many bytes does not fit into what the kernel keeps between two programs."""


Options = Mapping[str, str]
"""Options of a server by name."""


class Unreachable(Exception):
    """A good client was not answered; the message says what it saw."""


@dataclass(frozen=True)
class Settings:
    """How the server was started: its options, and what follows from them."""

    options: tuple[str, ...] = ()
    patience: float | None = None
    """After how many seconds it is to drop a client that is too slow; None where nobody knows."""
    idle: float | None = None
    """After how many seconds without a request; None where it has no such option."""
    good: float = 5.0
    """How long a good client waits for its answer: it needs milliseconds, but a machine may be
    busy."""
    talk: float = 8.0
    """How long a hostile client waits for whatever comes."""
    slack: float = 4.0
    """How much later than its limits say a server on a busy machine may act."""


@dataclass
class Abilities:
    """What the server can do, as was found out by asking."""

    echoes: bool = False
    """Whether the last part of the path is in its answer: so answers can be told apart."""
    posts: str = "/"
    """A path that takes a body."""
    large: bytes = b""
    """A request with an answer of LARGE_BYTES at least; b"" where none is known."""
    keeps: bool = False
    pipelines: bool = False
    chunked: bool = False
    continues: bool = False

    @property
    def lacking(self) -> list[str]:
        """What a client of today expects, and does not get."""
        there = {
            "keep-alive": self.keeps,
            "pipelining": self.pipelines,
            "chunked bodies": self.chunked,
            "100-continue": self.continues,
        }
        return [name for name, can in there.items() if not can]


@dataclass
class Victim:
    """A server under attack.

    `opener` starts it, with some options that are other than the `settings` say, if it has these.
    """

    opener: Callable[[Options], RunningServer]
    settings: Settings = field(default_factory=Settings)
    large_paths: tuple[str, ...] = ()
    """Paths of something large, to be tried."""
    can: Abilities = field(default_factory=Abilities)

    def __post_init__(self) -> None:
        self.server = self._opened({})
        self.hostile = hostile_address(self.server.host)

    @property
    def pid(self) -> int | None:
        """The process, where it is ours to look at."""
        return self.server.pid

    @property
    def slow_seconds(self) -> float:
        """How long slow clients are observed: until the server must have lost its patience."""
        return (self.settings.patience or 1.0) + self.settings.slack

    def restart(self, options: Options | None = None) -> None:
        """Begin anew with a fresh server, with other options if there are any."""
        self.server.stop()
        self.server = self._opened(options or {})

    def _opened(self, options: Options) -> RunningServer:
        server = self.opener(options)
        if server.pid:
            settled(server.pid)
        return server

    def open_files(self) -> int:
        """How many files and sockets the server has open; 0 where nobody can tell."""
        return files_of(self.pid) if self.pid else 0

    def connect(self, *, hostile: bool = True, small: bool = False) -> socket.socket:
        """A new connection; `small` with little room for what comes. OSError where it fails."""
        family = socket.AF_INET6 if ":" in self.server.host else socket.AF_INET
        connection = socket.socket(family)
        try:
            if small:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            if hostile and self.hostile:
                connection.bind((self.hostile, 0))
            connection.settimeout(CONNECT_SECONDS)
            connection.connect((self.server.host, self.server.port))
        except OSError:
            connection.close()
            raise
        return connection

    def say(
        self,
        *pieces: bytes,
        seconds: float | None = None,
        hostile: bool = True,
        enough: Callable[[bytearray], bool] = lambda received: False,
    ) -> Talk:
        """Send the pieces on a new connection and read to its end; a reset where nobody answers."""
        try:
            with self.connect(hostile=hostile) as connection:
                return talk(connection, pieces, seconds or self.settings.talk, enough)
        except OSError:
            return Talk(ending=Ending.RESET)

    def ask(self, request: bytes, *, seconds: float | None = None, method: str = "GET") -> Answers:
        """Send a request on a new connection, and wait for the first whole answer or the end."""
        said = self.say(request, seconds=seconds, enough=whole(method))
        return said.answers([method])

    def question(self, token: str) -> bytes:
        """A good client's request; where the server echoes, the answer has the token in it."""
        path = f"/echo/{token}" if self.can.echoes else "/"
        return get(path)

    def is_own(self, response: Response, token: str) -> bool:
        """Whether it is the answer to the question with this token."""
        return response.status == 200 and (not self.can.echoes or token.encode() in response.body)

    def good(self) -> float:
        """Be a good client, once: how many seconds it took.

        Unreachable where there is no good answer in time.
        """
        token, began = secrets.token_hex(8), time.monotonic()
        request = self.question(token).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        said = self.say(request, seconds=self.settings.good, hostile=False, enough=whole())
        found = said.answers()
        if not found.responses:
            why = found.flaw or f"no answer within {self.settings.good:g} s"
            raise Unreachable(f"a good client: {why}")
        if not self.is_own(found.responses[0], token):
            raise Unreachable(f"a good client was answered {found.statuses[0]}")
        return time.monotonic() - began

    def is_usable(self) -> bool:
        """Whether a good client is answered at all."""
        with contextlib.suppress(Unreachable):
            return bool(self.good())
        return False


def hostile_address(host: str) -> str:
    """Another address of this machine, to attack from; "" where the system has none."""
    if not host.startswith("127."):
        return ""
    with socket.socket() as probe:
        try:
            probe.bind((HOSTILE_ADDRESS, 0))
        except OSError:
            return ""
    return HOSTILE_ADDRESS
