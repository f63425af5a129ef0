"""How far each step's server has come: the conformance cases, as `conformance` published them."""

from collections.abc import Iterator
from typing import get_args

from course.conformance.cases import Case, Level, Topic, all_cases, topics
from course.conformance.results import failed, passed_from, published
from course.conformance.running import Results, findings
from course.pages.text import escaped, folded
from course.scorecard import counted
from course.steps import CourseError, find_step

Everything = dict[str, Results]

MARKUP = str.maketrans({"*": "&#42;", "<": "&lt;", "|": "&#124;", "_": "&#95;"})
"""What a title is not to be read as."""


class NotPublished(CourseError):
    """The page wants results that are not there, or that are of other cases."""


def part(name: str, *, to_root: str = "./") -> str:
    """`table`: topics and steps; `topics`: every case; `missing`: what each step does not pass.

    `count` is how many cases there are, and how many of each level. Raises NotPublished.
    """
    everything = published_now()
    match name:
        case "table":
            return table(everything, to_root)
        case "topics":
            return "\n".join(topic_cases(one, everything) for one in topics())
        case "missing":
            return "\n".join(missing(label, everything) for label in everything)
        case "count":
            return count()
    raise NotPublished(
        f"no part {name!r} of the scorecard; there are: table, topics, missing, count"
    )


def published_now() -> Everything:
    """The results of all steps; NotPublished where they are not those of the cases of today."""
    everything = published()
    ids = [case.id for case in all_cases()]
    if not everything:
        raise NotPublished("nothing is published: run python -m course conformance 01 --publish")
    for label, results in everything.items():
        if list(results) != ids:
            raise NotPublished(
                f"docs/conformance/{label}.json is of other cases: "
                f"run python -m course conformance {label} --publish"
            )
    return everything


def count() -> str:
    """How many cases there are."""
    levels = [case.level for case in all_cases()]
    each = ", ".join(f"{levels.count(level)} {level}" for level in get_args(Level))
    return f"There are {len(levels)} cases in {len(topics())} topics: {each}.\n"


def table(everything: Everything, to_root: str) -> str:
    """A row for each topic and a column for each step, with counts and bars."""
    heads = "".join(_step_head(label, to_root) for label in everything)
    rows = [_row(one.title, one.cases, everything) for one in topics()]
    musts = [case for case in all_cases() if case.level == "MUST"]
    rows += [_row("Every MUST", musts, everything), _row("All cases", all_cases(), everything)]
    return "\n".join(
        [
            '<div class="scorecard" role="region" aria-label="Topics and steps" tabindex="0">',
            '<table class="scorecard">',
            "<caption>Cases passed, of those that apply to the step</caption>",
            f'<thead><tr><th scope="col">topic</th>{heads}</tr></thead>',
            "<tbody>",
            *rows,
            "</tbody></table></div>",
            "",
        ]
    )


def _step_head(label: str, to_root: str) -> str:
    step = find_step(label)
    address = f"{to_root}chapters/{step.name}/"
    name = escaped(f"Step {label}: {step.title}")
    return f'<th scope="col"><a href="{address}" title="{name}">{label}</a></th>'


def _row(title: str, cases: tuple[Case, ...] | list[Case], everything: Everything) -> str:
    cells = "".join(_cell(*counted(findings(cases, results))) for results in everything.values())
    return f'<tr><th scope="row">{escaped(title)}</th>{cells}</tr>'


def _cell(passed: int, total: int) -> str:
    """A count, and the same as a bar, which says nothing more to who cannot see it."""
    if not total:
        return '<td><span title="needs what this step does not have">-</span></td>'
    bar = f'<span class="bar" style="--part: {100 * passed // total}%" aria-hidden="true"></span>'
    whole = ' class="whole"' if passed == total else ""
    return f"<td{whole}>{passed}/{total}{bar}</td>"


def topic_cases(topic: Topic, everything: Everything) -> str:
    """A topic, folded: each of its cases, where it is written, and which steps pass it."""
    items = [
        f"- {_written(case)} Passed by {passing(case, everything)}. `{case.id}`"
        for case in topic.cases
    ]
    body = "\n".join([topic.about.translate(MARKUP), "", *items])
    return folded(f"{topic.title}: {len(topic.cases)} cases", body)


def _written(case: Case) -> str:
    """What a case demands, how much, and where."""
    section = case.section.replace(", ", ", section ")
    return f"{case.title.translate(MARKUP)} **{case.level}**, {section}."


def passing(case: Case, everything: Everything) -> str:
    """Which steps pass a case: "all", "all from 02 on", "02, 07, 08"."""
    applies = [label for label, results in everything.items() if results[case.id] is not None]
    passed = [label for label in applies if everything[label][case.id] == ""]
    if passed == list(everything):
        return "all"
    if passed and passed == [label for label in everything if label >= passed[0]]:
        return f"all from {passed[0]} on"
    return ", ".join(passed) or "none"


def missing(label: str, everything: Everything) -> str:
    """What a step does not pass, folded, by the step that adds it; a sentence where it is none."""
    results = everything[label]
    passed, total = counted(findings(all_cases(), results))
    step = find_step(label)
    name = f"Step {label}, {step.title}"
    if passed == total:
        return f"**{name}** passes all {total} that apply.\n"
    musts = len(failed(results, "MUST"))
    title = f"{name}: {total - passed} of {total} are not passed, {musts} of them a MUST"
    return folded(title, "\n".join(_by_step(label, everything)))


def _by_step(label: str, everything: Everything) -> Iterator[str]:
    """For each later step what it adds, by what was seen instead.

    What was the same in an earlier step is not listed again.
    """
    earlier = {one: _seen(one, everything) for one in everything if one < label}
    found = _seen(label, everything)
    for later in sorted({step for step, _ in found}, key=lambda one: one or "~"):
        yield f"**Step {later} adds**\n" if later else "**No step so far passes**\n"
        for key, names in found.items():
            if key[0] != later:
                continue
            first = next((one for one, had in earlier.items() if had.get(key) == names), "")
            listed = ", ".join(f"`{name}`" for name in names)
            same = f"the same {len(names)} as in step {first}"
            yield f"- {key[1].translate(MARKUP)}: {same if first and len(names) > 1 else listed}"
        yield ""


def _seen(label: str, everything: Everything) -> dict[tuple[str, str], list[str]]:
    """The cases that a step fails, by the step that adds them and by what was seen."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in failed(everything[label]):
        key = (passed_from(case, everything, label), everything[label][case.id] or "")
        found.setdefault(key, []).append(case.id)
    return found
