"""From the runs to figures: medians of runs, and all that must be known to read them."""

import json
import os
import platform
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from course.bench.measuring import Bench, Run, Runs, asked_in, impossible, repetitions
from course.bench.trees import memory_kind
from course.steps import CourseError

BUSY_LOAD = 0.5
"""Processors that others keep busy before we begin: with more the figures are not to be trusted."""

MB, KB = 1_000_000, 1_000
CPU_INFO = Path("/proc/cpuinfo")

Figures = dict[str, Any]


def machine() -> Figures:
    """What the figures depend on; not whose machine it is, nor where on it the course lies."""
    return {
        "processor": processor(),
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "switch_interval_ms": round(sys.getswitchinterval() * 1000, 3),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


def processor() -> str:
    """The processor's name, as the system gives it."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def load() -> float:
    """How many programs wanted a processor during the last minute."""
    return round(float(psutil.getloadavg()[0]), 2)


def document(bench: Bench, runs: Runs, left_out: dict[str, str], load_before: float) -> Figures:
    """All that is kept, as JSON has it."""
    settings = bench.settings
    return {
        "step": bench.step.label,
        "machine": {**machine(), "load_before": load_before, "memory_kind": memory_kind()},
        "settings": how_measured(bench),
        "models": list(bench.models),
        "left_out": left_out,
        "scenarios": [
            {
                "name": scenario.name,
                "date": datetime.now(UTC).date().isoformat(),
                "title": scenario.title,
                "about": scenario.about,
                "connections": scenario.connections,
                "patience_seconds": scenario.patience * settings.haste,
                "repetitions": repetitions(scenario, settings),
                "company": asdict(scenario.company),
                "kept": scenario.kept,
                "left_out": {
                    model: reason
                    for model in asked_in(scenario, bench)
                    if (reason := impossible(scenario, model))
                },
                "results": {
                    model: summary(all_of_one) for model, all_of_one in runs[scenario.name].items()
                },
            }
            for scenario in bench.scenarios
        ],
    }


def how_measured(bench: Bench) -> Figures:
    """What is the same for all scenarios."""
    return {
        "warm_up_seconds": bench.settings.warm_up,
        "window_seconds": bench.settings.window,
        "repetitions": bench.settings.repetitions,
        "loops": bench.loops,
    }


SAME = ("processor", "processors", "system", "python", "memory_kind")
"""What must be the same of the machine for figures to stand beside each other."""


def check_same(before: Figures, bench: Bench) -> None:
    """CourseError where new figures cannot stand beside those that were measured before."""
    now = {**machine(), "memory_kind": memory_kind()}
    differ = [name for name in SAME if before["machine"][name] != now[name]]
    differ += ["models"] if before["models"] != list(bench.models) else []
    how = {**how_measured(bench), "loops": before["settings"]["loops"]}
    differ += ["settings"] if before["settings"] != how else []
    if differ:
        raise CourseError(
            f"the other scenarios were measured with other {', '.join(differ)}: publish them all"
        )


def merged(before: Figures, now: Figures) -> Figures:
    """What was measured before, with those scenarios replaced that were measured again."""
    again = {one["name"]: one for one in now["scenarios"]}
    scenarios = [again.get(one["name"], one) for one in before["scenarios"]]
    settings = now["settings"] if "computing" in again else before["settings"]
    return {**before, "settings": settings, "scenarios": scenarios}


def summary(runs: Sequence[Run]) -> Figures:
    """What several runs of one model come to: counts are sums, all else medians of the runs."""
    each = [figures(run) for run in runs]
    found: Figures = {name: middle(one[name] for one in each) for name in each[0]}
    found["answered"] = sum(len(run.latencies) for run in runs)
    found["failed"] = dict(sum((Counter(run.failed) for run in runs), Counter()))
    found["rates"] = [one["rate"] for one in each]
    if any(run.before or run.before_failed for run in runs):
        found["before_answered"] = sum(len(run.before) for run in runs)
        failed = (Counter(run.before_failed) for run in runs)
        found["before_failed"] = dict(sum(failed, Counter()))
    return found


def figures(run: Run) -> Figures:
    """One run in figures: milliseconds, megabytes, and kilobytes for each guest."""
    found: Figures = {
        "rate": round(run.rate, 1),
        "median_ms": percentile(run.latencies, 50),
        "p99_ms": percentile(run.latencies, 99),
        "memory_mb": round(run.use.memory / MB, 1),
        "processes": run.use.processes,
        "threads": run.use.threads,
        "others_percent": round(run.others * 100, 1),
    }
    if run.before or run.before_failed:
        found["before_rate"] = round(run.before_rate, 1)
        found["before_median_ms"] = percentile(run.before, 50)
        found["before_p99_ms"] = percentile(run.before, 99)
    if run.guests:
        found["guests"] = run.guests
        taken = bool(run.latencies)  # else most of them wait in the kernel, and cost us nothing
        found["guest_kb"] = round(run.grown / run.guests / KB, 1) if taken else None
    return found


def percentile(latencies: Sequence[float], share: int) -> float | None:
    """The latency in milliseconds that so many of a hundred do not exceed; None of none."""
    if not latencies:
        return None
    ordered = sorted(latencies)
    rank = -(-len(ordered) * share // 100)  # rounded up: the nearest rank
    return round(ordered[rank - 1] * 1000, 3)


def middle(values: Iterable[float | None]) -> float | int | None:
    """The median; a run that has no value is worse than all that have one."""
    ordered = sorted(values, key=lambda value: float("inf") if value is None else value)
    if None in ordered:
        return ordered[len(ordered) // 2]
    found = statistics.median(value for value in ordered if value is not None)
    return int(found) if found == int(found) else round(found, 3)


def write(folder: Path, found: Figures, name: str) -> Path:
    """Keep it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def latencies(runs: Runs) -> Figures:
    """Every latency of every run in seconds, for whoever wants to see more than two figures."""
    return {
        scenario: {model: [run.latencies for run in each] for model, each in models.items()}
        for scenario, models in runs.items()
    }
