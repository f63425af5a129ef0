"""`python -m course`: the steps, the learner's progress, and what to do next."""

from rich.table import Table

from course import answers, progress
from course.commands import hint, next_up
from course.console import Out
from course.steps import Step, all_steps


def show() -> None:
    """Print the table of steps and the next thing to do."""
    out, steps = Out(), all_steps()
    out.print(table(steps, out))
    out.print()
    base = answers.chosen_base()
    found = next_up.next_exercise(steps, base)
    if found is None:
        out.say("Every exercise is done. It is your server now:")
        out.say("      ", (next_up.own_server(steps), "cyan"))
        return
    step, exercise = found
    dash = out.sign("·", "-")
    effort = f" {dash} {exercise.minutes} minutes, {exercise.difficulty}"
    out.say("Next: ", (f"{exercise.id} {exercise.title}", "bold"), effort)
    function, where = next_up.place(step, exercise, base)
    out.say(f"      write {function} in {where}")
    for command, effect in (
        (next_up.command(step), "checks each time you save"),
        (hint.command(exercise), "where to look"),
    ):
        out.say("      ", (command.ljust(32), "cyan"), effect)


def table(steps: list[Step], out: Out) -> Table:
    """A row for each step: number, title, bar and count."""
    base = answers.chosen_base()
    grid = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "step", "exercises", "done"):
        grid.add_column(heading, no_wrap=True)
    for step in steps:
        summary = progress.summary(step, base)
        tick = out.sign("✓", "x") if summary.total and summary.complete else ""
        count = f"{summary.done} of {summary.total} {tick}".rstrip()
        grid.add_row(step.label, step.title, out.bar(summary.done, summary.total), count)
    return grid
