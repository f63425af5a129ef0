"""Transcripts in a page: what was typed beside what came, each terminal in a frame of its own.

The directive gives a fenced block called `transcript`, whose text is the recording; `fence` makes
the frames of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from course.pages.text import escaped, fenced
from course.steps import CourseError
from course.transcripts.scripts import Script, chosen
from course.transcripts.session import CAME, COMMAND, LABEL, TYPED

TITLE = "In a terminal"

PICTURES = 0x2400
"""Where Unicode's pictures of control characters begin; few fonts have them."""

PICTURE = re.compile("[\u2400-\u241f]")


@dataclass
class Frame:
    """What one terminal showed until another one came to the front."""

    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        """As a block of code; its button copies the commands alone."""
        lines = self.lines
        while lines and not lines[-1]:
            lines = lines[:-1]
        code = "\n".join(map(as_html, lines))
        return (
            f'<div class="highlight transcript" data-copy="{escaped(commands(lines))}">'
            f'<span class="filename">{escaped(self.title)}</span>'
            f"<pre><code>{code}\n</code></pre></div>"
        )


def render(name: str) -> str:
    """The recording of that name as Markdown. CourseError where there is none."""
    script = one(name)
    if not script.recording.exists():
        raise CourseError(f"{name} is not recorded: run python -m course.transcripts {name}")
    recording = script.recording.read_text(encoding="utf-8")
    return fenced(f"{LABEL}{script.title or TITLE}\n{recording}", "transcript")


def one(name: str) -> Script:
    """The transcript of that name; CourseError where there is none, or several."""
    scripts = chosen([name])
    if len(scripts) != 1:
        raise CourseError(f"{name!r} names a step, and a transcript is wanted: {name}/NAME")
    return scripts[0]


def fence(source: str, *arguments: Any, **options: Any) -> str:
    """The frames of a fenced block `transcript`: a formatter for pymdownx.superfences."""
    return "\n".join(frame.html for frame in frames(source))


def frames(source: str) -> Iterator[Frame]:
    """The block's text in frames; its first line is the title, as long as no terminal has one."""
    first, *lines = source.split("\n")
    title = first.removeprefix(LABEL)
    frame = Frame(title)
    for line in lines:
        if line.startswith(LABEL):
            if frame.lines:
                yield frame
            frame = Frame(named(line.removeprefix(LABEL), title))
        else:
            frame.lines.append(line)
    yield frame


def named(terminal: str, title: str) -> str:
    """What stands above a terminal that has a name."""
    name = terminal[:1].upper() + terminal[1:]
    return name if title == TITLE else f"{title}: {terminal}"


def as_html(line: str) -> str:
    """A line: the commands and what is typed marked, and what came as it is."""
    text = PICTURE.sub(chip, escaped(line[2:]))
    if line.startswith(COMMAND):
        return f'<span class="transcript-prompt">$ </span><b class="transcript-command">{text}</b>'
    if line.startswith(TYPED):
        return f'<b class="transcript-typed">{text}</b>'
    return text if line.startswith(CAME) else escaped(line)


def chip(match: re.Match[str]) -> str:
    """A control character as the figures show it: `send` and `wiretap` print pictures of them."""
    code = ord(match[0]) - PICTURES
    name = {13: "cr", 10: "lf"}.get(code)
    if name:
        return f'<span class="{name}">{name.upper()}</span>'
    return f'<span class="byte">{code:02X}</span>'


def commands(lines: list[str]) -> str:
    """What a reader copies."""
    return "\n".join(line.removeprefix(COMMAND) for line in lines if line.startswith(COMMAND))
