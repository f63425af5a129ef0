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

from course.playground import depth, patience, starters
from course.playground.lines import Line, OneVisit, ScriptedLine

depth.install()
patience.install()

from course.playground.serving import Program  # noqa: E402  # it must find the page's patience

STOP = -1
"""What `outside` answers when somebody has pressed Stop: the page's Ctrl-C."""

sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]

_program: Program | None = None


class PageLine(Line):
    """A connection from the page. To wait for it suspends Python, and the page goes on."""

    def arrival(self, seconds: float | None) -> bytes | None:
        """The next piece, as the page sends it."""
        piece = waited(outside.arrival(self.number, seconds))
        return None if piece is None else bytes(piece.to_bytes())

    def waiting(self) -> bool:
        """Whether the page has sent more."""
        return bool(outside.waiting(self.number))

    def there(self) -> bool:
        """Whether the page still listens."""
        return bool(outside.there(self.number))


class PageNetwork:
    """Connections from the page, as they come."""

    def accept(self, seconds: float | None) -> Line | None:
        """The next one."""
        number = waited(outside.accept(seconds))
        return None if number is None else PageLine(int(number), tell)


def waited(promise: Any) -> Any:
    """What the promise brings. KeyboardInterrupt where it brings that somebody pressed Stop."""
    answer = run_sync(promise)
    if answer == STOP:
        raise KeyboardInterrupt
    return answer


def tell(happening: str, number: int, data: bytes) -> None:
    """Let the page know what happens on a connection."""
    outside.tell(happening, number, to_js(data))


def prepare(label: str, script: str, edits: str) -> str:
    """Make a step's script ready; what one would type to run it."""
    global _program
    _program = Program(label, script, json.loads(edits))
    return _program.command


def serve() -> bool:
    """Run the script until somebody presses Stop; whether it ended as it should."""
    return ready().run(PageNetwork())


def visit(number: int, pieces: Sequence[Any], ends: bool) -> bool:
    """Run the script for one connection (0: for none), where Python cannot be suspended."""
    if number == 0:
        return ready().run(OneVisit())
    arrivals = [bytes(piece.to_bytes()) for piece in pieces]
    return ready().run(OneVisit(ScriptedLine(number, tell, arrivals, ends)))


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
