"""Work that keeps a processor busy, in pure Python, and how much of it fills a given time."""

import time

FIRST_TRY = 20_000
TRIES = 7


def compute(loops: int) -> int:
    """Nothing useful. What takes time in it is the interpreter, so its lock is held all along."""
    total = 0
    for number in range(loops):
        total += number * number % 7
    return total


def loops_for(seconds: float) -> int:
    """How many loops take so long on this machine, when nothing disturbs it."""
    return max(1, round(FIRST_TRY * seconds / min(timed() for _ in range(TRIES))))


def timed() -> float:
    """How long FIRST_TRY loops take."""
    began = time.perf_counter()
    compute(FIRST_TRY)
    return time.perf_counter() - began
