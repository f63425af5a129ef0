"""What varies from run to run, written as if it did not: dates, durations, versions."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import groupby
from pathlib import Path

FILES_DATE = datetime(2025, 1, 1, 9, tzinfo=UTC)
"""When the steps' files were last changed, as far as a recording knows."""

NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""The time at which all recordings are made."""

COLUMNS = 80
"""How wide the terminals are."""

HTTP_DATE = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT\b")
TAG = re.compile(r'"([0-9a-f]{14,16})-([0-9a-f]+)"')
LOG_DATE = re.compile(r"(?<=\[)\d\d/[A-Z][a-z]{2}/20\d\d:\d\d:\d\d:\d\d (?=[+-]\d{4}\])")
MOMENT = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?=Z|[+-]\d\d:\d\d)")
BANNER = re.compile(r"^=+ (.*) =+$", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CARETS = re.compile(r'(^ +File "[^\n]+\n +[^\n]+\n) +[~^]+\n', re.MULTILINE)

EVENT = re.compile(r"\b\d\d:\d\d:\d\d\.\d{3} \+(\d+\.\d{3}) s\b")
"""The times of an event in what `send` and `wiretap` print."""

VISIT = re.compile(r"^ *\d+ \|([ .#]+)\| +([\d.]+) +([\d.]+) +([\d.]+)  (.+)$")
"""A line of step 06's crowd: a bar, the seconds when it began, was answered and ended, and how."""

ATTACKED = re.compile(r"^[✓✗·] +[a-z-]+ +.*$")
"""A line of the scorecard that `attack` prints."""

USUAL = (
    (r"^(. +hoarders .*) \d+\.\d s\b", r"\1 2.20 s"),  # its time limit is the longer one
    (r"\b\d+\.\d s\b", "1.2 s"),
    (r"\b2\.20 s\b", "2.2 s"),
    (r"\b\d+ ms\b", "20 ms"),
    (r"\b[\d,]+ KB\b", "1,000 KB"),
    (r"\+\d+ MB\b", "+1 MB"),
    (r"\b\d+ MB of memory\b", "330 MB of memory"),
    (r"\b[\d,]+ times with 503\b", "5,000 times with 503"),
)
"""What is measured in it differs each time, and decides nothing that the mark does not say."""

ARRIVED = re.compile(r"^((?:#\d+ )?←  .*  )([\d,]+) bytes?$")
"""An event: bytes from the server."""

PLAIN: tuple[tuple[str, str], ...] = (
    (r"\bin \d+\.\d\ds\b", "in 0.12s"),
    (r"\bafter \d+ ms\b", "after 0 ms"),
    (r"\bafter (\d+)\d{3} milliseconds\b", r"after \g<1>000 milliseconds"),
    (r"\bafter \d+\.\d{3} s\b", "after 0.001 s"),
    (r"\bafter (\d+)\.\d{6} s\b", r"after \1.0 s"),
    (r"(?m)^( +\d+)\.\d\d s  /", r"\1.00 s  /"),
    (r"Couldn't connect to server", "Could not connect to server"),
    (
        r"transfer closed with (\d+) bytes remaining to read",
        r"end of response with \1 bytes missing",
    ),
    (r"\bPython-urllib/3\.\d+", "Python-urllib/3.11"),
    (r"(?<=Server: nginx)/[\d.]+", ""),
    (r"(?m)(?<=^\[)[\d-]{10} [\d:]{8},\d{3}(?=\] ERROR in )", f"{NOW:%Y-%m-%d %H:%M:%S},000"),
    (r"(?m)^[DIRS][l+<]* +python$", "S    python"),
    (r"(?m)^(Z\+? +python) <defunct>$", r"\1"),
    (r"\b0x[0-9a-f]{6,16}\b", "0x7f0000000000"),
    (r"\b[0-9a-f]{32}\b", "3f2a9c0d5e714b86a1d09e27c35f8b64"),
    (r"\bdur=\d+\.\d{3}\b", "dur=0.123"),
    (r'"milliseconds": \d+\.\d+', '"milliseconds": 0.123'),
    (r"\[tcp/[^\]\n]+\]", "[tcp/http-alt]"),
    (r'File "[^"\n]*/lib/python3\.\d+/([^"\n]+)", line \d+', r'File "…/\1", line 1'),
    (r"(?m)^(platform|cachedir:|rootdir:|plugins:) .*\n", ""),
)
"""Patterns and what stands for them; curl's newest words stand for its older ones."""


def constant(text: str, root: Path) -> str:
    """The output of a program that ran in the folder `root`, as it is shown."""
    text = ANSI.sub("", text)
    text = text.replace(f"{root}/", "").replace(str(root), ".")
    text = HTTP_DATE.sub(one_of(http_date(FILES_DATE), http_date(NOW)), text)
    text = TAG.sub(one_tag, text)
    text = MOMENT.sub(f"{NOW:%Y-%m-%dT%H:%M:%S}", text)
    text = LOG_DATE.sub(f"{NOW:%d/%b/%Y:%H:%M:%S} ", text)
    text = CARETS.sub(r"\1", text)
    text = "\n".join(arrived_together(EVENT.sub(Clock(), text).split("\n")))
    text = "\n".join(in_whole_seconds(text.split("\n")))
    text = "\n".join(map(as_usual, text.split("\n")))
    for pattern, replacement in PLAIN:
        text = re.sub(pattern, replacement, text)
    return CONTROL.sub(escape, BANNER.sub(centred, text))


def as_usual(line: str) -> str:
    """The line; where an attack has measured something, with what is usual."""
    if not ATTACKED.match(line):
        return line
    for pattern, replacement in USUAL:
        line = re.sub(pattern, replacement, line)
    return line


def one_of(kept: str, otherwise: str) -> Callable[[re.Match[str]], str]:
    """A replacement that keeps one text and puts another in place of the rest."""
    return lambda match: kept if match[0] == kept else otherwise


def http_date(moment: datetime) -> str:
    """As HTTP writes it: Wed, 01 Jan 2025 09:00:00 GMT"""
    return format_datetime(moment, usegmt=True)


def one_tag(match: re.Match[str]) -> str:
    """An entity tag of step 04: the nanoseconds of the file's date, and its size."""
    files, now = (f"{int(moment.timestamp()) * 10**9:x}" for moment in (FILES_DATE, NOW))
    return f'"{files if match[1] == files else now}-{match[2]}"'


class Clock:
    """Times of day in a log of bytes, and the time since the event before, in whole seconds."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self, match: re.Match[str]) -> str:
        """The times of one event."""
        seconds = int(float(match[1]))  # a busy machine adds some, and takes none away
        self.now += timedelta(seconds=seconds)
        return f"{self.now:%H:%M:%S}.000 +{seconds}.000 s"


def arrived_together(lines: list[str]) -> Iterator[str]:
    """The lines of a log of bytes, with what a server sent within a second as one event.

    TCP may bring it in one piece or in several: that differs from run to run.
    """
    kept: list[str] = []
    for line in lines:
        event = ARRIVED.match(line)
        before = last_event(kept)
        earlier = ARRIVED.match(kept[before]) if before is not None else None
        if before is not None and event and earlier and is_same_moment(event[1], earlier[1]):
            size = sum(int(one[2].replace(",", "")) for one in (event, earlier))
            kept[before] = f"{earlier[1]}{size:,} bytes"
        else:
            kept.append(line)
    yield from kept


def last_event(lines: list[str]) -> int | None:
    """Where the last event began: the last line that is not indented."""
    return next((i for i in reversed(range(len(lines))) if lines[i][:1] not in ("", " ")), None)


def is_same_moment(event: str, before: str) -> bool:
    """Whether the event came at once after the one before, on the same connection."""
    return "+0.000 s" in event and event.partition("←")[0] == before.partition("←")[0]


def in_whole_seconds(lines: list[str]) -> Iterator[str]:
    """The lines, with a crowd drawn anew: in whole seconds, and in the order of their ends.

    A busy machine adds some time and takes none away; who of several comes first is chance.
    """
    for is_crowd, group in groupby(lines, lambda line: VISIT.match(line) is not None):
        found = list(group)
        yield from crowd(found) if is_crowd else found


def crowd(lines: list[str]) -> Iterator[str]:
    """The lines of a crowd, as step 06 draws them."""
    found = [match for line in lines if (match := VISIT.match(line))]
    visits = sorted(
        (int(float(one[4])), int(float(one[3])), int(float(one[2])), one[5]) for one in found
    )
    last, whole = len(found[0][1]) - 1, max(max(visits)[0], 1)
    for number, (ended, answered, began, outcome) in enumerate(visits, start=1):
        left, middle, right = (round(at / whole * last) for at in (began, answered, ended))
        bar = " " * left + "." * (middle - left) + "#" * (right - middle + 1)
        times = f"{began:6.2f} {answered:6.2f} {ended:6.2f}"
        yield f"{number:4} |{bar:{last + 1}}| {times}  {outcome}"


def centred(match: re.Match[str]) -> str:
    """A line of pytest, as wide as it is with the durations that are shown."""
    sides = max((COLUMNS - len(match[1]) - 2) // 2, 1)
    line = f"{'=' * sides} {match[1]} {'=' * sides}"
    return line + "=" * (len(line) < COLUMNS)


def escape(match: re.Match[str]) -> str:
    r"""A control character made visible: \x00."""
    return rf"\x{ord(match[0]):02x}"
