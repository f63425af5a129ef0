"""Start the server that is attacked, with short time limits; or find one, on this machine only."""

import os
import re
import socket
import subprocess
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from course.attack.victim import Options, Settings, Victim
from course.commands.run import command_for
from course.servers import RunningServer, attach, start, start_foreign
from course.steps import CourseError, Step

TIME_LIMIT = 1.0
IDLE_LIMIT = 2.0

LIMITS = {
    "--read-timeout": "1",
    "--body-timeout": "1",
    "--write-timeout": "1",
    "--idle-timeout": "2",
    "--max-per-address": "200",
    "--max-body": "1048576",
    "--grace": "1",
    "--log": "off",
}
"""What a server is started with, as far as it has these options. Nobody wants to wait for minutes
until it loses its patience; and what one client may take is to be set below what the server has."""

LARGE_NAME = "large.bin"
LARGE_BYTES = 64 * 1024 * 1024

HELP_SECONDS = 30
OPTION = re.compile(r"--[a-z][a-z-]*")


def of_step(step: Step, folder: Path, *, mine: bool, model: str = "") -> Victim:
    """A step's server, the reference's or the learner's, with a large file in the folder.

    CourseError where it has no models to choose from.
    """
    known = options_of(command_for(step, "server", ["--help"], mine=mine))
    if model and "--model" not in known:
        raise CourseError(f"step {step.label} has one way of serving; --model is for 06 and later")
    chosen = {"--model": model} if model else {}
    limits = {name: value for name, value in LIMITS.items() if name in known}
    shown = tuple(word for pair in {**chosen, **limits}.items() for word in pair)
    command = command_for(step, "server", [*shown, "--port", "0"], mine=mine)
    if "--directory" in known:
        put_large_file(folder)
        command += ["--directory", str(folder)]

    def opener(options: Options) -> RunningServer:
        others = [word for pair in options.items() if pair[0] in known for word in pair]
        return start([*command, *others])

    settings = Settings(
        shown,
        patience=TIME_LIMIT if "--read-timeout" in known else None,
        idle=IDLE_LIMIT if "--idle-timeout" in known else None,
    )
    paths = (f"/static/{LARGE_NAME}", f"/files/{LARGE_NAME}")
    return Victim(opener, settings, paths if "--directory" in known else ())


def options_of(command: list[str]) -> set[str]:
    """The options that a server says it has, when asked for help."""
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        timeout=HELP_SECONDS,
        check=False,
    )
    return set(OPTION.findall(done.stdout))


def put_large_file(folder: Path) -> None:
    """A file that takes no room on most disks, as nothing is in it."""
    with (folder / LARGE_NAME).open("wb") as file:
        file.truncate(LARGE_BYTES)


def of_command(template: str) -> Victim:
    """A server in any language; `{port}` stands for its port."""
    return Victim(lambda options: start_foreign(template))


def of_url(url: str) -> Victim:
    """A server that runs already. CourseError where it is not on this machine."""
    check_own(url)
    return Victim(lambda options: attach(url))


def check_own(url: str) -> None:
    """CourseError unless the host is this machine, by each of its addresses."""
    try:
        host = urlsplit(url).hostname or ""
        found = socket.getaddrinfo(host, None)
    except (OSError, ValueError):
        raise CourseError(f"{url!r} is no address of a server on this machine") from None
    others = [str(one[4][0]) for one in found if not ip_address(one[4][0]).is_loopback]
    if others or not found:
        where = others[0] if others else host
        raise CourseError(
            f"attack is for servers of your own, on this machine: {where} is not a loopback address"
        )
