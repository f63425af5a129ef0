"""What the server has to say to whoever runs it: on stderr, and nothing that a stranger wrote."""

import contextlib
import sys
import textwrap
import traceback


def to_stderr(text: str) -> None:
    """Write a line where a server's messages belong: in one piece, at once, and come what may.

    A log that can't be written, on a full disk, to a closed terminal, or to none at all, is no
    reason not to serve.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def tell_failure() -> None:
    """Write the traceback of the exception that is being handled."""
    to_stderr(quoted(traceback.format_exc()))


def quoted(trace: str) -> str:
    """A traceback as it may stand in a log.

    The text of an exception often holds what a stranger has sent, line ends and all. So every
    line is indented: none looks like one of ours. What cannot be printed is escaped.
    """
    harmless = "".join(
        one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in trace
    )
    return textwrap.indent(harmless.rstrip("\n"), "    ", lambda line: True)
