"""Servers that applications of WSGI run on: ours, gunicorn, waitress; and nginx before ours."""

import http.client
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from course import tools
from course.servers import RunningServer, start, start_foreign
from course.steps import find_step

STEP = find_step("08")

SECONDS = 20.0
"""No wait in here takes so long, unless something is wrong."""

posix = pytest.mark.skipif(os.name == "nt", reason="gunicorn and nginx are not for Windows")

HOSTS = ["ours", "waitress", pytest.param("gunicorn", marks=posix)]
"""The servers that can host an application."""

VOLATILE = {"date", "server", "connection", "keep-alive", "via", "x-request-id", "server-timing"}
"""Fields that differ from one answer to the next, or are about the connection."""


@contextmanager
def ours(*words: str) -> Iterator[RunningServer]:
    """The step's own server, with these options, started in the step's folder."""
    command = [sys.executable, STEP.modules["server"], "--port", "0", *words]
    server = start(command, cwd=STEP.path)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def hosted(host: str, application: str, folder: Path = STEP.path) -> Iterator[RunningServer]:
    """An application, such as "flaskapp:app", on one of HOSTS."""
    if host == "ours":
        with ours(application, "--log", "off") as server:
            yield server
        return
    python = f'"{sys.executable}" -m'
    commands = {
        "waitress": f"{python} waitress --listen=127.0.0.1:{{port}} {application}",
        "gunicorn": f"{python} gunicorn --bind 127.0.0.1:{{port}} --threads 8 --no-control-socket"
        f" {application}",
    }
    server = start_foreign(commands[host], cwd=folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def behind_nginx(server: RunningServer) -> Iterator[RunningServer]:
    """Put nginx in front of a server, with the step's own nginx.conf but for the two ports."""
    program = tools.find_nginx()
    if program is None:
        pytest.fail(tools.NO_NGINX, pytrace=False)
    text = (STEP.path / "nginx.conf").read_text(encoding="utf-8")
    assert "server 127.0.0.1:8080;" in text
    assert "listen 127.0.0.1:8081;" in text
    text = text.replace("server 127.0.0.1:8080;", f"server 127.0.0.1:{server.port};")
    with tempfile.TemporaryDirectory() as folder:
        config, template = Path(folder) / "nginx.conf", Path(folder) / "nginx.template"
        if os.geteuid() == 0:  # its workers would be somebody else, who may not write here
            text = "user root;\n" + text
        template.write_text(text, encoding="utf-8")
        script = Path(folder) / "nginx.py"
        script.write_text(NGINX, encoding="utf-8")
        words = [sys.executable, str(script), "{port}", str(template), str(config), program]
        front = start_foreign(" ".join(f'"{word}"' for word in words))
        try:
            yield front
        finally:
            front.stop()


NGINX = """
import os
import sys
from pathlib import Path

port, template, config, program = sys.argv[1:]
text = Path(template).read_text(encoding="utf-8")
text = text.replace("listen 127.0.0.1:8081;", f"listen 127.0.0.1:{port};")
Path(config).write_text(text, encoding="utf-8")
folder = str(Path(config).parent)
os.execv(program, [program, "-p", folder, "-e", "stderr", "-c", config])
"""
"""Becomes nginx, once the port is known."""


@dataclass
class Reply:
    """What came back, as the standard library's client has read it."""

    status: int
    reason: str
    lines: list[tuple[str, str]]
    content: bytes = field(repr=False)

    @property
    def steady(self) -> dict[str, str]:
        """The fields that are the same each time, and wherever the application runs."""
        lines = {name.lower(): value for name, value in self.lines}
        return {name: value for name, value in lines.items() if name not in VOLATILE}

    def get(self, name: str) -> str | None:
        """The value of the first line of that name."""
        return next((value for key, value in self.lines if key.lower() == name.lower()), None)


def ask(
    server: RunningServer,
    method: str,
    target: str,
    body: bytes | None = None,
    fields: dict[str, str] | None = None,
) -> Reply:
    """One request with the standard library's client; the target is sent as it is."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=SECONDS)
    try:
        connection.request(method, target, body, {"Connection": "close", **(fields or {})})
        response = connection.getresponse()
        return Reply(response.status, response.reason, response.getheaders(), response.read())
    finally:
        connection.close()


def without_tracebacks(text: str) -> bool:
    """Whether a server has printed none."""
    return not re.search(r"^\s*Traceback ", text, re.MULTILINE)
