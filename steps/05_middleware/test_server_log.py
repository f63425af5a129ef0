"""`server_log.py`: messages on stderr, in which no stranger writes a line."""

import re
import traceback

import pytest

from server_log import quoted, tell_failure, to_stderr

FORGED = '127.0.0.1 - ada [06/Nov/1994:03:00:00 +0000] "GET /admin HTTP/1.1" 200 4711'

NOT_PRINTABLE = {
    "escape sequence of a terminal": "\x1b[2J",
    "carriage return": "\r",
    "NUL": "\0",
    "next line": "\x85",
    "line separator": "\N{LINE SEPARATOR}",
    "right to left": "\N{RIGHT-TO-LEFT OVERRIDE}",
    "half a surrogate pair": "\ud800",
}


def trace_of(text: str) -> str:
    """The traceback of an exception with this text."""
    try:
        raise ValueError(f"no such user: {text}")
    except ValueError:
        return traceback.format_exc()


def test_to_stderr(capsys):
    """A message goes to stderr, in one piece, with its line end."""
    to_stderr("one line")
    to_stderr("two\nlines")
    assert capsys.readouterr() == ("", "one line\ntwo\nlines\n")


@pytest.mark.parametrize("error", [OSError(28, "No space left"), ValueError("I/O on closed file")])
def test_log_that_cannot_be_written(monkeypatch, error):
    """What cannot be written is lost, and nobody is disturbed."""

    class Broken:
        def write(self, text: str) -> None:
            raise error

    monkeypatch.setattr("sys.stderr", Broken())
    to_stderr("lost")


def test_no_log_at_all(monkeypatch):
    """A program that was started without a stderr has None in its place: it serves all the same."""
    monkeypatch.setattr("sys.stderr", None)
    to_stderr("lost")


def test_traceback_is_whole():
    """Every line of the traceback is there, further in than the lines of the log."""
    trace = trace_of("ada")
    assert [line[4:] for line in quoted(trace).split("\n")] == trace.splitlines()
    assert all(line.startswith("    ") for line in quoted(trace_of("a\n\nb")).split("\n"))


def test_stranger_writes_no_line():
    """Line ends in what a stranger has sent begin no line that looks like one of the log's."""
    text = quoted(trace_of(f"x\n{FORGED}\r\n{FORGED}"))
    lines = re.split(r"[\r\n]+", text)
    assert [line for line in lines if not line.startswith("    ")] == []


@pytest.mark.parametrize("sign", NOT_PRINTABLE.values(), ids=NOT_PRINTABLE)
def test_what_cannot_be_printed(sign):
    """What moves a terminal's cursor, or cannot be written at all, is escaped."""
    text = quoted(trace_of(f"a{sign}b"))
    assert sign not in text
    assert ascii(sign)[1:-1] in text
    text.encode("utf-8")


def test_failure_is_told(capsys):
    """The exception that is being handled goes to stderr, with its traceback."""
    try:
        raise ValueError("no such user")
    except ValueError:
        tell_failure()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("    Traceback (most recent call last):\n")
    assert err.endswith("    ValueError: no such user\n")
