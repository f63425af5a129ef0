"""The command that sends a failing check's bytes once more."""

import os
from dataclasses import dataclass

QUOTE = '"' if os.name == "nt" else "'"

SHELL_SIGNS = {"'": b"'\\", '"': b'"\\%$`!'}
"""What is not itself between these quotes: single ones on POSIX, double ones on Windows."""

LONGEST = 400
"""Longer requests, in characters, are no use on a command line."""


@dataclass(frozen=True)
class Replay:
    """How the server of a check is found again.

    `step` is the label of the step whose server `course send` starts by itself, without the
    `options` that it had here: those are named beside the command. A server that
    the course does not start has no step, but a `url`, or the `command` that starts it, in which
    `{port}` stands for the port.
    """

    step: str = ""
    mine: bool = False
    script: str = "server"
    options: tuple[str, ...] = ()
    url: str = ""
    command: str = ""

    def lines(self, *pieces: bytes, drip: bool = False) -> tuple[str, ...]:
        """What to type to send the pieces one after the other, each once the last is answered.

        Nothing where nothing was sent; no command where it would be too long to be read.
        """
        count = sum(map(len, pieces))
        if not count:
            return ()
        quoted = " ".join(escaped(piece) for piece in pieces) if count <= LONGEST else ""
        if not 0 < len(quoted) <= LONGEST:
            return (f"({count:,} bytes were sent: too many for a command line)",)
        words = ["python", "-m", "course", "send", *self._target()]
        send = " ".join([*words, *(["--drip"] if drip else []), quoted])
        if self.command:
            return (f"{self.command.replace('{port}', '8080')}     (and in another terminal)", send)
        with_options = f"(here the server ran with {' '.join(self.options)})"
        return (send, with_options) if self.options else (send,)

    def _target(self) -> list[str]:
        if not self.step:
            return [self.url or "127.0.0.1:8080"]
        script = ["--script", self.script] if self.script != "server" else []
        return [self.step, *(["--mine"] if self.mine else []), *script]


def escaped(request: bytes) -> str:
    """The bytes in quotes as `course send` reads them, escapes in place of what a shell eats.

    A "-" in front would make an option of it.
    """
    text = "".join(escape(byte, SHELL_SIGNS[QUOTE]) for byte in request)
    return QUOTE + (f"\\x2d{text[1:]}" if text.startswith("-") else text) + QUOTE


def escape(byte: int, signs: bytes) -> str:
    r"""One byte: itself, \r, \n, \t or \xNN."""
    named = {0x0D: "\\r", 0x0A: "\\n", 0x09: "\\t"}
    if byte in named:
        return named[byte]
    plain = 0x20 <= byte < 0x7F and byte not in signs
    return chr(byte) if plain else f"\\x{byte:02x}"
