"""A conversation with a server, written down as it goes: what was said, when, and by whom."""

import socket
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from matplotlib.figure import Figure

from course.lab import drawing
from course.lab.seeing import lines_of
from course.lab.servers import Server

QUIET_SECONDS = 2.0
"""When the server has said nothing for so long after our last word, we stop listening."""

LINE_CHARACTERS = 38
"""What fits beside an arrow."""


class Event(NamedTuple):
    """Something that happened `seconds` after the connection was made."""

    seconds: float
    who: str  # "client" or "server"
    data: bytes  # b"": it closed its side


@dataclass
class Talk:
    """What went over one connection."""

    events: list[Event] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    @property
    def received(self) -> bytes:
        """All that the server said."""
        return b"".join(event.data for event in self.events if event.who == "server")

    @property
    def closed(self) -> bool:
        """Whether the server closed the connection."""
        return any(event.who == "server" and not event.data for event in self.events)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.events[-1].seconds if self.events else 0.0

    def add(self, who: str, data: bytes) -> None:
        """Write an event down."""
        self.events.append(Event(time.perf_counter() - self.began, who, data))

    def __str__(self) -> str:
        arrows = {"client": "->", "server": "<-"}
        lines = []
        for event in self.events:
            words = lines_of(event.data) if event.data else [f"({event.who} closes)"]
            lines.append(f"{event.seconds:7.3f} s {arrows[event.who]} {words[0]}")
            lines += [" " * 13 + line for line in words[1:]]
        return "\n".join(lines)

    def drawn(self) -> Figure:
        """The conversation as arrows between two lines, time running down."""
        figure: Figure
        figure, axes = drawing.subplots(height=1.2 + 0.36 * len(self.events))
        end = max(self.seconds, 0.001)
        room = end / max(len(self.events), 1) * 0.8
        at = 0.0
        for number, event in enumerate(self.events):
            at = event.seconds if number == 0 else max(event.seconds, at + room)
            _arrow(axes, at, event)
        axes.set(xlim=(-0.36, 1.36), ylim=(at + room, -room), xticks=[])
        axes.vlines((0, 1), -room, at + room, color=drawing.INK, linewidth=1.5)
        for x, name in ((0, "client"), (1, "server")):
            axes.text(x, -1.05 * room, name, ha="center", va="bottom", weight="bold")
        axes.set_yticks([], [])
        axes.grid(False)
        axes.spines[:].set_visible(False)
        return figure


def _arrow(axes: drawing.Axes, at: float, event: Event) -> None:
    ours = event.who == "client"
    start, end = (0, 1) if ours else (1, 0)
    color = drawing.BLUE if ours else drawing.ORANGE
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, at), (start, at), arrowprops=style)
    words = short(event.data) if event.data else "closes its side"
    axes.text(0.5, at, words, ha="center", va="bottom", color=color, family="monospace", size=9)
    side = -0.03 if ours else 1.03
    time_of_day = f"{event.seconds * 1000:,.0f} ms"
    axes.text(side, at, time_of_day, ha="right" if ours else "left", va="center", size=9)


def short(data: bytes) -> str:
    """The beginning of the bytes in one line."""
    text = "".join(lines_of(data[:200])).replace("$", r"\$")
    return text if len(text) <= LINE_CHARACTERS else f"{text[: LINE_CHARACTERS - 1]}…"


def converse(server: Server, *words: bytes | float, quiet: float = QUIET_SECONDS) -> Talk:
    """Say something to a server and write down what happens, until it closes or falls silent.

    Bytes are sent, each of them at once; a number is a pause of so many seconds, in which we
    listen. b"" closes our side.
    """
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = Talk()
        for word in words:
            if isinstance(word, bytes):
                _say(connection, talk, word)
            else:
                _listen(connection, talk, word, at_rest=False)
        _listen(connection, talk, quiet, at_rest=True)
    return talk


def _say(connection: socket.socket, talk: Talk, data: bytes) -> None:
    try:
        if data:
            connection.sendall(data)
        else:
            connection.shutdown(socket.SHUT_WR)
    except OSError:
        return  # It closed before we had finished: what it said is there to be read.
    talk.add("client", data)


def _listen(connection: socket.socket, talk: Talk, seconds: float, *, at_rest: bool) -> None:
    """Read for so many seconds; `at_rest` counts them from the last byte that came."""
    until = time.perf_counter() + seconds
    while not talk.closed and (left := until - time.perf_counter()) > 0:
        connection.settimeout(left)
        try:
            chunk = connection.recv(65536)
        except TimeoutError:
            return
        except OSError:
            chunk = b""
        talk.add("server", chunk)
        until = time.perf_counter() + seconds if at_rest else until
