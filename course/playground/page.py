"""Where the page's worker and Python meet: what JavaScript calls, and what it is asked.

`outside` is the worker's side, a JavaScript module that it registers before it imports this.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import outside  # type: ignore[import-not-found]  # the page's worker
from pyodide.ffi import run_sync, to_js  # type: ignore[import-not-found]  # Python in a browser

from course.playground import depth, fake_signal, patience, starters
from course.playground.lines import Line, Network, ScriptedLine, Visits

depth.install()
patience.install()

from course.playground.serving import Program  # noqa: E402  # it must find the page's patience

STOP = -1
"""What `outside` answers when somebody has pressed Stop: the page's Ctrl-C."""

sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]

_program: Program | None = None


class PageLine(Line):
    """A connection from the page."""

    def arrival(self) -> bytes | None:
        """The next piece that the page has sent."""
        piece = outside.arrival(self.number)
        return None if piece is None else bytes(piece.to_bytes())

    def waiting(self) -> bool:
        """Whether the page has sent more."""
        return bool(outside.waiting(self.number))

    def ended(self) -> bool:
        """Whether the page will send no more."""
        return bool(outside.ended(self.number))

    def there(self) -> bool:
        """Whether the page still listens."""
        return bool(outside.there(self.number))


class PageNetwork(Network):
    """Connections from the page, as they come. To wait for them suspends Python, not the page."""

    def accept(self) -> Line | None:
        """The next one."""
        number = outside.accept()
        return None if number is None else PageLine(int(number), tell)

    def pending(self) -> bool:
        """Whether one waits."""
        return bool(outside.pending())

    def wait(self, seconds: float | None) -> None:
        """Until the page does something. KeyboardInterrupt, or a handler's call, for Stop."""
        if run_sync(outside.wait(seconds)) == STOP:
            fake_signal.raise_signal(fake_signal.SIGINT)


def tell(happening: str, number: int, data: bytes) -> None:
    """Let the page know what happens on a connection."""
    outside.tell(happening, number, to_js(data))


def prepare(label: str, script: str, edits: str, model: str, app: str) -> str:
    """Make a step's script ready; what one would type to run it."""
    global _program
    _program = Program(label, script, json.loads(edits), model, app)
    return _program.command


def serve() -> bool:
    """Run the script until somebody presses Stop; whether it ended as it should."""
    return ready().run(PageNetwork())


def visit(number: int, pieces: Sequence[Any], ends: bool) -> bool:
    """Run the script for one connection (0: for none), where Python cannot be suspended."""
    if number == 0:
        return ready().run(Visits())
    arrivals = [bytes(piece.to_bytes()) for piece in pieces]
    return ready().run(Visits([ScriptedLine(number, tell, arrivals, ends)]))


def ready() -> Program:
    """The script that was made ready."""
    if _program is None:
        raise RuntimeError("there is no script yet: prepare one")
    return _program


def check(label: str, edits: str, only: str, columns: int) -> str:
    """Run a step's checks, or an exercise's; how many ended how, as JSON."""
    os.environ["COLUMNS"] = str(columns)
    from course.playground import checking  # needs pytest, which is loaded when it is asked for

    return json.dumps(checking.run(label, json.loads(edits), only))


def blanked(text: str, original: str, names: str) -> str:
    """The module with these functions to be written, as far as nobody has begun them."""
    return starters.blanked(text, original, json.loads(names))
