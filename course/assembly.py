"""Choose, for each module of a step, whose version is used: the learner's or the reference's."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from course import answers
from course.steps import Step, all_steps


@dataclass(frozen=True)
class Source:
    """Where a module of the stage comes from.

    `home` is its place in the step's folder, which it sees as its `__file__`. `answer` is the
    learner's file that is used instead, an answer to the step `origin`.
    """

    name: str
    home: Path
    answer: Path | None = None
    origin: Step | None = None

    @property
    def path(self) -> Path:
        """The file that is run."""
        return self.answer or self.home


def assemble(step: Step, *, mine: bool, base: Path | None = None) -> dict[str, Source]:
    """The sources of the step's modules by name.

    With `mine` a module comes from the step's own answers, else from the newest answer that is
    complete among the earlier steps that have the same module, else from the reference.
    """
    own = {**step.modules, **step.extras}
    sources = {name: Source(name, path) for name, path in own.items()}
    if not mine:
        return sources
    for name, path in own.items():
        if found := _newest_answer(step, name, path.read_bytes(), base):
            sources[name] = replace(sources[name], answer=found[0], origin=found[1])
    origins = [source.origin for source in sources.values() if source.origin]
    for origin in dict.fromkeys([step, *sorted(origins, key=lambda one: -one.number)]):
        for path in sorted(answers.folder(origin, base).glob("*.py")):
            if _is_helper(path.stem):
                home = step.path / path.name
                sources.setdefault(path.stem, Source(path.stem, home, path, origin))
    return sources


def _newest_answer(
    step: Step, name: str, reference: bytes, base: Path | None
) -> tuple[Path, Step] | None:
    """The learner's file for a module, from this step back to the one that last changed it."""
    for one in reversed(all_steps(step.path.parent.parent)):
        if one.number > step.number:
            continue
        original = {**one.modules, **one.extras}.get(name)
        if original is None or original.read_bytes() != reference:
            return None
        path = answers.folder(one, base) / f"{name}.py"
        if path.is_file() and (one == step or answers.complete(one, path.name, base)):
            return path, one
    return None


def _is_helper(name: str) -> bool:
    """Whether a file of that name in answers/ may be a module that the learner added."""
    allowed = name.isidentifier() and name not in sys.stdlib_module_names
    return allowed and not name.startswith("test_")
