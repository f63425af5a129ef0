"""What is to be recorded: the transcripts of `docs/transcripts/NN.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from course.steps import ROOT, CourseError

FOLDER = ROOT / "docs" / "transcripts"

KEYS = ("Ctrl-C", "Ctrl-D")
"""What can be pressed: the program is interrupted, or its input ends."""

FIRST, SECOND = "first terminal", "second terminal"
"""What terminals are called where the server's is shown too."""


class BadTranscript(CourseError):
    """A transcript's table is not what the recorder expects; the message says where and why."""


@dataclass(frozen=True)
class Run:
    """Start a command, and wait for its end, unless its terminal has more steps for it.

    With `until`, wait for the line that has this text; from there on it goes on by itself. With
    `serves`, wait until somebody can connect to this port: for servers that say nothing.
    """

    command: str
    terminal: str
    until: str = ""
    serves: str = ""


@dataclass(frozen=True)
class Type:
    """Type into the program that runs, and wait for the line that has the text `until`.

    None waits for one whole line, whatever it says; "" does not wait.
    """

    text: str
    terminal: str
    until: str | None = None


@dataclass(frozen=True)
class Press:
    """Press a key of KEYS, and wait for the program's end."""

    key: str
    terminal: str


@dataclass(frozen=True)
class Wait:
    """Wait until the program prints a line that has the text."""

    until: str
    terminal: str


@dataclass(frozen=True)
class ServerSays:
    """Wait until the server prints a line that has the text, and show what it printed."""

    until: str


Action = Run | Type | Press | Wait | ServerSays


@dataclass(frozen=True)
class Script:
    """One transcript to be: its server, and what is done in which terminal."""

    name: str
    source: Path
    actions: tuple[Action, ...]
    title: str = ""
    server: str = ""
    show_server: bool = False
    mutant: str = ""
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    ports_in: tuple[str, ...] = ()
    cut: tuple[tuple[str, str], ...] = field(default=())

    @property
    def recording(self) -> Path:
        """The file that holds what came of it."""
        return FOLDER / f"{self.name}.txt"

    def problem(self, words: str) -> BadTranscript:
        """An error that says which transcript is meant."""
        return BadTranscript(f"{self.source.name}: transcript {self.name}: {words}")


def all_scripts() -> list[Script]:
    """Every transcript there is to be; raises BadTranscript."""
    return [one for path in sorted(FOLDER.glob("*.toml")) for one in scripts_in(path)]


def chosen(names: Sequence[str]) -> list[Script]:
    """Those with these names, "01/hello" or all of "01"; all for no name."""
    scripts = all_scripts()
    for name in names:
        if not any(one.name == name or one.name.startswith(f"{name}/") for one in scripts):
            raise CourseError(f"there is no transcript {name!r} in docs/transcripts/")
    return [
        one
        for one in scripts
        if not names or one.name in names or one.name.partition("/")[0] in names
    ]


def scripts_in(path: Path) -> list[Script]:
    """The transcripts of one file; raises BadTranscript."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("transcript", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTranscript(f"{path.name}: {error}") from None
    scripts = [script(path, table) for table in tables]
    names = [one.name for one in scripts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadTranscript(f"{path.name}: two transcripts are called {twice[0]!r}")
    return scripts


FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "title": str,
    "server": str,
    "show_server": bool,
    "mutant": str,
    "files": list,
    "folders": list,
    "ports_in": list,
    "cut": list,
    "commands": list,
    "input": (list, str),
    "steps": list,
}
"""The fields of a transcript's table; CONTRIBUTING.md says what each is for."""


def script(path: Path, table: Mapping[str, Any]) -> Script:
    """The transcript that a table describes."""

    def wrong(words: str) -> BadTranscript:
        return BadTranscript(f"{path.name}: transcript {table.get('name', '?')}: {words}")

    for key, value in table.items():
        if key not in FIELDS:
            raise wrong(f"the field {key!r} is not known; expected {', '.join(FIELDS)}")
        if not isinstance(value, FIELDS[key]):
            raise wrong(f"{key!r} cannot be {value!r}")
    if not table.get("name"):
        raise wrong("it has no name")
    if "steps" in table and ("commands" in table or "input" in table):
        raise wrong("it has `steps`, so it cannot have `commands` or `input` too")
    terminal = SECOND if table.get("show_server") else ""
    try:
        steps = table.get("steps") or in_steps(table.get("commands", []), table.get("input", []))
        actions = tuple(read_actions(steps, terminal))
    except ValueError as error:
        raise wrong(str(error)) from None
    if not actions:
        raise wrong("it has neither `commands` nor `steps`")
    plain = {
        key: table[key] for key in ("title", "server", "show_server", "mutant") if key in table
    }
    return Script(
        name=f"{path.stem}/{table['name']}",
        source=path,
        actions=actions,
        files=tuple(table.get("files", [])),
        folders=tuple(table.get("folders", [])),
        ports_in=tuple(table.get("ports_in", [])),
        cut=tuple((before, after) for before, after in table.get("cut", [])),
        **plain,
    )


def in_steps(commands: Sequence[str], pieces: Sequence[str]) -> list[dict[str, str]]:
    """Commands, and what is typed into the last of them, written as steps."""
    pieces = [pieces] if isinstance(pieces, str) else pieces
    typed = [{"type": one} for one in pieces]
    if typed:
        typed[-1]["until"] = ""  # the program's end is waited for
    return [{"run": one} for one in commands] + typed


def read_actions(steps: Sequence[Mapping[str, Any]], terminal: str) -> list[Action]:
    """What each step means; a terminal that is named stays in front until another one is."""
    actions: list[Action] = []
    for step in steps:
        terminal = step.get("terminal", terminal)
        actions.append(read_action(step, terminal))
    return actions


def read_action(step: Mapping[str, Any], terminal: str) -> Action:
    """What one step means; raises ValueError."""
    match {key: value for key, value in step.items() if key != "terminal"}:
        case {"run": str(command), **rest} if rest.keys() <= {"until", "serves"}:
            return Run(command, terminal, **rest)
        case {"type": str(text), **rest} if rest.keys() <= {"until"}:
            return Type(text, terminal, **rest)
        case {"press": str(key), **rest} if not rest and key in KEYS:
            return Press(key, terminal)
        case {"wait": str(until), **rest} if not rest:
            return Wait(until, terminal)
        case {"server_says": str(until), **rest} if not rest:
            return ServerSays(until)
    kinds = ", ".join(kind.__name__.lower() for kind in get_args(Action)[:4])
    raise ValueError(f"{dict(step)!r} is no step: one of {kinds}, server_says is expected")
