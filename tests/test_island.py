"""Each step is an island: its modules are on stage for its checks, and for nobody else's."""

import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from support import SOLUTIONS, WORDS, Course, Result, run

from course import answers
from course.assembly import assemble
from course.servers import RunningServer, start
from course.stage import Stage
from course.steps import Step, find_step
from course.wire import Server

BLANK = 'raise NotImplementedError("exercise 01.1")'
UNFINISHED = WORDS.replace("return text.upper() + LOUD", BLANK)


def step(course: Course, number: int) -> Step:
    """A step of that course, read anew."""
    return find_step(str(number), course.root)


def words_of(stage: Stage) -> str:
    """Whose words.py is on stage: the name of the folder with the file."""
    return stage.sources["words"].path.parent.relative_to(stage.step.path.parent).as_posix()


# Steps do not see each other's modules.


def test_each_step_has_its_own_module_of_a_name(course: Course) -> None:
    """Both steps have a module `probe`, and a check that only the right one passes."""
    for paths in (["steps"], ["steps/1", "steps/2"], ["steps/2", "steps/1"]):
        result = course.pytest(*paths, "--reference")
        assert result.counts == {"passed": 12}, result.text


def test_step_is_on_stage_while_its_checks_run(course: Course) -> None:
    """An import in a check, or in a fixture, finds the module of the check's own step."""
    late = """
import pytest

@pytest.fixture
def step():
    import probe
    return probe.STEP

def test_late(step):
    import probe
    assert step == probe.STEP == {number}
"""
    course.write("steps/01_words/test_late.py", late.format(number=1))
    course.write("steps/02_shapes/test_late.py", late.format(number=2))
    result = course.pytest("steps/1::test_late", "steps/2::test_late", "--reference")
    assert result.counts == {"passed": 2}, result.text


@pytest.mark.parametrize("order", [("steps/1", "steps/2"), ("steps/2", "steps/1")])
def test_planted_bug_is_found_in_its_step(course: Course, order: tuple[str, str]) -> None:
    """A bug in one step's module fails that step's check, and no other step hides it."""
    course.write("steps/02_shapes/probe.py", "STEP = 1\n")
    result = course.pytest(*order, "--reference", "-rf")
    assert result.counts == {"failed": 1, "passed": 11}, result.text
    assert "FAILED steps/02_shapes/test_words.py::TestProbe::test_probe" in result.out


@pytest.mark.parametrize("order", [("steps/1", "steps/2"), ("steps/2", "steps/1")])
def test_missing_module_is_not_borrowed(course: Course, order: tuple[str, str]) -> None:
    """A step that lacks a module does not get that of its neighbour."""
    (course.root / "steps/02_shapes/probe.py").unlink()
    result = course.pytest(*order, "--reference")
    assert "ModuleNotFoundError: No module named 'probe'" in result.out
    assert result.counts == {"error": 1}


def test_learners_modules_stay_in_their_step(course: Course) -> None:
    """What a learner adds to one step is not seen in another that has nothing to do with it."""
    course.solve()
    course.answer("helper.py", "SIZE = 1\n")
    course.answer("shape.py", f"import helper\n{SOLUTIONS['shape.py']}", "02_shapes")
    course.write("steps/02_shapes/words.py", WORDS + "\n# changed\n")
    result = course.pytest("steps/2")
    assert "No module named 'helper'" in result.out, result.text


def test_modules_leave_with_the_stage(course: Course) -> None:
    """When the stage is off, `sys.modules` and `sys.meta_path` are as they were."""
    foreign = ModuleType("probe")
    sys.modules["probe"] = foreign
    finders = list(sys.meta_path)
    stage = Stage(step(course, 1))
    try:
        with stage.on():
            import probe
            import words

            assert probe.STEP == 1
            assert words.shout("a") == "A!"
        assert sys.modules["probe"] is foreign
        assert "words" not in sys.modules
        assert sys.meta_path == finders
        with stage.on():
            assert sys.modules["words"] is words
    finally:
        del sys.modules["probe"]


def test_stage_is_left_in_order_after_an_error(course: Course) -> None:
    """An error on stage leaves nothing behind."""
    finders = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError), Stage(step(course, 1)).on():
        import words  # noqa: F401

        raise ZeroDivisionError
    assert "words" not in sys.modules
    assert sys.meta_path == finders


def test_threads_outlive_the_stage(course: Course) -> None:
    """What was imported at the top keeps working in a thread that goes on afterwards."""
    stage = Stage(step(course, 1))
    go, said = threading.Event(), []
    with stage.on():
        from server import Greeter

        thread = threading.Thread(target=lambda: go.wait(5) and said.append(Greeter("a").greet()))
        thread.start()
    go.set()
    thread.join(5)
    assert said == [b"Hello, a\r\n"]


# Blank functions are filled in.


def test_blank_functions_are_the_references(course: Course) -> None:
    """The learner's function runs beside the reference's, and tracebacks name the right files."""
    mine = UNFINISHED.replace("return text.lower().translate(table)", "return 1 / 0")
    answer = course.answer("words.py", mine)
    stage = Stage(step(course, 1), mine=True)
    stage.load()
    with stage.on():
        from words import LOUD, Greeter, shout, whisper

    assert LOUD == "!"
    assert shout("a") == "A!"
    assert Greeter("a").greet() == b"Hello, a\r\n"
    reference = stage.step.modules["words"]
    assert shout.__code__.co_filename == str(reference)
    assert Greeter.greet.__code__.co_filename == str(answer)
    with pytest.raises(ZeroDivisionError) as caught:
        whisper("a")
    assert "return 1 / 0" in "".join(traceback.format_exception(caught.value))


def test_error_in_a_filled_function_shows_the_references_line(course: Course) -> None:
    """The traceback's line is the one that the file has at that place."""
    course.answer("words.py", "\n\n\n\n\n" + UNFINISHED)
    stage = Stage(step(course, 1), mine=True)
    with stage.on():
        from words import shout
    with pytest.raises(AttributeError) as caught:
        shout(None)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename == str(stage.step.modules["words"])
    assert last.line == "return text.upper() + LOUD"


def test_modules_see_the_steps_folder(course: Course) -> None:
    """`__file__` of an answer is where the module belongs: there are the files that it serves."""
    course.answer("words.py", WORDS)
    stage = Stage(step(course, 1), mine=True)
    with stage.on():
        import words
    assert words.__file__ == str(stage.step.path / "words.py")


def test_filled_function_brings_its_import(course: Course) -> None:
    """An editor that removed an import not yet used does not break the reference's function."""
    blank = answers.starter(step(course, 1), "words.py")
    course.answer("words.py", blank.replace("import string\n", ""))
    stage = Stage(step(course, 1), mine=True)
    stage.load()
    assert not stage.broken
    with stage.on():
        from words import whisper
    assert whisper("A, b!") == "a b"


# Where each module comes from.


def test_modules_come_from_the_reference_without_mine(course: Course) -> None:
    course.solve()
    sources = assemble(step(course, 1), mine=False)
    assert {one.answer for one in sources.values()} == {None}


def test_modules_come_from_the_steps_own_answers(course: Course) -> None:
    course.answer("words.py", UNFINISHED)
    assert words_of(Stage(step(course, 1), mine=True)) == "01_words/answers"


def test_unchanged_module_comes_from_an_earlier_answer(course: Course) -> None:
    """What the learner wrote in step 01 serves step 02."""
    course.answer("words.py", WORDS)
    assert words_of(Stage(step(course, 2), mine=True)) == "01_words/answers"


def test_unfinished_answer_stays_in_its_step(course: Course) -> None:
    """An answer with a blank left does not serve later steps."""
    course.answer("words.py", UNFINISHED)
    assert words_of(Stage(step(course, 2), mine=True)) == "02_shapes"


def test_broken_answer_stays_in_its_step(course: Course) -> None:
    course.answer("words.py", WORDS + "\n)")
    assert words_of(Stage(step(course, 2), mine=True)) == "02_shapes"


def test_changed_module_cuts_off_earlier_answers(course: Course) -> None:
    """Where a step changed the module, an answer to the module as it was does not fit."""
    course.answer("words.py", WORDS)
    course.write("steps/02_shapes/words.py", WORDS + "\nQUIET = 1\n")
    assert words_of(Stage(step(course, 2), mine=True)) == "02_shapes"


def test_newest_complete_answer_counts(course: Course) -> None:
    """Of several answers to the same module the newest that is complete is taken."""
    for name in ("words.py", "shape.py", "probe.py"):
        course.write(f"steps/03_more/{name}", (course.root / "steps/02_shapes" / name).read_text())
    course.answer("words.py", WORDS)
    assert words_of(Stage(step(course, 3), mine=True)) == "01_words/answers"
    course.answer("words.py", WORDS, "02_shapes")
    assert words_of(Stage(step(course, 3), mine=True)) == "02_shapes/answers"
    course.answer("words.py", "def (", "02_shapes")
    assert words_of(Stage(step(course, 3), mine=True)) == "01_words/answers"


def test_closing_says_what_earlier_steps_lend(course: Course) -> None:
    course.solve()
    assert "02 shapes (with your words.py" in course.pytest("steps/2").out


def test_learner_may_add_a_module(course: Course) -> None:
    """A module that the learner wrote beside the answers can be imported by them, later too."""
    course.answer("helper.py", "def loud(text):\n    return text.upper() + '!'\n")
    mine = WORDS.replace("import string", "import string\nfrom helper import loud")
    course.answer("words.py", mine.replace("return text.upper() + LOUD", "return loud(text)"))
    for number in (1, 2):
        stage = Stage(step(course, number), mine=True)
        stage.load()
        assert not stage.broken
        with stage.on():
            from words import shout
        assert shout("a") == "A!"


def test_what_needs_other_peoples_packages_is_left_to_whoever_loads_it(course: Course) -> None:
    """Such a module is on stage, and nobody imports it beforehand: the package may not be there."""
    folder = step(course, 1).path
    (folder / "foreignapp.py").write_text("import nothing_of_that_name\n")
    stage = Stage(step(course, 1), mine=True)
    stage.load()
    assert not stage.broken
    with stage.on(), pytest.raises(ModuleNotFoundError, match="nothing_of_that_name"):
        import foreignapp  # noqa: F401


# Answers that cannot be imported.


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (WORDS.replace("text.upper()", "text.upper("), "SyntaxError: '(' was never closed"),
        (WORDS + "\nx = 1 / 0\n", "ZeroDivisionError: division by zero"),
        (WORDS + "\nexit(3)\n", "SystemExit: 3"),
        (WORDS + "\nimport nothing_of_that_name\n", "No module named 'nothing_of_that_name'"),
        (WORDS.replace("def shout", "def shuot"), "the function shout is gone"),
        (WORDS.replace("class Greeter", "class Gretter"), "the function Greeter.greet is gone"),
        (WORDS + "\ninput()\n", "Error"),
        ("<<<<<<< mine\n" + WORDS, "SyntaxError"),
        ("x = '\0'", "null byte"),
        (WORDS + "\nreturn 1\n", "SyntaxError: 'return' outside function"),
    ],
)
def test_broken_answer(course: Course, text: str, error: str) -> None:
    """The reference stands in, and what is wrong is told with its place."""
    course.solve()
    path = course.answer("words.py", text)
    result = course.pytest("steps/1")
    assert result.counts == {"failed": 7, "passed": 2}, result.text
    assert "FAILURES" not in result.out
    assert error.lower() in result.out.lower()
    assert result.out.count("cannot be used yet, the reference stands in for it") == 1
    assert str(path.relative_to(course.root)) in result.out
    assert "1 of 3 exercises" in result.out


def test_answer_that_never_ends_importing(course: Course) -> None:
    """A loop at a module's top is ended, and told like any other fault."""
    course.solve()
    course.answer("words.py", WORDS + "\nwhile True:\n    pass\n")
    result = course.pytest("steps/1")
    assert result.counts == {"failed": 7, "passed": 2}, result.text
    assert "it was still running after 5 seconds" in result.out


def test_answer_that_breaks_another_module(course: Course) -> None:
    """Where the reference fails on what the learner's module does, that one is at fault."""
    shout = '\nPREFIX = shout("a").encode()\n'
    course.write("steps/01_words/server.py", "from words import shout\n" + shout)
    course.answer("words.py", WORDS.replace("return text.upper() + LOUD", "return None"))
    stage = Stage(step(course, 1), mine=True)
    stage.load()
    assert stage.broken.keys() == {"words"}
    assert "AttributeError" in stage.broken["words"].error


def test_answer_that_lost_a_name_that_another_module_needs(course: Course) -> None:
    course.write("steps/01_words/server.py", "from words import LOUD\n")
    course.answer("words.py", WORDS.replace('LOUD = "!"', "").replace("+ LOUD", '+ "!"'))
    stage = Stage(step(course, 1), mine=True)
    stage.load()
    assert stage.broken.keys() == {"words"}
    assert "LOUD" in stage.broken["words"].error


def test_answer_that_lost_a_name_that_the_checks_need(course: Course) -> None:
    """The test files can be imported all the same."""
    course.solve()
    course.write(
        "steps/01_words/test_loud.py", "from words import LOUD\n\ndef test(): assert LOUD\n"
    )
    course.answer("words.py", WORDS.replace('LOUD = "!"', "").replace("+ LOUD", '+ "!"'))
    result = course.pytest("steps/1")
    assert result.counts == {"failed": 7, "passed": 3}, result.text
    assert "LOUD is gone, and the checks need it" in result.out


# Servers on stage.


@contextmanager
def staged(course: Course, *arguments: str) -> Iterator[RunningServer]:
    """`python -m course.stage` with these arguments, running."""
    command = [sys.executable, "-m", "course.stage", *arguments, "--", "--port", "0"]
    server = start(command, cwd=course.root, env={"PYTHONPATH": str(course.root)})
    try:
        yield server
    finally:
        server.stop()


def test_script_runs_with_the_learners_modules(course: Course) -> None:
    course.answer("words.py", WORDS.replace("Hello", "Salve"))
    with staged(course, "01", "--mine") as server:
        Server(server).connect().expect_bytes(b"Salve, world\r\n")
    with staged(course, "01") as server:
        Server(server).connect().expect_bytes(b"Hello, world\r\n")


def test_script_in_a_later_step(course: Course) -> None:
    """`run 02 --mine` serves what was written in step 01."""
    course.write(
        "steps/02_shapes/server.py", (course.root / "steps/01_words/server.py").read_text()
    )
    course.answer("words.py", WORDS.replace("Hello", "Salve"))
    with staged(course, "2", "--mine") as server:
        Server(server).connect().expect_bytes(b"Salve, world\r\n")


def test_answers_in_another_folder(course: Course, tmp_path: Path) -> None:
    course.solve()
    other = tmp_path / "other"
    (other / "01_words").mkdir(parents=True)
    mine = course.answer("words.py", WORDS.replace("Hello", "Salve"))
    mine.rename(other / "01_words" / "words.py")
    with staged(course, "01", "--mine", "--answers", str(other)) as server:
        Server(server).connect().expect_bytes(b"Salve, world\r\n")


def test_broken_answer_of_a_server(course: Course) -> None:
    """The server runs all the same, and says which of the learner's modules is left out."""
    course.answer("words.py", WORDS.replace("Hello", "Salve") + "\n1 / 0\n")
    with staged(course, "01", "--mine") as server:
        Server(server).connect().expect_bytes(b"Hello, world\r\n")
        assert "words.py:" in server.output()
        assert "ZeroDivisionError: division by zero; the reference stands in" in server.output()


def stage_command(course: Course, *arguments: str) -> Result:
    return run([sys.executable, "-m", "course.stage", *arguments], course.root)


def test_script_that_is_not_there(course: Course) -> None:
    result = stage_command(course, "01", "--script", "nope")
    assert result.code == 2
    assert result.err.startswith("course: step 01 has no script 'nope'; it has: ")
    assert len(result.err.splitlines()) == 1


def test_step_that_is_not_there(course: Course) -> None:
    result = stage_command(course, "99")
    assert result.code == 2
    assert result.err == "course: there is no step '99'; the steps are: 01 (words), 02 (shapes)\n"


def test_traceback_of_a_script_begins_in_the_script(course: Course) -> None:
    course.write("steps/01_words/probe.py", "if __name__ == '__main__':\n    1 / 0\n")
    result = stage_command(course, "01", "--script", "probe")
    assert result.code == 1
    assert "course" not in result.err.replace(str(course.root), "")
    assert "1 / 0" in result.err


def test_script_is_the_main_module(course: Course) -> None:
    """It sees its arguments, its file and its name as if it were called by itself."""
    text = "import sys, __main__\nprint(__name__, sys.argv[1:], __file__, __main__.__file__)\n"
    path = course.write("steps/01_words/probe.py", text)
    command = [
        sys.executable,
        "-m",
        "course.stage",
        "01",
        "--script",
        "probe",
        "--",
        "-x",
        "--",
        "y",
    ]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"__main__ ['-x', '--', 'y'] {path} {path}"
