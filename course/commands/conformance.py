"""`conformance`: the cases of RFC 9110 and RFC 9112 against a step's server, or another one."""

import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from course.commands.standing_in import StandIns, stand_ins
from course.conformance import results
from course.conformance.cases import ROLE, Case, chosen, topics
from course.conformance.roles import ROLES, roles_of, with_changes
from course.conformance.running import Results, Subject, findings, run, script_of, step_subject
from course.console import Out, tell_failure
from course.scorecard import SIGNS, counted, print_table
from course.servers import attach, split_command, start_foreign
from course.steps import CourseError, Step, find_step
from course.visible import visible
from course.xray import CheckFailure

INTERRUPTED = 130

STYLES = {"MUST": "red", "SHOULD": "yellow", "MAY": "dim", "ours": "dim"}


def run_conformance(
    text: str,
    only: str,
    roles: Sequence[str],
    out: Path | None,
    *,
    mine: bool,
    url: str,
    server: str,
    failed: bool,
    publish: bool,
) -> int:
    """Try the cases, print what came of them; the exit code: 1 where a MUST failed.

    It is 1, too, where no server starts, or the reference stood in for code that is broken; 130
    after Ctrl-C. CourseError for what cannot be.
    """
    step = find_step(text)
    if sum((mine, bool(url), bool(server))) > 1:
        raise CourseError("--mine, --url and --server are three servers: choose one")
    if publish and (mine or url or server or only or roles):
        raise CourseError("--publish is for all cases against the reference: leave out the rest")
    cases = chosen(only)
    subject, name = subject_for(step, with_changes(roles_of(step.number), roles), mine, url, server)
    console = Out()
    own = stand_ins(step, script_of(step)) if mine else StandIns()
    for line in own.lines:
        console.say(line)
    heard: list[bytes] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # servers are stopped first
    try:
        found = with_progress(console, subject, cases, heard.append)
    except KeyboardInterrupt:
        console.say("Stopped.")
        return INTERRUPTED
    except CheckFailure as failure:
        tell_failure(failure)
        return 1
    if len(cases) == 1:
        explain(console, cases[0], subject.roles, heard)
    elif not failed:
        print_table(console, summary(console, cases, found))
    show_failed(console, cases, found, "" if url or server else step.label)
    show_sum(console, cases, found, name, own.words)
    document = results.document(name, cases, found)
    if out:
        results.write(out, document)
    if publish:
        results.write(results.FOLDER / f"{step.label}.json", document)
        console.say(f"Published: docs/conformance/{step.label}.json")
    return int(bool(results.failed(found, "MUST") or own.broken))


def subject_for(
    step: Step, roles: dict[str, str], mine: bool, url: str, server: str
) -> tuple[Subject, str]:
    """What is tested, and what it is called."""
    if url:
        running = attach(url)
        return Subject(lambda: running, roles), url
    if server:
        split_command(server)  # one that cannot be used is an error of the person who typed it
        return Subject(lambda: start_foreign(server), roles), server
    name = f"your step {step.label}" if mine else f"step {step.label}"
    return step_subject(step, roles, mine=mine), name


def with_progress(
    console: Out, subject: Subject, cases: Sequence[Case], hear: Callable[[bytes], None]
) -> Results:
    """Try all cases; on a terminal a bar shows how far it is. `hear` gets what came back."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    terminal = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not terminal) as progress:
        task = progress.add_task("cases", total=len(cases))
        return run(subject, cases, lambda case: progress.update(task, advance=1), hear)


def explain(console: Out, case: Case, roles: Mapping[str, str], heard: Sequence[bytes]) -> None:
    """What one case is about, what it sends, what may come back, and what came the last time."""
    console.say(f"{case.level}, {case.section}: {case.title}")
    for piece in case.send:
        said = ROLE.sub(lambda match: roles.get(match[1], match[0]), piece)
        console.say("sends  ", (said, "bold"))
    for want in case.want:
        console.say("wants  ", (want.text, "bold"))
    if case.end:
        console.say("and then the connection is ", (case.end, "bold"))
    if heard:
        lines = visible(heard[-1]) if heard[-1] else ["nothing"]
        for number, line in enumerate(lines):
            console.say("       " if number else "came   ", (line, "bold"))


def show_failed(console: Out, cases: Sequence[Case], found: Results, label: str) -> None:
    """What failed: level, name, section, what was seen; and which step adds it, if not this."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    fancy, plain, _ = SIGNS["failed"]
    sign = console.sign(fancy, plain)
    everything = results.published()
    for case in cases:
        if seen := found[case.id]:
            adds = results.passed_from(case, everything, label) if label else ""
            later = f"(step {adds} adds it)" if adds > label else ""
            cells = (case.level, case.id, case.section, seen, later)
            table.add_row(sign, *cells, style=STYLES[case.level])
    if table.row_count:
        console.print()
        print_table(console, table)


def show_sum(console: Out, cases: Sequence[Case], found: Results, name: str, more: str) -> None:
    """One line: how many passed, whether a MUST is not met, and what more there is to say."""
    passed, total = counted(findings(cases, found))
    musts = len(results.failed(found, "MUST"))
    left_out = len(cases) - total
    console.print()
    console.say(
        f"{name} passes {passed} of {total}; ",
        ("every MUST is met", "green") if not musts else (f"MUSTs that fail: {musts}", "red"),
        f"; {left_out} need what it does not have" if left_out else "",
        more,
    )


def summary(console: Out, cases: Sequence[Case], found: Results) -> Table:
    """A line for each topic."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for topic in topics():
        own = [case for case in topic.cases if case in cases]
        if own:
            passed, total = counted(findings(own, found))
            count = f"{passed}/{total}" if total else "-"
            table.add_row(topic.title, console.bar(passed, total), count)
    return table


def show_roles() -> None:
    """What addresses can be for, and what each is in the steps."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    latest = roles_of(99)
    for name, meaning in ROLES.items():
        table.add_row(name, latest[name], meaning)
    print_table(Out(), table)
