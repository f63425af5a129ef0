"""Clients that nobody here wrote, for the tests of what a step's server says to them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def curl(*arguments: str | Path) -> str:
    """What curl prints; where it is missing this fails on POSIX, and is skipped on Windows."""
    program = shutil.which("curl")
    if program is None and os.name == "nt":
        pytest.skip("curl is not on the PATH")
    assert program, "this test needs curl: install it (apt-get install curl, brew install curl)"
    command = [program, "--silent", "--show-error", "--noproxy", "*", "--max-time", "5", *arguments]
    result = subprocess.run(command, capture_output=True, timeout=10, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()
