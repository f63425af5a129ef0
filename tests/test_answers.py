"""Starters, states, resets, progress: what happens to the learner's files, and what never does."""

import ast
import json
import os
import stat
from pathlib import Path
from textwrap import dedent

import pytest
from support import WORDS, Course

from course import answers, progress, source
from course.answers import State
from course.steps import (
    BadExercises,
    CourseError,
    Exercise,
    Step,
    UnknownStep,
    all_steps,
    find_exercise,
    find_step,
)

RAISE = 'raise NotImplementedError("exercise 01.1")'


def first(course: Course) -> Step:
    """Step 01, read anew."""
    return find_step("1", course.root)


def exercise(course: Course, number: int) -> Exercise:
    return first(course).exercises[number - 1]


def state(course: Course, number: int = 1) -> State:
    return answers.state(first(course), exercise(course, number))


# Starters.


@pytest.mark.parametrize(
    ("name", "whole", "starter"),
    [
        (
            "echo",
            '''
            def echo(data):
                """Give it back."""
                return data
            ''',
            '''
            def echo(data):
                """Give it back."""
                raise NotImplementedError("exercise 01.1")
            ''',
        ),
        (
            "echo",
            """
            # before
            def echo(data):  # beside
                # inside
                first = data  # beside

                # inside
                return (
                    first
                )
                # behind, inside

            # behind
            other = 1
            """,
            """
            # before
            def echo(data):  # beside
                raise NotImplementedError("exercise 01.1")

            # behind
            other = 1
            """,
        ),
        (
            "echo",
            '''
            @decorated
            @with_arguments(1, 2)
            async def echo(
                data: bytes,  # some
                *,
                size: int = {"a:b": 1}["a:b"],
            ) -> bytes:
                """Say
                it in two lines.
                """
                # a comment
                async def inner():
                    yield data
                async for part in inner():
                    return part
            ''',
            '''
            @decorated
            @with_arguments(1, 2)
            async def echo(
                data: bytes,  # some
                *,
                size: int = {"a:b": 1}["a:b"],
            ) -> bytes:
                """Say
                it in two lines.
                """
                raise NotImplementedError("exercise 01.1")
            ''',
        ),
        (
            "Router.match",
            '''
            class Router:
                x = 1

                @property
                def match(self):
                    """É."""
                    if self.x:
                        return "é"; print()

                def other(self):
                    return 1
            ''',
            '''
            class Router:
                x = 1

                @property
                def match(self):
                    """É."""
                    raise NotImplementedError("exercise 01.1")

                def other(self):
                    return 1
            ''',
        ),
        (
            "outer.inner",
            """
            def outer():
                def inner(x):
                    @cache
                    def innermost():
                        return x
                    return innermost()
                return inner
            """,
            """
            def outer():
                def inner(x):
                    raise NotImplementedError("exercise 01.1")
                return inner
            """,
        ),
        (
            "short",
            "def short(x: str = ':') -> int: y = 1; return y  # all in a line\nz = 1\n",
            f"def short(x: str = ':') -> int:\n    {RAISE}\nz = 1\n",
        ),
        (
            "short",
            'def short(): "It says."; return 1\n',
            f'def short():\n    "It says."\n    {RAISE}\n',
        ),
        (
            "short",
            'def short():\n    """It says."""\n',
            f'def short():\n    """It says."""\n    {RAISE}\n',
        ),
        (
            "either",
            """
            if a:
                def either():
                    return 1
            else:
                pass
            try:
                pass
            except ImportError:
                def either():
                    return 2
            """,
            """
            if a:
                def either():
                    return 1
            else:
                pass
            try:
                pass
            except ImportError:
                def either():
                    raise NotImplementedError("exercise 01.1")
            """,
        ),
        (
            "text",
            '''
            def text():
                return """
            not indented
            # no comment
            """

            def next(): ...
            ''',
            """
            def text():
                raise NotImplementedError("exercise 01.1")

            def next(): ...
            """,
        ),
    ],
)
def test_starter_keeps_all_but_the_body(name: str, whole: str, starter: str) -> None:
    """Signature, decorators, docstring and surroundings stay; the body goes, comments included."""
    result = source.blanked(dedent(whole), {name: "01.1"})
    assert result == dedent(starter)
    tree = ast.parse(result)
    function = source.find(tree, name)
    assert function is not None
    assert source.is_blank(function)


def test_starters_compile_and_are_blank(course: Course) -> None:
    """So it is with the whole module, too: nothing else changes in it."""
    step = first(course)
    text = answers.starter(step, "words.py")
    assert text.count("raise NotImplementedError") == 3
    assert "gives the answer away" not in text
    assert "# What stands between the functions stays." in text
    assert "import string" in text
    ast.parse(text)


def test_starter_of_a_function_that_is_not_there(course: Course) -> None:
    path = course.root / "steps/01_words/exercises.toml"
    path.write_text(path.read_text().replace("'shout'", "'shuot'"))
    with pytest.raises(CourseError, match=r"words\.py has no function shuot"):
        answers.starter(first(course), "words.py")


def test_first_check_writes_starters_and_says_so(course: Course) -> None:
    """Once; a file that is there stays as it is, one that is gone comes again."""
    result = course.pytest("steps/1")
    folder = os.path.join("steps", "01_words", "answers", "")  # noqa: PTH118 - as it is printed
    assert f"wrote {folder}: words.py twice.py (yours to complete)" in result.out
    mine = course.answer("words.py", "# all my work\n")
    assert "wrote" not in course.pytest("steps/1").out
    assert mine.read_text() == "# all my work\n"
    (course.answers() / "twice.py").unlink()
    assert f"wrote {folder}: twice.py (yours to complete)" in course.pytest("steps/1").out
    assert mine.read_text() == "# all my work\n"


@pytest.mark.parametrize("option", ["--reference", "--co", "--fixtures"])
def test_nothing_is_written_unasked(course: Course, option: str) -> None:
    course.pytest("steps", option)
    assert not course.answers().exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written(course: Course) -> None:
    """One line, no traceback."""
    folder = course.root / "steps/01_words"
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        result = course.pytest("steps/1", "-p", "no:cacheprovider")
    finally:
        folder.chmod(stat.S_IRWXU)
    assert result.code == 4
    assert "cannot write" in result.err
    assert "Traceback" not in result.text


def test_answers_where_a_file_is(course: Course) -> None:
    """The same where the folder cannot be made, as a file is in its place."""
    course.write("steps/01_words/answers", "not a folder")
    result = course.pytest("steps/1")
    assert result.code == 4
    [line] = [line for line in result.err.splitlines() if line]
    assert line.startswith(f"ERROR: cannot write {Path('steps/01_words/answers/words.py')}: ")
    assert line.endswith("--answers=DIR")


# States.


def test_state_missing(course: Course) -> None:
    assert state(course).kind == "missing"


def test_state_blank(course: Course) -> None:
    answers.write_starters(first(course))
    blank = state(course, 2)
    assert blank.kind == "blank"
    lines = (course.answers() / "words.py").read_text().splitlines()
    assert [lines[place.line - 1].split("(")[0].strip() for place in blank.places] == [
        "def whisper",
        "def greet",
    ]


def test_state_written(course: Course) -> None:
    course.answer("words.py", WORDS)
    assert state(course, 1).kind == "written"
    assert state(course, 2).unwritten == ()


def test_state_written_in_part(course: Course) -> None:
    blank = 'raise NotImplementedError("exercise 01.2")'
    course.answer("words.py", WORDS.replace('return f"Hello, {self.name}\\r\\n".encode()', blank))
    assert state(course, 2).kind == "written"
    assert [place.function for place in state(course, 2).unwritten] == ["Greeter.greet"]


def test_state_broken(course: Course) -> None:
    path = course.answer("words.py", "def shout(:\n    pass\n")
    broken = state(course).broken
    assert broken is not None
    assert (broken.place.path, broken.place.line) == (path, 1)
    assert broken.error == "SyntaxError: invalid syntax"
    assert broken.quote == ("def shout(:", "          ^")


def test_state_of_an_answer_that_is_no_text(course: Course) -> None:
    course.answers().mkdir()
    (course.answers() / "words.py").write_bytes(b"# \xff\xfe\n")
    assert state(course).kind == "broken"


def test_function_may_come_from_elsewhere(course: Course) -> None:
    """A learner may import a function, or assign it: what counts is that the name means one."""
    text = WORDS.replace("def shout", "def loud").replace("# What stands", "shout = loud\n# What")
    course.answer("words.py", text)
    assert state(course).kind == "written"
    course.answer("words.py", WORDS.replace("def shout", "def loud") + "\nfrom loud import shout\n")
    assert state(course).kind == "written"


# Reset.


def test_reset_of_one_exercise(course: Course) -> None:
    """Its functions are blank again, all else in the file stays, and a copy is kept."""
    text = WORDS + "\n# my notes\n"
    path = course.answer("words.py", text)
    kept = answers.reset(first(course), exercise(course, 1))
    assert [copy.read_text() for copy in kept] == [text]
    assert kept[0].parent == course.answers() / "kept"
    assert path.read_text() == text.replace("return text.upper() + LOUD", RAISE)
    assert state(course, 1).kind == "blank"
    assert state(course, 2).kind == "written"


def test_reset_brings_back_what_is_gone(course: Course) -> None:
    """Also a function and a method that the learner deleted or spoilt."""
    text = WORDS.replace("def whisper(text: str) -> str:", "def whsiper():")
    text = text[: text.index("    def greet")]
    course.answer("words.py", text)
    answers.reset(first(course), exercise(course, 2))
    assert state(course, 2).kind == "blank"
    assert "def whsiper" in (course.answers() / "words.py").read_text()


@pytest.mark.parametrize("text", ["", "# nothing\n", "def shout(text: str) -> str:\n    pass\n"])
def test_reset_where_the_module_is_gone(course: Course, text: str) -> None:
    """The functions alone would not do: the whole starter comes back."""
    path = course.answer("words.py", text)
    answers.reset(first(course), exercise(course, 1))
    assert path.read_text() == answers.starter(first(course), "words.py")


def test_reset_of_a_file_that_is_no_python(course: Course) -> None:
    """One exercise in it cannot be found; the whole step can be begun anew."""
    path = course.answer("words.py", "def (")
    with pytest.raises(CourseError, match=r"does not compile.*course reset 01$"):
        answers.reset(first(course), exercise(course, 1))
    assert path.read_text() == "def ("
    [copy] = answers.reset(first(course))
    assert copy.read_text() == "def ("
    assert state(course).kind == "blank"


def test_reset_without_an_answer_writes_the_starter(course: Course) -> None:
    assert answers.reset(first(course), exercise(course, 3)) == []
    assert state(course, 3).kind == "blank"


def test_copies_are_all_kept(course: Course) -> None:
    """Two in the same second do not replace each other."""
    path = course.answer("words.py", "1")
    first_copy = answers.keep(path)
    path.write_text("2")
    second_copy = answers.keep(path)
    assert (first_copy.read_text(), second_copy.read_text()) == ("1", "2")


# Progress.


def test_whole_run_notes_what_is_done(course: Course) -> None:
    course.solve()
    course.pytest("steps/1")
    saved = json.loads((course.answers() / ".progress.json").read_text())
    assert saved == {f"01.{number}": {"done": True, "hints": 0} for number in (1, 2, 3)}
    assert progress.summary(first(course)).complete


def test_run_takes_back_what_fails_now(course: Course) -> None:
    course.solve()
    course.pytest("steps/1")
    course.answer("words.py", WORDS.replace("text.upper()", "text"))
    course.pytest("steps/1")
    assert progress.summary(first(course)) == progress.Summary(2, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        "steps/1 -k shout",
        "steps/1::test_shout",
        "steps/1/test_words.py steps/1/test_twice.py",
        "steps/1 --deselect steps/01_words/test_words.py::test_probe",
        "steps/1 --ignore steps/01_words/test_server.py",
        "steps/1 --reference",
        "steps/1 --co",
    ],
)
def test_run_of_a_part_notes_nothing(course: Course, arguments: str) -> None:
    course.solve()
    course.pytest(*arguments.split())
    assert not (course.answers() / ".progress.json").exists()


def test_run_that_is_cut_short_notes_nothing(course: Course) -> None:
    course.solve()
    course.answer("twice.py", "def twice(text): return None\n")
    assert course.pytest("steps/1", "-x").counts["failed"] == 1
    assert not (course.answers() / ".progress.json").exists()


def test_hints_are_remembered(course: Course) -> None:
    """A run keeps the number of hints that were shown."""
    course.solve()
    records = progress.load(first(course))
    records["01.2"].hints = 2
    progress.save(first(course), records)
    course.pytest("steps/1")
    assert progress.load(first(course))["01.2"] == progress.Record(done=True, hints=2)


@pytest.mark.parametrize("text", ["", "[]", '{"01.1": 3}', '{"01.1": {"done": 1, "hints": "x"}}'])
def test_spoilt_progress_counts_as_none(course: Course, text: str) -> None:
    course.answer(".progress.json", text)
    assert progress.load(first(course))["01.1"] == progress.Record()


# Steps.


@pytest.mark.parametrize(
    "text", ["2", "02", "02_shapes", "steps/02", r"steps\02_shapes", "steps/2/"]
)
def test_step_is_found(course: Course, text: str) -> None:
    assert find_step(text, course.root).name == "02_shapes"


@pytest.mark.parametrize("text", ["", "0", "3", "shapes", "02_other", "2.1", "002", "²"])
def test_step_is_not_there(course: Course, text: str) -> None:
    with pytest.raises(UnknownStep, match=r"the steps are: 01 \(words\), 02 \(shapes\)"):
        find_step(text, course.root)


def test_exercise_is_found(course: Course) -> None:
    step, found = find_exercise("1.2", course.root)
    assert (step.number, found.id, found.step, found.answer) == (1, "01.2", 1, "words.py")
    with pytest.raises(CourseError, match=r"no exercise '1.9'; step 01 has: 01.1 \(Shout\)"):
        find_exercise("1.9", course.root)


def test_steps_modules(course: Course) -> None:
    one, two = all_steps(course.root)
    assert set(one.modules) == {"words", "server", "probe"}
    assert set(one.extras) == {"twice"}
    assert two.title == "shapes"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("minutes = 5\n", "", "exercise 01.1: the field 'minutes' is missing"),
        ("minutes = 5", 'minutes = "5"', "'minutes' must be a int"),
        ("minutes = 5", "minutes = 5\ntime = 5", "the field 'time' is not known"),
        ('"easy"', '"trivial"', "'difficulty' must be one of easy, medium, hard"),
        ('"rebuild"', '"write"', "'kind' must be one of rebuild, extend"),
        (', "Nearly the answer."', "", "3 hints are expected"),
        ("['shout']", "[]", "'functions' must be a list and not empty"),
        ("['shout']", "[1]", "'functions' must hold strings only"),
        ("[[exercise]]", "[[exercise", "exercises.toml: "),
    ],
)
def test_exercises_that_are_not_right(course: Course, old: str, new: str, words: str) -> None:
    """The message names the file, the exercise and what is wrong; pytest shows it in one line."""
    path = course.root / "steps/01_words/exercises.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BadExercises) as caught:
        _ = first(course).exercises
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)
    result = course.pytest("steps/1")
    assert result.code == 4
    assert words in result.err
    assert "Traceback" not in result.text


def test_check_of_an_exercise_that_is_not_there(course: Course) -> None:
    path = course.root / "steps/01_words/test_words.py"
    path.write_text(path.read_text().replace('"01.1"', '"01.9"'))
    result = course.pytest("steps/1")
    assert result.code == 4
    assert "test_shout: step 01 has no exercise '01.9'; its exercises: 01.1, 01.2" in result.err
