"""How the commands speak: in colour on a terminal, plain and whole in a pipe."""

import sys

from rich.console import Console
from rich.text import Text

from course.visible import Alphabet
from course.xray import CheckFailure

WIDE = 1000
"""A pipe has no width: nothing is wrapped or cut there."""


def tell_failure(failure: CheckFailure) -> None:
    """A server that does not start explains itself, on stderr."""
    print(failure.report(colour=sys.stderr.isatty()), file=sys.stderr)


class Out(Console):
    """Rich's console, with what this course asks of it."""

    def __init__(self) -> None:
        terminal = sys.stdout.isatty()
        super().__init__(
            highlight=False, markup=False, emoji=False, width=None if terminal else WIDE
        )
        self.alphabet = Alphabet(sys.stdout.encoding)

    def say(self, *parts: str | tuple[str, str]) -> None:
        """One line, made of plain parts and (text, style) pairs. Only the terminal wraps it."""
        self.print(Text.assemble(*parts), soft_wrap=True)

    def sign(self, fancy: str, plain: str) -> str:
        """The sign, or what stands for it where the encoding does not have it."""
        return fancy if self.alphabet.shows(fancy) else plain

    def bar(self, done: int, total: int, width: int = 12) -> Text:
        """A progress bar."""
        full = done * width // total if total else 0
        filled, empty = self.sign("█", "#"), self.sign("░", ".")
        return Text.assemble((filled * full, "green"), (empty * (width - full), "dim"))
