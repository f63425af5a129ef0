"""Second opinions: what wrk and oha say, where they are installed."""

import json
import re
import shutil
import subprocess
from typing import Any

SECONDS = 1
RUN_SECONDS = 60

WRK_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
WRK_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
WRK_ERRORS = re.compile(r"(connect|read|write|timeout) (\d+)|Non-2xx or 3xx responses: (\d+)")
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


def installed() -> list[str]:
    """The programs that can be asked here."""
    return [tool for tool in COMMANDS if shutil.which(tool)]


def asked(tool: str, url: str, connections: int) -> dict[str, Any]:
    """Its requests a second, its latencies in seconds, its failures; what it says where none."""
    command = COMMANDS[tool](url, connections)
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
    try:
        return READERS[tool](done.stdout)
    except (ValueError, KeyError, TypeError):
        return {"trouble": (done.stderr or done.stdout).strip()[:200]}


def wrk(url: str, connections: int) -> list[str]:
    """The command; like our own client, a connection for each request."""
    close = "Connection: close"
    options = ["-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-H", close]
    return ["wrk", *options, url]


def oha(url: str, connections: int) -> list[str]:
    """The same."""
    options = ["-c", str(connections), "-z", f"{SECONDS}s", "--disable-keepalive"]
    return ["oha", "--no-tui", "--output-format", "json", *options, url]


def read_wrk(text: str) -> dict[str, Any]:
    """The figures in what wrk prints. ValueError where they are not there."""
    rate = WRK_RATE.search(text)
    latency = {share: float(n) * UNITS[unit] for share, n, unit in WRK_LATENCY.findall(text)}
    if rate is None:
        raise ValueError("wrk has not measured anything")
    failed = sum(int(one or other) for _, one, other in WRK_ERRORS.findall(text))
    return figures(float(rate[1]), latency["50"], latency["99"], failed)


def read_oha(text: str) -> dict[str, Any]:
    """The same of oha, which writes JSON. What it cut off itself in the end is no failure."""
    said = json.loads(text)
    latency = said["latencyPercentiles"]
    errors = said.get("errorDistribution", {})
    failed = sum(count for name, count in errors.items() if name != "aborted due to deadline")
    rate = said["summary"]["requestsPerSec"]
    return figures(rate, latency["p50"], latency["p99"], failed)


def figures(rate: float, median: float, p99: float, failed: int) -> dict[str, Any]:
    """As they are kept: latencies in milliseconds."""
    return {
        "rate": round(rate, 1),
        "median_ms": round(median * 1000, 3),
        "p99_ms": round(p99 * 1000, 3),
        "failed": failed,
    }


COMMANDS = {"wrk": wrk, "oha": oha}
READERS = {"wrk": read_wrk, "oha": read_oha}
