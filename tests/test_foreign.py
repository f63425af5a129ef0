"""Servers in other languages are checked like a learner's: `--server "CMD {port}"` and `--url`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import Result, pytest_here

from course.replay import QUOTE
from course.servers import start_foreign
from course.tools import NO_NODE, find_node

SERVER = Path("tests", "foreign", "server.mjs")

RIGHT = [
    "steps/02::test_connection_ends_after_one_answer",
    "steps/02::test_client_without_a_word",
    "steps/02::test_large_body",
]

WRONG = "steps/02::test_browser_gets_a_page"


@pytest.fixture(scope="module")
def command() -> str:
    """The command that starts the server; without Node this test cannot say anything."""
    node = find_node()
    if node is None:
        pytest.fail(NO_NODE)
    return f'"{node}" {SERVER} {{port}}'


@pytest.fixture(scope="module")
def url(command: str) -> Iterator[str]:
    running = start_foreign(command)
    yield running.url
    running.stop()


def test_checks_that_pass(command: str) -> None:
    result = pytest_here(*RIGHT, "--server", command)
    assert result.code == 0, result.text
    assert result.counts == {"passed": 3}


def test_checks_that_pass_at_an_address(url: str) -> None:
    result = pytest_here(*RIGHT, "--url", url)
    assert result.code == 0, result.text
    assert result.counts == {"passed": 3}


def shows_the_x_ray(result: Result) -> bool:
    """Does the output have the report of what is wrong with the server?"""
    lines = [line.removeprefix("E").strip() for line in result.out.splitlines()]
    caret = next(number for number, line in enumerate(lines) if line.startswith("^^"))
    assert lines[caret - 1] == "Content-Type: application/json␍␊"
    return lines[caret].endswith('expected "text/html; charset=utf-8" from here on')


def test_check_that_fails(command: str) -> None:
    result = pytest_here(WRONG, "--server", command)
    assert result.code == 1, result.text
    assert result.counts == {"failed": 1}
    assert shows_the_x_ray(result)
    assert f"{SERVER} 8080 " in result.out
    assert f"python -m course send 127.0.0.1:8080 {QUOTE}GET /" in result.out


def test_check_that_fails_at_an_address(url: str) -> None:
    result = pytest_here(WRONG, "--url", url)
    assert result.code == 1, result.text
    assert shows_the_x_ray(result)
    assert f"python -m course send {url} {QUOTE}GET /" in result.out


def test_server_that_does_not_start(command: str) -> None:
    result = pytest_here(WRONG, "--server", command.replace(str(SERVER), "no-such-file.mjs"))
    assert result.code == 1, result.text
    assert "the server did not start: it ended with exit code 1 before it served" in result.out
    assert "Cannot find module" in result.out


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--server", "node server.mjs", "needs {port}"),
        ("--url", "https://localhost", "write http://HOST:PORT"),
        ("--url", "http://127.0.0.1:1", "start the server first"),
    ],
)
def test_option_that_cannot_be_used(option: str, value: str, words: str) -> None:
    result = pytest_here(WRONG, option, value)
    assert result.code == 4, result.text
    assert words in result.text
    assert "Traceback" not in result.text
