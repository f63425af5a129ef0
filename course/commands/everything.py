"""`test`: the whole course. Lint, format, types, then every test; pytest's summary comes last."""

import subprocess
import sys

from course.commands.start import make_site
from course.environment import ROOT
from course.tools import (
    NO_CHROMIUM,
    NO_CLIENTS,
    NO_NGINX,
    fetch_chromium,
    fetch_clients,
    fetch_nginx,
)

FOLDERS = ("tests", "steps")

AT_ONCE = ("-n", "auto", "--dist", "loadfile")
"""On all processors, the tests of one file one after the other."""

AGAIN = ("--last-failed", "--last-failed-no-failures=none", "--maxfail=10")

TESTS_FAILED = 1
"""What pytest ends with where tests failed, and not pytest itself."""

ALONE = "tests/test_servers.py"
"""Ends pytest in many ways, which needs a terminal's pytest and not a worker's."""


WHOLE = [["tests", *AT_ONCE, f"--ignore={ALONE}"], ["steps", ALONE, "--reference"]]
"""The two runs that are all of the tests."""


def test_everything(arguments: list[str]) -> int:
    """Run it all, whatever fails; returns the worst exit code. The arguments are for pytest."""
    if fetch_chromium() is None:
        print(f"{NO_CHROMIUM}. The browser tests will fail.", flush=True)
    if not fetch_clients():
        print(f"{NO_CLIENTS}. The tests of the transcripts will fail.", flush=True)
    if fetch_nginx() is None:
        print(f"{NO_NGINX}. The tests behind nginx will fail.", flush=True)
    make_site()  # once, so that no test has to wait for it
    return max(attempt(name, options) for name, options in programs(arguments))


def attempt(name: str, options: list[str]) -> int:
    """Run it. Where it is all of the tests, those that failed get a second chance, alone.

    Some wait for a browser, or for a server's time limit, and a busy machine is late. A test that
    fails for a reason fails twice.
    """
    code = run(name, options)
    if code != TESTS_FAILED or options not in WHOLE:
        return code
    print("Once more, and one after the other, those that failed:", flush=True)
    return run(name, [one for one in options if one not in AT_ONCE] + list(AGAIN))


def programs(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """What is run: modules of `.venv`, with their options."""
    return [
        ("ruff", ["check", "."]),
        ("ruff", ["format", "--check", "."]),
        ("mypy", []),
        *(("pytest", options) for options in pytest_options(arguments)),
    ]


def pytest_options(arguments: list[str]) -> list[list[str]]:
    """The runs of pytest: all of the tests and then of the checks; one where arguments choose."""
    if not arguments:
        return WHOLE
    named = any((ROOT / word.partition("::")[0]).exists() for word in arguments if word)
    folders = () if named else FOLDERS
    return [[*folders, "--reference", *arguments]]


def run(name: str, options: list[str]) -> int:
    """Run one of them from the repository's root; a death by a signal counts as 1."""
    print(f"$ {' '.join([name, *options])}", flush=True)
    code = subprocess.run([sys.executable, "-m", name, *options], cwd=ROOT).returncode
    return code if code >= 0 else 1
