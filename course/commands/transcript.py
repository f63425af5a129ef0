"""What the wiretap and `send` print of a conversation: every byte, its direction and its time."""

import _thread
import threading
import time
from datetime import datetime

from rich.text import Text

from course.console import Out
from course.visible import visible

INDENT = "    "
CLIENT, SERVER, NOTE, BAD = "cyan", "green", "dim", "red"


class Transcript:
    """The page that all connections are written on, one event after the other."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.out = Out()
        self.lock = threading.Lock()
        self.arrows = {True: self.out.sign("→", "->"), False: self.out.sign("←", "<-")}

    def connection(self, number: int) -> "ConnectionLog":
        """The log of a new connection."""
        return ConnectionLog(self, f"#{number}")

    def write(self, text: Text) -> None:
        """Print an event in one piece; where nobody reads any more, the wiretap ends."""
        try:
            with self.lock:
                self.out.print(text, soft_wrap=True)
                self.out.file.flush()
        except (OSError, SystemExit):
            _thread.interrupt_main()


class ConnectionLog:
    """What happens on one connection."""

    def __init__(self, transcript: Transcript, label: str) -> None:
        self.transcript = transcript
        self.label = label
        self.began = self.last = time.monotonic()

    def data(self, from_client: bool, data: bytes) -> None:
        """Bytes that passed, CR and LF visible; past the limit only their number."""
        limit, out = self.transcript.limit, self.transcript.out
        text = self._head(from_client, count(len(data)))
        style = CLIENT if from_client else SERVER
        for line in visible(data[:limit], out.alphabet.encoding):
            text.append(f"\n{INDENT}{line}", style)
        if len(data) > limit:
            more = f"{out.alphabet.gap} {count(len(data) - limit)} more, passed on and not shown"
            text.append(f"\n{INDENT}{more}", NOTE)
        self.transcript.write(text)

    def end(self, from_client: bool) -> None:
        """One side said that it sends no more."""
        side = "client" if from_client else "server"
        self.transcript.write(self._head(from_client, f"{side} sends no more"))

    def note(self, words: str, *, bad: bool = False) -> None:
        """Something that happened to the connection."""
        text = self._head(None, "")
        self.transcript.write(text.append(words, BAD if bad else NOTE))

    def over(self, there: int, back: int) -> None:
        """Both sides have ended."""
        seconds = time.monotonic() - self.began
        sizes = f"{count(there)} to the server, {count(back)} to the client"
        self.note(f"closed after {seconds:.3f} s: {sizes}")

    def _head(self, from_client: bool | None, words: str) -> Text:
        """Number, direction, time of day, and the time since the last event."""
        now = time.monotonic()
        delta, self.last = now - self.last, now
        arrow = "--" if from_client is None else self.transcript.arrows[from_client]
        clock = datetime.now().strftime("%H:%M:%S.%f")[:-3]
        style = NOTE if from_client is None else CLIENT if from_client else SERVER
        return Text.assemble(
            (f"{self.label} {arrow:2} ".lstrip(), f"bold {style}"),
            (f"{clock} +{delta:.3f} s  ", NOTE),
            words,
        )


def count(size: int) -> str:
    """A number of bytes in words."""
    return f"{size:,} byte{'' if size == 1 else 's'}"
