"""All attacks, one after the other, and what each has left behind."""

from collections.abc import Callable, Iterator, Sequence

from course.attack import bodies, floods, garbage, resets, slow, smuggling, splitting
from course.attack.health import MEGABYTE, Health, Peak, health_of, recovered
from course.attack.verdicts import Attack, DoesNotApply, Falls
from course.attack.victim import Unreachable, Victim
from course.output import traceback_in
from course.scorecard import Finding
from course.steps import CourseError

ATTACKS = (
    slow.drip_head,
    slow.drip_body,
    slow.drip_chunks,
    slow.drip_lines,
    slow.hoarders,
    slow.ghosts,
    slow.half_closed,
    slow.slow_readers,
    floods.many_fields,
    floods.endless_field,
    floods.endless_target,
    floods.empty_lines,
    floods.pipelining,
    floods.deaf_pipelining,
    bodies.huge_body,
    bodies.early_error,
    bodies.chunk_overflow,
    bodies.endless_chunks,
    bodies.tiny_chunks,
    bodies.many_bodies,
    smuggling.cl_te,
    smuggling.te_cl,
    smuggling.te_te,
    smuggling.lengths,
    smuggling.sizes,
    smuggling.lines,
    smuggling.unread_bodies,
    splitting.splitting,
    garbage.garbage,
    resets.resets,
)
"""All of them, in the order in which they are run."""

RECOVER_SECONDS = 6.0
"""How long a server may take to be as it was before."""


def chosen(names: Sequence[str]) -> list[Attack]:
    """The attacks with these names, all where none is named; CourseError for a name of none."""
    known = [one.name for one in ATTACKS]
    for name in names:
        if name not in known:
            raise CourseError(f"there is no attack {name!r}; there are: {', '.join(known)}")
    return [one for one in ATTACKS if not names or one.name in names]


def findings(
    victim: Victim, attacks: Sequence[Attack], tell: Callable[[Attack], None]
) -> Iterator[Finding]:
    """Attack, and find out what came of it. `tell` is called before each attack."""
    for one in attacks:
        tell(one)
        yield finding(victim, one)
        if one.options:
            victim.restart()


def finding(victim: Victim, one: Attack) -> Finding:
    """One attack. The server is started anew where it has fallen."""
    try:
        seen, verdict = endured(victim, one), "passed"
    except DoesNotApply as reason:
        return Finding(one.name, one.title, one.section, "not applicable", str(reason))
    except (Falls, Unreachable) as failure:
        seen, verdict = str(failure), "failed"
        victim.restart()
    except OSError as error:
        seen, verdict = f"a client could not go on: {error.strerror or error}", "failed"
        victim.restart()
    return Finding(one.name, one.title, one.section, verdict, seen)  # type: ignore[arg-type]


def endured(victim: Victim, one: Attack) -> str:
    """Attack, and look at the server during it and afterwards: what was seen.

    Falls, or Unreachable, where it is no good; DoesNotApply where it cannot be attacked so.
    """
    if one.options:
        victim.restart(one.options)
    printed = victim.server.printed
    before = health_of(victim.pid) if victim.pid else Health()
    with Peak(victim.pid) as peak:
        seen = one.act(victim)
    victim.good()
    if not victim.server.alive:
        raise Falls("the server has ended")
    if peak.grown > one.memory:
        raise Falls(f"it took {peak.grown // MEGABYTE} MB of memory meanwhile; {seen}")
    if victim.pid and (left := recovered(victim.pid, before, RECOVER_SECONDS)):
        raise Falls(f"{left} more than before, {RECOVER_SECONDS:g} s later; {seen}")
    if trouble := traceback_in(victim.server.output(printed)):
        raise Falls(f"an exception that nobody caught: {trouble.strip().splitlines()[-1]}")
    return f"{seen}; +{max(0, peak.grown) // MEGABYTE} MB" if victim.pid else seen
