"""Where the reference stands in for answers of the learner's: said before a run, and after it."""

from dataclasses import dataclass

from course import answers
from course.stage import Stage
from course.steps import Step


@dataclass(frozen=True)
class StandIns:
    """What of a server that is assembled with `--mine` is the reference's after all."""

    lines: tuple[str, ...] = ()
    """Why, for each."""
    broken: tuple[str, ...] = ()
    """Modules of the learner's that the server needs and that cannot be used."""
    unwritten: tuple[str, ...] = ()
    """Exercises that are not written yet."""

    @property
    def words(self) -> str:
        """The end of a last line: "; the reference stood in for chunked.py (broken), 07.4"."""
        names = [f"{name}.py (broken)" for name in self.broken] + list(self.unwritten)
        return f"; the reference stood in for {', '.join(names)}" if names else ""


def stand_ins(step: Step, script: str) -> StandIns:
    """What stands in where this script of the step is run with `--mine`."""
    base = answers.chosen_base()
    stage = Stage(step, mine=True, base=base)
    stage.load()
    return StandIns(
        tuple(stage.stand_ins(script, base)),
        tuple(sorted(stage.broken.keys() & stage.used(script))),
        tuple(exercise.id for exercise in stage.unwritten(script, base)),
    )
