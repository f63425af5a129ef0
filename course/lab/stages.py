"""A step's modules, to be taken apart: those of the course, or the learner's own."""

import importlib
from types import SimpleNamespace

from course.source import needs_only
from course.stage import Stage
from course.steps import find_step


def step(number: str, *, mine: bool = False) -> SimpleNamespace:
    """The modules of a step by their names: `step("02").request.RequestParser`.

    They are imported anew each time, so that a change to a file, or to a constant of a module,
    reaches no further than one call. With `mine` they are the learner's answers, where there are
    any. Applications that are written with other people's packages are not among them: those are
    for a server. Raises CourseError for a step that is not there.
    """
    found = find_step(number)
    stage = Stage(found, mine=mine)
    stage.load()
    with stage.on():
        own = [name for name, path in found.modules.items() if needs_only(path, found.modules)]
        return SimpleNamespace(**{name: importlib.import_module(name) for name in own})
