"""Run a step's real script, with the learner's changes, over a network that is not a kernel's."""

import asyncio  # noqa: F401  a step may import it: it must have found the real modules before
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from types import ModuleType, TracebackType

from course import answers
from course.playground import desk, fake_select, fake_selectors, fake_signal, fake_socket
from course.playground.lines import Network, VisitOver
from course.stage import STANDS_IN, BrokenAnswer, Stage, run_script
from course.steps import ROOT, Step, find_step

PORT = "8080"

STAND_INS: Mapping[str, ModuleType] = {
    "socket": fake_socket,
    "select": fake_select,
    "selectors": fake_selectors,
    "signal": fake_signal,
}
"""What a step's modules get when they import these."""

MODEL = "selectors"
"""How a step serves that can do it in several ways: there are no threads and no processes here."""


class Program:
    """A step's script, ready to run, and to run again with its modules as they were left."""

    def __init__(
        self, label: str, script: str, edits: Mapping[str, str], model: str = "", app: str = ""
    ) -> None:
        self.step: Step = find_step(label)
        self.script = script.removesuffix(".py")
        desk.lay_out(self.step, edits, whole=False)
        serves = [app] if app else desk.share(self.step, edits)
        self.arguments = ["--port", PORT, *self._models(model), *serves]
        self._stage: Stage | None = None

    @property
    def command(self) -> str:
        """What one would type to run the same in a terminal."""
        return " ".join(["python", f"{self.script}.py", *self.arguments])

    def run(self, network: Network) -> bool:
        """Run the script until it ends; whether it ended as it should. Its errors are printed."""
        with chdir(self.step.path), stand_ins(network):
            try:
                run_script(self._on_stage(), self.script, self.arguments)
            except VisitOver as over:
                if over.args:
                    print(f"({over})", file=sys.stderr)
            except KeyboardInterrupt:
                return True
            except SystemExit as error:
                return _said(error)
            except BrokenAnswer as error:
                print("\n    ".join([str(error), *error.broken.quote]), file=sys.stderr)
                return False
            except Exception as error:
                print_own(error)
                return False
        return True

    def _models(self, model: str) -> list[str]:
        """The options that say how to serve, where the step's server has such options."""
        if self.script != "server" or not (self.step.path / "serving.py").is_file():
            return []
        handlers = ["--workers", "0"] if model in ("", MODEL) else []
        return ["--model", model or MODEL, *handlers]

    def _on_stage(self) -> Stage:
        """The step's modules; the first time, say what stands in for what is not written yet."""
        if self._stage is None:
            self._stage = Stage(self.step, mine=True)
            for exercise in self.step.exercises:
                if answers.state(self.step, exercise).kind == "blank":
                    names = " and ".join(exercise.functions)
                    print(f"{exercise.id} is not written yet: {STANDS_IN} for {names}")
        return self._stage


@contextmanager
def stand_ins(network: Network) -> Iterator[None]:
    """Let modules that are imported from now on find the stand-ins, and the network's time."""
    before = {name: sys.modules.get(name) for name in STAND_INS}
    sys.modules.update(STAND_INS)
    monotonic, time.monotonic = time.monotonic, network.clock
    try:
        with fake_socket.plug_in(network):
            yield
    finally:
        time.monotonic = monotonic
        fake_signal.forget()
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def print_own(error: BaseException) -> None:
    """The traceback without the course's own frames, through which the script was started."""
    step: TracebackType | None = error.__traceback__
    course = str(ROOT / "course")
    while step and step.tb_frame.f_code.co_filename.startswith(course):
        step = step.tb_next
    traceback.print_exception(error.with_traceback(step))


def _said(error: SystemExit) -> bool:
    """What a script that ends itself leaves behind: a message, or a number."""
    if isinstance(error.code, str):
        print(error.code, file=sys.stderr)
    return error.code in (None, 0)
