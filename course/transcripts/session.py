"""Play a script: terminals side by side, and what happened in them, in order."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

from course.servers import takes_connections
from course.transcripts.constant import constant
from course.transcripts.curl import plain_curl
from course.transcripts.ports import Ports
from course.transcripts.programs import POLL_SECONDS, Program, Unanswered
from course.transcripts.scripts import (
    FIRST,
    Action,
    Press,
    Run,
    Script,
    ServerSays,
    Type,
    Wait,
)
from course.transcripts.workspace import Workspace

COMMAND, TYPED, CAME, LABEL = "$ ", "> ", "  ", "# "
"""How each line of a recording begins: what it is."""

PROGRAMS = (
    *(
        "python",
        "pytest",
        "curl",
        "nc",
        "printf",
        "cat",
        "ls",
        "ps",
        "pkill",
        "cd",
        "grep",
        "mkdir",
    ),
    *("gunicorn", "waitress-serve", "nginx"),
)
"""What may be run: programs that a reader has, or gets with the course, and servers."""

SERVES_SECONDS = 60.0
"""How long a server may take until somebody can connect to it: a busy machine is slow."""

START_TRIES = 3
"""Somebody may take a port between our look and the server's start."""

CARET = {"Ctrl-C": "^C"}
"""What a terminal shows for a key; it shows nothing for Ctrl-D."""


@dataclass
class Terminal:
    """A terminal: the program that runs in it, and whether that goes on in the background."""

    program: Program | None = None
    command: str = ""
    background: bool = False


@dataclass
class Session:
    """The terminals of one script, and what they showed. To be used in a `with`."""

    script: Script
    place: Workspace
    ports: Ports = field(default_factory=Ports)
    terminals: dict[str, Terminal] = field(default_factory=dict)
    events: list[tuple[str, str, str]] = field(default_factory=list)
    server: Program | None = None

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for terminal in self.terminals.values():
            if terminal.program:
                terminal.program.stop()
        if self.server:
            self.server.stop()

    def play(self) -> None:
        """Do all that the script says; raises Unanswered."""
        if self.script.server:
            self.start_server()
        for name in self.script.ports_in:
            path = self.place.root / name
            path.write_text(self.ports.put(path.read_text(encoding="utf-8")), encoding="utf-8")
        for number, action in enumerate(self.script.actions, start=1):
            self.do(action)
            if isinstance(action, Run) and not is_needed(action, self.script.actions[number:]):
                self.settle(action.terminal)
        for label in self.terminals:
            self.settle(label)

    def do(self, action: Action) -> None:
        """One step of the script."""
        match action:
            case Run(command, terminal, until, serves):
                self.run(command, terminal, until)
                if serves:
                    self.wait_for_server(int(self.ports.put(serves)), terminal)
            case Type(text, terminal, until):
                self.type(text, terminal, until)
            case Press(key, terminal):
                self.press(key, terminal)
            case Wait(until, terminal):
                self.show(terminal, self.program(terminal).line_with(until))
            case ServerSays(until) if self.server:
                self.event(FIRST, CAME, self.server.line_with(until))
            case ServerSays():
                raise self.script.problem("`server_says`, but there is no server")

    def start_server(self) -> None:
        """Start the server, on a free port, and wait until it says that it serves."""
        command = self.script.server
        self.check(command)
        for left in reversed(range(START_TRIES)):
            real = self.ports.put(command if "--port" in command else f"{command} --port 8080")
            self.server = server = Program(real, self.place.root, self.place.environ)
            try:
                said = server.line_with("Serving on http://")
                break
            except Unanswered:
                if not left or not server.has_ended():
                    raise
                server.stop()
                self.ports.real.clear()
        if self.script.show_server:
            self.event(FIRST, COMMAND, command)
            self.event(FIRST, CAME, said)

    def run(self, command: str, label: str, until: str) -> None:
        """Run a command in a terminal, once the one before has ended."""
        self.check(command)
        self.settle(label)
        self.event(label, COMMAND, command)
        program = Program(self.ports.put(command), self.place.root, self.place.environ)
        self.terminals[label] = Terminal(program, command, bool(until))
        if until:
            self.show(label, program.line_with(until))

    def wait_for_server(self, port: int, label: str) -> None:
        """Wait until somebody can connect to the port; from there on the program goes on."""
        program = self.program(label)
        deadline = time.monotonic() + SERVES_SECONDS
        while not takes_connections("127.0.0.1", port):
            if program.has_ended() or time.monotonic() > deadline:
                raise Unanswered(f"{program.replay!r} does not serve; it said:\n{program.rest()}")
            time.sleep(POLL_SECONDS)
        self.terminals[label].background = True

    def type(self, text: str, label: str, until: str | None) -> None:
        """Type, and wait for the answer."""
        program = self.program(label)
        self.event(label, TYPED, text)
        program.type(text)
        if until != "":
            self.show(label, program.line_with(until or ""))

    def press(self, key: str, label: str) -> None:
        """Press a key; what is left of the output comes before the end of the program."""
        program = self.program(label)
        if key == "Ctrl-C":
            self.event(label, TYPED, CARET[key])
            program.interrupt()
        self.terminals[label].background = False
        self.settle(label)

    def settle(self, label: str) -> None:
        """Let the program of a terminal come to its end, unless it is one that goes on."""
        terminal = self.terminals.get(label)
        if terminal is None or terminal.program is None:
            return
        if terminal.background:
            terminal.program.stop()
        else:
            self.show(label, terminal.program.finish())
        terminal.program.stop()
        terminal.program = None

    def program(self, label: str) -> Program:
        """The program that runs in a terminal."""
        terminal = self.terminals.get(label)
        if terminal is None or terminal.program is None:
            raise self.script.problem(f"no program runs in the terminal {label!r}")
        return terminal.program

    def show(self, label: str, text: str) -> None:
        """Output in a terminal."""
        self.event(label, CAME, plain_curl(self.terminals[label].command, text))

    def event(self, label: str, kind: str, text: str) -> None:
        """Something that a terminal showed."""
        if text:
            self.events.append((label, kind, text))

    def check(self, command: str) -> None:
        """Only what a reader has is run."""
        for part in re.split(r"[|;&]+", re.sub(r"'[^']*'|\"[^\"]*\"", "_", command)):
            name = next(iter(part.split()), "")
            if name not in PROGRAMS:
                raise self.script.problem(f"{name!r} is none of {', '.join(PROGRAMS)}")

    def text(self) -> str:
        """The recording: what happened, each line marked with what it is."""
        lines: list[str] = []
        front = ""
        for label, kind, text in joined(self.events):
            if label != front:
                lines += ["", LABEL + label] if lines else [LABEL + label]
                front = label
            if kind == CAME:
                text = constant(self.ports.take(text), self.place.root)
            lines += (f"{kind}{line}".rstrip() for line in text.splitlines())
        return "\n".join(shortened(lines, self.script)).rstrip() + "\n"


def joined(events: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Events with what came in pieces put together, so that it can be read as lines."""
    together: list[tuple[str, str, str]] = []
    for label, kind, text in events:
        if together and kind == CAME and together[-1][:2] == (label, kind):
            together[-1] = (label, kind, together[-1][2] + text)
        else:
            together.append((label, kind, text))
    return together


def is_needed(run: Run, later: Sequence[Action]) -> bool:
    """Whether a command has to go on, as something is done later in its terminal."""
    here = (action for action in later if getattr(action, "terminal", None) == run.terminal)
    return bool(run.until or run.serves) or isinstance(next(here, run), Type | Press | Wait)


def shortened(lines: list[str], script: Script) -> list[str]:
    """The lines without what stands between the script's pairs of lines."""
    for before, after in script.cut:
        start = next((i for i, line in enumerate(lines) if before in line), None)
        end = next((i for i, line in enumerate(lines) if after in line and i > (start or 0)), None)
        if start is None or end is None:
            raise script.problem(f"nothing to cut between {before!r} and {after!r}")
        lines = [*lines[: start + 1], f"{CAME}…", *lines[end:]]
    return lines
