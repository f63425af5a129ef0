"""What a server takes of the machine: before an attack, at its height, and afterwards."""

import sys
import time
from dataclasses import dataclass
from typing import Self

import psutil  # type: ignore[import-untyped]

from course.attack.background import Background
from course.bench.trees import each, family, memory_of

MEGABYTE = 1024 * 1024

LOOK_SECONDS = 0.1
"""How often we look at its memory during an attack."""

POLL_SECONDS = 0.1
SETTLE_SECONDS = 3.0


@dataclass(frozen=True)
class Health:
    """What a server and its children take at one moment."""

    memory: int = 0
    files: int = 0
    """Open files and sockets; on Windows all handles."""
    threads: int = 0

    @classmethod
    def of(cls, process: psutil.Process) -> Self:
        """What one process takes."""
        return cls(memory_of(process), open_files(process), process.num_threads())

    def __add__(self, other: "Health") -> "Health":
        files, threads = self.files + other.files, self.threads + other.threads
        return Health(self.memory + other.memory, files, threads)

    def __sub__(self, other: "Health") -> "Health":
        files, threads = self.files - other.files, self.threads - other.threads
        return Health(self.memory - other.memory, files, threads)


SPARE = Health(48 * MEGABYTE, 12, 40)
"""What may be left of an attack. An allocator keeps memory for the next time, and models of serving
have up to 32 threads for handlers, which start as they are needed and stay."""


def health_of(pid: int) -> Health:
    """What a process and its descendants take now."""
    return sum(each(pid, Health.of), Health())


def open_files(process: psutil.Process) -> int:
    """How many files and sockets it has open."""
    return int(process.num_handles() if sys.platform == "win32" else process.num_fds())


def files_of(pid: int) -> int:
    """The same for a process and its descendants."""
    return sum(each(pid, open_files))


def resident(pid: int) -> int:
    """The memory of all, told quickly: pages that processes share count for each."""
    return sum(memory.rss for memory in each(pid, psutil.Process.memory_info))


def settled(pid: int) -> None:
    """Wait until a server has started all its processes, or for a moment at the most."""
    until = time.monotonic() + SETTLE_SECONDS
    count = 0
    while count != (count := len(family(pid))) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def left_over(before: Health, now: Health) -> str:
    """What is still taken that was not taken before, in words; "" where it is as it was."""
    grown = now - before
    left = [
        f"{grown.memory // MEGABYTE} MB of memory" if grown.memory > SPARE.memory else "",
        f"{grown.files} open files or sockets" if grown.files > SPARE.files else "",
        f"{grown.threads} threads" if grown.threads > SPARE.threads else "",
    ]
    return " and ".join(filter(None, left))


def recovered(pid: int, before: Health, seconds: float) -> str:
    """Wait until it takes no more than before; what is left after so long, "" for nothing."""
    until = time.monotonic() + seconds
    while (left := left_over(before, health_of(pid))) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return left


class Peak(Background):
    """Looks, as a context manager, how far the memory of a server grows meanwhile."""

    def __init__(self, pid: int | None) -> None:
        super().__init__()
        self.pid = pid
        self.before = self.most = resident(pid) if pid else 0

    @property
    def grown(self) -> int:
        """How many bytes it has taken at the most, more than at first."""
        return self.most - self.before

    def work(self) -> None:
        """Look now and then, and once more in the end; nowhere where no process is known."""
        while self.pid:
            is_last = self.over.wait(LOOK_SECONDS)
            self.most = max(self.most, resident(self.pid))
            if is_last:
                break
