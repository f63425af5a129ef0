"""`attack`: a hostile client against a server of one's own, and what it stands."""

import json
import signal
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from course.attack import campaign, starting
from course.attack.probing import probe
from course.attack.verdicts import Attack
from course.attack.victim import Victim
from course.bench.descriptors import raise_limit
from course.commands.standing_in import StandIns, stand_ins
from course.console import Out, tell_failure
from course.environment import PROGRAM
from course.scorecard import Finding, counted, print_card
from course.steps import CourseError, find_step
from course.xray import CheckFailure

INTERRUPTED = 130
FELL = 1

WHY = "whoever is slow keeps others waiting. What falls here mostly falls for that."
FEW_PLACES = {
    "one": f"This model serves one client at a time: {WHY}",
    "fork": f"This model has a few processes, for one client at a time each: {WHY}",
    "pool": f"This model has a few threads, for one client at a time each: {WHY}",
}
"""What is said of models whose places one client can take all of."""


def run_attack(
    step: str,
    only: str,
    out: Path | None,
    *,
    mine: bool = False,
    model: str = "",
    url: str = "",
    server: str = "",
) -> int:
    """Attack, print the card, write it; the exit code: 1 where the server falls, 130 after Ctrl-C.

    It is 1, too, where code of the learner's is broken, so that something else was attacked.
    CourseError for what cannot be attacked.
    """
    attacks = campaign.chosen([word.strip() for word in only.split(",") if word.strip()])
    if not (step or url or server):
        raise CourseError(f"which server? e.g. {PROGRAM} attack 07")
    if bool(step) + bool(url) + bool(server) != 1:
        raise CourseError("attack one server: a step, such as 07, or --server, or --url")
    if (mine or model) and not step:
        raise CourseError("--mine and --model are for the server of a step")
    console = Out()
    own = stand_ins(find_step(step), "server") if mine else StandIns()
    for line in own.lines:
        console.say(line)
    raise_limit()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server is stopped first
    with tempfile.TemporaryDirectory() as folder:
        victim = None
        try:
            victim = target(step, Path(folder), mine=mine, model=model, url=url, server=server)
            label = find_step(step).label if step else victim.server.url
            name = f"your {label}" if mine else label
            introduce(console, name, victim, FEW_PLACES.get(model, ""))
            findings = with_progress(console, victim, attacks)
        except KeyboardInterrupt:
            console.say("Stopped.")
            return INTERRUPTED
        except CheckFailure as failure:
            tell_failure(failure)
            return FELL
        finally:
            if victim:
                victim.server.stop()
    print_card(console, findings)
    stands, of = counted(findings)
    console.say(summary(name, victim, stands, of) + own.words)
    if out:
        write(out, name, victim, findings)
    return FELL if stands < of or own.broken else 0


def target(step: str, folder: Path, *, mine: bool, model: str, url: str, server: str) -> Victim:
    """The server to attack, running."""
    if url:
        return starting.of_url(url)
    if server:
        return starting.of_command(server)
    return starting.of_step(find_step(step), folder, mine=mine, model=model)


def introduce(console: Out, name: str, victim: Victim, remark: str) -> None:
    """Say who is attacked, and with which limits, and find out what it can do."""
    options = " ".join(victim.settings.options)
    limits = f" with tighter limits than it has by default: {options}" if options else ""
    console.say(f"Attacking {name}{limits}")
    if remark:
        console.say(remark)
    probe(victim)
    if lacking := victim.can.lacking:
        console.say(f"It cannot do: {', '.join(lacking)}")


def with_progress(console: Out, victim: Victim, attacks: list[Attack]) -> list[Finding]:
    """Attack; on a terminal a line shows how far it is, elsewhere each attack is a line."""
    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    terminal = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not terminal) as progress:
        task = progress.add_task("", total=len(attacks))

        def tell(one: Attack) -> None:
            progress.update(task, advance=1, description=f"{one.name}: {one.title}")
            if not terminal:
                console.say(f"{one.name} ...")

        return list(campaign.findings(victim, attacks, tell))


def summary(name: str, victim: Victim, stands: int, of: int) -> str:
    """The last line: "07 stands 14 of 14"."""
    lacking = f"; it cannot do: {', '.join(victim.can.lacking)}" if victim.can.lacking else ""
    return f"{name} stands {stands} of {of}{lacking}"


def write(out: Path, name: str, victim: Victim, findings: list[Finding]) -> None:
    """Keep the card as JSON. CourseError where the file cannot be written."""
    stands, of = counted(findings)
    document = {
        "server": name,
        "options": list(victim.settings.options),
        "cannot": victim.can.lacking,
        "stands": stands,
        "of": of,
        "findings": [asdict(one) for one in findings],
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CourseError(f"cannot write {out}: {error.strerror or error}") from None


def show_attacks() -> None:
    """Each attack, and what it does."""
    console = Out()
    for one in campaign.ATTACKS:
        section = f"  ({one.section})" if one.section else ""
        console.say(f"{one.name:<18}{one.title}", (section, "dim"))
