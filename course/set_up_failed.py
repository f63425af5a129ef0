"""What can go wrong while `.venv` is made, each in one line that says what to do."""

import contextlib
import re
import tempfile
from pathlib import Path

from course.environment import this_version

LOG = Path(tempfile.gettempdir()) / "course-setup.log"
"""Where all of the output goes when no line of ours fits it."""

DISK_FULL = ("No space left", "Disk quota exceeded", "[WinError 112]")
NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|NameResolution|"
    r"Failed to fetch|error sending request|dns error|from versions: none|"
    r"Network is unreachable|Could not connect|Failed to download|Max retries exceeded",
    re.IGNORECASE,
)


class SetUpFailed(Exception):
    """The set-up could not be finished. The message is one line that says what to do."""

    def __init__(self, message: str, begun: bool = True) -> None:
        super().__init__(message)
        self.begun = begun


def no_module(name: str) -> str:
    """What to do where Python comes without `venv` or `ensurepip`."""
    return (
        f"This Python comes without its module {name}, so it cannot make .venv: install it"
        f" (Debian, Ubuntu: apt install python{this_version()}-venv) and run the same again"
    )


def is_disk_full(output: str) -> bool:
    """Whether an output complains of a full disk."""
    return (
        "No space left" in output or "Disk quota exceeded" in output or "[WinError 112]" in output
    )


def explain(output: str) -> str:
    """One line for what went wrong and what to do, from the output of venv, pip or uv."""
    if is_disk_full(output):
        return "The disk is full: free about 500 MB and run the same again"
    if "SSLCertVerificationError" in output or "invalid peer certificate" in output:
        return (
            "The package registry's certificate is not trusted here: set PIP_CERT or SSL_CERT_FILE"
            " to your network's certificates and run the same again"
        )
    if "DO NOT MATCH THE HASHES" in output or "Hash mismatch" in output:
        return "A package is not the one that the lock names, so it was not installed: try later"
    if NETWORK.search(output):
        return (
            "The package registry cannot be reached, and the first set-up needs it: connect to the"
            " network and run the same again"
        )
    if missing := re.search(r"No matching distribution found for (\S+)", output):
        return (
            f"The package registry has no {missing[1]} for Python {this_version()} on this system:"
            " see that it can be reached and is up to date, or use another Python"
        )
    with contextlib.suppress(OSError):
        LOG.write_text(output, encoding="utf-8")
    return f"The set-up failed: {last_line(output)} (all of it: {LOG})"


def last_line(output: str) -> str:
    """The last line that speaks of an error, or else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no reason given"]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines)[-1]
