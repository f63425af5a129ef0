r"""`send`: bytes to a server, written with \r \n \t \xNN \\, and the conversation on the page."""

import re
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from course.commands import addresses
from course.commands.addresses import Address
from course.commands.run import command_for
from course.commands.transcript import ConnectionLog, Transcript
from course.console import tell_failure
from course.output import traceback_in
from course.servers import RunningServer, start
from course.steps import CourseError, find_step
from course.xray import CheckFailure

QUIET_SECONDS = 2.0
"""When a server has said nothing for so long, we do not wait for more."""

TURN_SECONDS = 0.3
"""How long a server has for its answer to one piece before the next one is sent."""

TALK_SECONDS = 30.0
"""The longest conversation: a server that never stops sending ends here."""

DRIP_SECONDS = 0.001
"""The pause between two bytes: enough for a server to read the first without the second."""

CLOSED = "the server closed the connection"

SHOWN_BYTES = 64 * 1024
NAMED = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([rnt\\])|(.?))", re.DOTALL)


def send_bytes(target: str, *texts: str, mine: bool, drip: bool, script: str) -> int:
    """Start the step's server where the target is a step, send, show all; the exit code.

    Of several texts each is sent once the server has had time to answer the one before.

    The code is 1 where no server could be reached. CourseError for a target or bytes that
    cannot be read.
    """
    pieces = [unescaped(text) for text in texts]
    if not is_step(target):
        return show(addresses.parse(target), pieces, drip)
    step = find_step(target)
    command = command_for(step, script, ["--port", "0"], mine=mine)
    try:
        server = start(command)
    except CheckFailure as failure:
        tell_failure(failure)
        return 1
    print(server.output().partition("Serving on ")[0], end="")
    whose = "yours" if mine else "the reference"
    print(f"Step {step.label}'s {script}, {whose}, at {server.url}", flush=True)
    try:
        return show((server.host, server.port), pieces, drip, server)
    finally:
        server.stop()


def is_step(target: str) -> bool:
    """Whether the target is a step's number or folder, and not an address."""
    return re.fullmatch(r"\d{1,2}|(steps/)?\d\d_\w+/?", target) is not None


def unescaped(text: str) -> bytes:
    r"""The bytes that the text stands for; CourseError for a backslash before anything else."""

    def byte(match: re.Match[str]) -> str:
        code, name, other = match.groups()
        if other is not None:
            raise CourseError(
                f"\\{other} is no escape: expected \\r, \\n, \\t, \\\\ or two hex digits after \\x"
            )
        value = bytes.fromhex(code) if code else NAMED[name]
        return value.decode("utf-8", "surrogateescape")

    return ESCAPE.sub(byte, text).encode("utf-8", "surrogateescape")


def show(
    to: Address, pieces: Sequence[bytes], drip: bool, server: RunningServer | None = None
) -> int:
    """Talk to the server and print it; returns the exit code."""
    log = ConnectionLog(Transcript(SHOWN_BYTES), "")
    try:
        connection = socket.create_connection(to, QUIET_SECONDS)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise CourseError(f"{addresses.shown(to)} cannot be reached: {reason}") from None
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(QUIET_SECONDS)
        talk(connection, pieces, drip, log)
    if server and (trouble := traceback_in(server.output())):
        print(f"\nThe server's own words:\n{trouble}", flush=True)
    return 0


def talk(
    connection: socket.socket, pieces: Sequence[bytes], drip: bool, log: ConnectionLog
) -> None:
    """Send piece by piece, then read until the server closes, or is silent for long."""
    deadline = time.monotonic() + TALK_SECONDS
    for number, data in enumerate(pieces, start=1):
        log.data(True, data)
        with suppress(OSError):  # it may answer and close before it has read all: reading tells
            deliver(connection, data, drip)
        if drip:
            log.note(f"that went out in {len(data)} pieces of one byte")
        connection.settimeout(TURN_SECONDS if number < len(pieces) else QUIET_SECONDS)
        if ending := listen(connection, deadline, log):
            log.note(ending, bad=ending != CLOSED)
            return
    log.note(f"nothing for {QUIET_SECONDS} s, and the connection is still open")


def listen(connection: socket.socket, deadline: float, log: ConnectionLog) -> str:
    """Read until the server is silent for a while; why that was the end, or "" where it goes on."""
    try:
        while chunk := connection.recv(SHOWN_BYTES):
            log.data(False, chunk)
            if time.monotonic() > deadline:
                return f"still sending after {TALK_SECONDS:.0f} s: that is enough"
    except TimeoutError:
        return ""
    except OSError:
        return "the server reset the connection"
    return CLOSED


def deliver(connection: socket.socket, data: bytes, drip: bool) -> None:
    """Send in one piece, or byte by byte."""
    for index in range(0, len(data), 1 if drip else len(data) or 1):
        connection.sendall(data[index : index + 1] if drip else data)
        if drip:
            time.sleep(DRIP_SECONDS)
