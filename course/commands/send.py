r"""`send`: bytes to a server, written with \r \n \t \xNN \\, and the conversation on the page."""

import re
import socket
import sys
import time
from contextlib import suppress

from course.commands import addresses
from course.commands.addresses import Address
from course.commands.run import command_for
from course.commands.transcript import ConnectionLog, Transcript
from course.output import traceback_in
from course.servers import RunningServer, start
from course.steps import CourseError, find_step
from course.xray import CheckFailure

QUIET_SECONDS = 2.0
"""When a server has said nothing for so long, we do not wait for more."""

TALK_SECONDS = 30.0
"""The longest conversation: a server that never stops sending ends here."""

DRIP_SECONDS = 0.001
"""The pause between two bytes: enough for a server to read the first without the second."""

SHOWN_BYTES = 64 * 1024
NAMED = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([rnt\\])|(.?))", re.DOTALL)


def send_bytes(target: str, text: str, *, mine: bool, drip: bool, script: str) -> int:
    """Start the step's server where the target is a step, send, show all; the exit code.

    The code is 1 where no server could be reached. CourseError for a target or bytes that
    cannot be read.
    """
    data = unescaped(text)
    if not is_step(target):
        return show(addresses.parse(target), data, drip)
    step = find_step(target)
    command = command_for(step, script, ["--port", "0"], mine=mine)
    try:
        server = start(command)
    except CheckFailure as failure:
        print(failure.report(colour=sys.stderr.isatty()), file=sys.stderr)
        return 1
    whose = "yours" if mine else "the reference"
    print(f"Step {step.label}'s {script}, {whose}, at {server.url}", flush=True)
    try:
        return show((server.host, server.port), data, drip, server)
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


def show(to: Address, data: bytes, drip: bool, server: RunningServer | None = None) -> int:
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
        talk(connection, data, drip, log)
    if server and (trouble := traceback_in(server.output())):
        print(f"\nThe server's own words:\n{trouble}", flush=True)
    return 0


def talk(connection: socket.socket, data: bytes, drip: bool, log: ConnectionLog) -> None:
    """Send, then read until the server closes, or is silent for long."""
    log.data(True, data)
    with suppress(OSError):  # it may answer and close before it has read all: reading tells
        deliver(connection, data, drip)
    deadline = time.monotonic() + TALK_SECONDS
    try:
        while chunk := connection.recv(SHOWN_BYTES):
            log.data(False, chunk)
            if time.monotonic() > deadline:
                log.note(f"still sending after {TALK_SECONDS:.0f} s: that is enough", bad=True)
                return
        log.note("the server closed the connection")
    except TimeoutError:
        log.note(f"nothing for {QUIET_SECONDS} s, and the connection is still open")
    except OSError:
        log.note("the server reset the connection", bad=True)


def deliver(connection: socket.socket, data: bytes, drip: bool) -> None:
    """Send in one piece, or byte by byte."""
    for index in range(0, len(data), 1 if drip else len(data) or 1):
        connection.sendall(data[index : index + 1] if drip else data)
        if drip:
            time.sleep(DRIP_SECONDS)
