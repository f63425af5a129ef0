"""What a server takes of the machine: itself and all processes that it started."""

from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

MEMORY_KINDS = {
    "pss": "resident memory (PSS: a page that processes share counts once in all)",
    "uss": "resident memory that no other process shares (USS)",
}


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
    total = Use()
    for member in family(pid):
        try:
            memory, threads = memory_of(member), member.num_threads()
        except psutil.Error:
            continue  # it has ended
        total = Use(total.memory + memory, total.processes + 1, total.threads + threads)
    return total


def family(pid: int) -> list[psutil.Process]:
    """A process and its descendants; nobody where it has ended."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def memory_of(process: psutil.Process) -> int:
    """The memory of one process in bytes, as `memory_kind` names it."""
    full = process.memory_full_info()
    return int(getattr(full, "pss", full.uss))


def memory_kind() -> str:
    """Which of MEMORY_KINDS this system can tell."""
    return "pss" if hasattr(psutil.Process().memory_full_info(), "pss") else "uss"
