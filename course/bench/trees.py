"""What a server takes of the machine: itself and all processes that it started."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import psutil  # type: ignore[import-untyped]

T = TypeVar("T")

MEMORY_KINDS = {
    "pss": "resident memory (PSS: a page that processes share counts once in all)",
    "uss": "resident memory that no other process shares (USS)",
    "rss": "resident memory (RSS: a page that processes share counts for each of them)",
}

BUSY = ("user", "nice", "system", "steal")
"""What counts as a processor's time; what the network takes for us is nobody's in particular."""


@dataclass(frozen=True)
class Use:
    """What it takes at one moment. Memory in bytes."""

    memory: int = 0
    processes: int = 0
    threads: int = 0

    def __or__(self, other: "Use") -> "Use":
        """The larger of the two, figure by figure."""
        return Use(
            max(self.memory, other.memory),
            max(self.processes, other.processes),
            max(self.threads, other.threads),
        )


def use_of(pid: int) -> Use:
    """What a process and its descendants take now, all together."""
    found = list(each(pid, lambda member: (memory_of(member), member.num_threads())))
    memory, threads = (sum(figures) for figures in zip(*found, strict=True)) if found else (0, 0)
    return Use(memory, len(found), threads)


class Watch:
    """Looks at a server and its client, now and then, and at all others by what they leave."""

    def __init__(self, server: int, client: int) -> None:
        self.server, self.client = server, client
        self.use = Use()
        """The most that the server has taken."""
        self.first = self.last = self.moment()

    def look(self) -> None:
        """Take notice of what is taken now."""
        self.use |= use_of(self.server)
        self.last = self.moment()

    def moment(self) -> tuple[float, float, float]:
        """The time, and the processors' time that was spent by all, and by our two."""
        times = psutil.cpu_times()
        spent = sum(getattr(times, kind, 0.0) for kind in BUSY)
        return time.monotonic(), spent, spent_by(self.server) + spent_by(self.client)

    @property
    def others(self) -> float:
        """The share of the processors that others took, between the first look and the last."""
        passed, spent, ours = (b - a for a, b in zip(self.first, self.last, strict=True))
        there = passed * (os.cpu_count() or 1)
        return min(1.0, max(0.0, spent - ours) / there) if there else 0.0


def spent_by(pid: int) -> float:
    """The processors' time that a process and its descendants have had, in seconds."""
    return float(sum(times.user + times.system for times in each(pid, psutil.Process.cpu_times)))


def each(pid: int, ask: Callable[[psutil.Process], T]) -> Iterator[T]:
    """What a process and each of its descendants answer, but for those that have ended."""
    for member in family(pid):
        try:
            answer = ask(member)
        except psutil.Error:
            continue
        yield answer


def family(pid: int) -> list[psutil.Process]:
    """A process and its descendants; nobody where it has ended."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def memory_of(process: psutil.Process) -> int:
    """The memory of one process in bytes, of the kind that `memory_kind` names."""
    if memory_kind() == "rss":
        return int(process.memory_info().rss)
    return int(getattr(process.memory_full_info(), memory_kind()))


def memory_kind() -> str:
    """Which of MEMORY_KINDS this system tells; macOS tells the better ones to root alone."""
    return {"linux": "pss", "win32": "uss"}.get(sys.platform, "rss")
