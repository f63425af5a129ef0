"""The server that is measured: a small application of the bench's own, served by a step.

    python -m course.bench.served 06 --model threads --port 0

The handlers are ours; whatever stands between them and the socket is the step's.
"""

import argparse
import importlib
import time
from types import ModuleType
from typing import Any

from course import answers
from course.bench.scenarios import WAIT_SECONDS
from course.bench.work import compute
from course.stage import Stage
from course.steps import Step, find_step

LARGE_BYTES = 8 * 1024 * 1024
"""More than the kernel's buffers take, so that a slow reader is felt by the server."""


class Modules:
    """The step's modules that are used here."""

    listening: ModuleType
    response: ModuleType
    router: ModuleType
    serving: ModuleType

    def __init__(self) -> None:
        for name in self.__annotations__:
            setattr(self, name, importlib.import_module(name))


def application(modules: Modules, loops: int) -> Any:
    """A router with a handler for each kind of work; each gives back the word that it is given."""
    router, response = modules.router.Router(), modules.response.Response
    large = bytes(LARGE_BYTES)

    def fast(request: Any, word: str) -> Any:
        return response.text(word)

    def waiting(request: Any, word: str) -> Any:
        time.sleep(WAIT_SECONDS)
        return response.text(word)

    def computing(request: Any, word: str) -> Any:
        compute(loops)
        return response.text(word)

    def much(request: Any) -> Any:
        return response(200, large)

    for handler in (fast, waiting, computing):
        router.get(f"/{handler.__name__}/{{word}}")(handler)
    router.get("/large")(much)
    return router


def stage_of(step: Step, *, mine: bool) -> Stage:
    """The step's stage, with the learner's modules on it if so wished."""
    stage = Stage(step, mine=mine, base=answers.chosen_base())
    if mine:
        stage.load()
    return stage


def main() -> None:
    """Serve until the order to stop; the options that are not ours are the step's."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("step")
    parser.add_argument("--mine", action="store_true")
    parser.add_argument("--loops", type=int, default=1, help="how much /computing has to do")
    own, rest = parser.parse_known_args()
    step = find_step(own.step)
    with stage_of(step, mine=own.mine).on():
        modules = Modules()
        options = modules.listening.options(main.__doc__)
        modules.serving.add_options(options)
        handler = application(modules, own.loops)
        # From step 08 on the handler is made when the port is known.
        served = (lambda port: handler) if "wsgi" in step.modules else handler
        modules.serving.run(served, options.parse_args(rest))


if __name__ == "__main__":
    main()
