"""Put a step's modules on stage: the reference's, or the learner's where there are any.

    python -m course.stage 04 --mine --script server -- --port 8080

runs step 04's server with the learner's modules in it.
"""

import argparse
import ast
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location, spec_from_loader
from pathlib import Path
from types import FrameType, ModuleType, TracebackType

from course import answers, source
from course.answers import Broken
from course.assembly import Source, assemble
from course.limits import IMPORT_SECONDS, time_limit
from course.steps import CourseError, Exercise, Step, find_step

STANDS_IN = "the reference stands in"


class BrokenAnswer(Exception):
    """An answer that cannot be imported."""

    def __init__(self, broken: Broken, name: str) -> None:
        super().__init__(f"{broken.place} {broken.error}")
        self.broken = broken
        self.name = name


class Stage:
    """One step's modules, importable by their names while the stage is on, and only then.

    `broken` tells which answers could not be imported; the reference stands in for them.
    """

    def __init__(self, step: Step, *, mine: bool = False, base: Path | None = None) -> None:
        self.step = step
        self.sources = assemble(step, mine=mine, base=base)
        self.broken: dict[str, Broken] = {}
        self._modules: dict[str, ModuleType] = {}
        self._finder = _Island(self.sources)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let the step's modules be imported; afterwards `sys.modules` is as it was."""
        hidden = {name: sys.modules.pop(name) for name in self.sources if name in sys.modules}
        sys.modules.update(self._modules)
        sys.meta_path.insert(0, self._finder)
        try:
            yield
        finally:
            sys.meta_path.remove(self._finder)
            for name in self.sources:
                if module := sys.modules.pop(name, None):
                    self._modules[name] = module
            sys.modules.update(hidden)

    def load(self) -> None:
        """Import every module, so that answers which cannot be imported are known.

        Raises whatever the reference raises, should it be at fault itself.
        """
        while (failure := self._first_failure()) is not None:
            name, broken = self._blame(failure)
            self.broken[name] = broken
            self._stand_in(name)

    def stand_ins(self, script: str, base: Path | None = None) -> Iterator[str]:
        """Why the reference stands in for answers that a script uses: one line for each."""
        for broken in self.broken.values():
            yield f"{broken.place}: {broken.error}; {STANDS_IN}"
        for exercise in self.unwritten(script, base):
            names = ", ".join(exercise.functions)
            verb = "is" if len(exercise.functions) == 1 else "are"
            yield f"{names} ({exercise.id}) {verb} not written yet: {STANDS_IN}"

    def unwritten(self, script: str, base: Path | None = None) -> Iterator[Exercise]:
        """The exercises that a script uses and the learner has not written yet."""
        used = self.used(script)
        for exercise in self.step.exercises:
            state = answers.state(self.step, exercise, base)
            if Path(exercise.answer).stem in used and state.kind in ("blank", "missing"):
                yield exercise

    def used(self, script: str) -> set[str]:
        """The script and the modules of the stage that it imports, or that they import."""
        found, waiting = set[str](), [script]
        while waiting:
            name = waiting.pop()
            if name in self.sources and name not in found:
                found.add(name)
                waiting += _imports(self.sources[name].path)
        return found

    def _first_failure(self) -> BaseException | None:
        """The first error that importing all modules anew gives."""
        self._modules.clear()
        with self.on():
            try:
                with time_limit(IMPORT_SECONDS, _report_stuck, sys.__stderr__ or 2):
                    for name in filter(self._is_own, self.sources):
                        __import__(name)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a learner's module may raise anything, SystemExit too
                return error
            return self._lost_name()

    def _is_own(self, name: str) -> bool:
        """Whether it is a module of the course's own, and not written with a package of others.

        Those are applications for a server to load: a page has no such packages, and some of them
        cannot be imported twice.
        """
        home = self.sources[name].home
        return not home.exists() or source.needs_only(home, self.sources)

    def _lost_name(self) -> BrokenAnswer | None:
        """An answer that lacks a name which the step's checks import."""
        mine = {name: one for name, one in self.sources.items() if one.answer and one.home.exists()}
        used = {name: one for name, one in mine.items() if self._is_own(name)}
        gone = {
            (name, word)
            for name, one in used.items()
            for word in source.bound_names(ast.parse(one.home.read_bytes()))
            if not hasattr(sys.modules[name], word)
        }
        for name, word in sorted(gone & _imported(self.step.tests) if gone else gone):
            return BrokenAnswer(_gone(word, self.sources[name].path), name)
        return None

    def _blame(self, failure: BaseException) -> tuple[str, Broken]:
        """The answer that is at fault, and what to say of it."""
        if isinstance(failure, BrokenAnswer):
            return failure.name, failure.broken
        used = {str(one.answer): name for name, one in self.sources.items() if one.answer}
        if not used:
            raise failure
        suspects = [used[file] for file in reversed(_files(failure.__traceback__)) if file in used]
        suspects += [name for name in used.values() if name == getattr(failure, "name", None)]
        suspects = suspects or [*filter(self._heals, used.values()), *used.values()]
        return suspects[0], answers.broken_by(failure, self.sources[suspects[0]].path)

    def _heals(self, name: str) -> bool:
        """Whether the modules can be imported once the reference stands in for this answer."""
        before = self.sources[name]
        self._stand_in(name)
        healed = self._first_failure() is None
        self.sources[name] = before
        return healed

    def _stand_in(self, name: str) -> None:
        one = self.sources[name]
        if one.home.exists():
            self.sources[name] = Source(name, one.home)
        else:  # a module that the learner added has nothing to stand in for it
            del self.sources[name]


def _imported(files: Sequence[Path]) -> set[tuple[str, str]]:
    """What the files import by `from module import name`: pairs of the two."""
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_bytes())))
    return {
        (node.module or "", alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _imports(file: Path) -> set[str]:
    """The modules that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_bytes())))
    plain = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def _gone(name: str, path: Path) -> Broken:
    return Broken(answers.Place(path, 0, ""), f"{name} is gone, and the checks need it")


def _files(step: TracebackType | None) -> list[str]:
    """The files that a traceback passes through."""
    files = []
    while step:
        files.append(step.tb_frame.f_code.co_filename)
        step = step.tb_next
    return files


def _report_stuck(frame: FrameType | None) -> None:
    lines = traceback.format_stack(frame, limit=-1) if frame else []
    print("An import does not come to an end:", *lines, file=sys.__stderr__, flush=True)


class _Island(MetaPathFinder):
    """Finds the modules of one stage, ahead of all other finders."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The module's spec; None for a name that is not the step's."""
        one = self.sources.get(fullname)
        if one is None:
            return None
        if one.answer is None:
            return spec_from_file_location(fullname, one.home)
        return spec_from_loader(fullname, _AnswerLoader(one), origin=str(one.answer))


class _AnswerLoader(Loader):
    """Runs a learner's module with its blank functions filled in."""

    def __init__(self, one: Source) -> None:
        self.source = one

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code.

        Raises BrokenAnswer where it does not compile, or what the code raises.
        """
        module.__file__ = str(self.source.home)
        _run(self.source, module)


def _run(one: Source, module: ModuleType) -> None:
    """Run a source's code in the module."""
    if one.answer is None or one.origin is None:
        code = compile(one.home.read_bytes(), one.home, "exec")
    else:
        result = answers.compiled(one.origin, one.answer)
        if isinstance(result, Broken):
            raise BrokenAnswer(result, one.name)
        code = result
    exec(code, module.__dict__)


def run_script(stage: Stage, script: str, arguments: Sequence[str]) -> None:
    """Run one module of the stage as `__main__`; the stage stays on.

    Raises CourseError for a script that the step does not have, and whatever the script raises.
    """
    if script not in stage.sources:
        names = ", ".join(stage.sources)
        raise CourseError(f"step {stage.step.label} has no script {script!r}; it has: {names}")
    one = stage.sources[script]
    main = ModuleType("__main__")
    main.__file__ = str(one.home)
    sys.modules["__main__"] = main
    sys.argv = [str(one.path), *arguments]
    with stage.on():
        _run(one, main)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a step's script on its stage."""
    options = _options(arguments)
    try:
        base = answers.chosen_base(options.answers)
        stage = Stage(find_step(options.step), mine=options.mine, base=base)
        stage.load()
        for line in stage.stand_ins(options.script, base) if options.mine else ():
            print(line, file=sys.stderr, flush=True)
        run_script(stage, options.script, options.arguments)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        _print_traceback(error)
        sys.exit(1)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m course.stage",
        description=main.__doc__,
        epilog="What follows -- is for the script.",
    )
    parser.add_argument("step", help='the step: "04"')
    parser.add_argument("--mine", action="store_true", help="with the learner's modules")
    parser.add_argument("--answers", metavar="DIR", help="where the learner's modules are")
    parser.add_argument("--script", default="server", help="the module to run (server)")
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    options.arguments = words[end + 1 :]
    return options


def _print_traceback(error: Exception) -> None:
    """The traceback from the script's own first line on."""
    step = error.__traceback__
    while step and step.tb_frame.f_code.co_filename == __file__:
        step = step.tb_next
    traceback.print_exception(error.with_traceback(step))


if __name__ == "__main__":
    main()
