"""`pytest steps/4` and its like: what a learner types is what is checked, from wherever."""

import os
import re
from itertools import permutations
from pathlib import Path

import pytest
from support import Course, Result

from course.selection import meant
from course.steps import ROOT

WORDS = "steps/01_words/test_words.py"
SERVER = "steps/01_words/test_server.py"
TWICE = "steps/01_words/test_twice.py"
SHAPES = "steps/02_shapes/test_words.py"

FIRST = {
    f"{SERVER}::test_greets",
    f"{TWICE}::test_twice",
    f"{WORDS}::test_shout",
    *(f"{WORDS}::test_shout_ends[{text}]" for text in ("a", "b c", "d")),
    f"{WORDS}::test_whisper",
    f"{WORDS}::test_greet",
    f"{WORDS}::test_probe",
}
SECOND = {
    f"{SHAPES}::test_area",
    f"{SHAPES}::TestProbe::test_probe",
    f"{SHAPES}::TestProbe::test_words",
}
SHOUTS = {name for name in FIRST if "::test_shout" in name}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One course for all tests that only ask what would be checked."""
    return Course.create(tmp_path_factory.mktemp("paths") / "course")


def collected(result: Result) -> set[str]:
    """The checks that `pytest --co -q` names."""
    assert result.code == 0, result.text
    return {line for line in result.out.splitlines() if "::" in line}


@pytest.mark.parametrize(
    ("arguments", "folder", "checks"),
    [
        ("steps/1", "", FIRST),
        ("steps/01", "", FIRST),
        ("steps/01/", "", FIRST),
        ("./steps/01", "", FIRST),
        ("steps/01_words", "", FIRST),
        ("steps/01_words/", "", FIRST),
        (r"steps\1", "", FIRST),
        (r"steps\01\test_words.py::test_shout", "", {f"{WORDS}::test_shout"}),
        ("{root}/steps/2", "", SECOND),
        ("steps", "", FIRST | SECOND),
        ("", "", FIRST | SECOND),
        (".", "", FIRST | SECOND),
        ("steps/1 steps/2", "", FIRST | SECOND),
        ("steps/2 steps/01_words", "", FIRST | SECOND),
        ("steps/01 steps/1", "", FIRST),
        ("steps/01::test_probe", "", {f"{WORDS}::test_probe"}),
        ("steps/2::test_probe", "", {f"{SHAPES}::TestProbe::test_probe"}),
        ("steps/2::TestProbe", "", {name for name in SECOND if "TestProbe" in name}),
        ("steps/2::TestProbe::test_words", "", {f"{SHAPES}::TestProbe::test_words"}),
        ("steps/02_shapes::test_area", "", {f"{SHAPES}::test_area"}),
        ("steps/1::test_shout_ends[a]", "", {f"{WORDS}::test_shout_ends[a]"}),
        (
            "steps/1::test_twice steps/2::test_area",
            "",
            {f"{TWICE}::test_twice", f"{SHAPES}::test_area"},
        ),
        ("steps/1/test_twice.py", "", {f"{TWICE}::test_twice"}),
        ("steps/1/test_words.py::test_greet", "", {f"{WORDS}::test_greet"}),
        ("steps/01.1", "", SHOUTS),
        ("steps/1.3", "", {f"{TWICE}::test_twice"}),
        ("steps/01.3 steps/2", "", SECOND | {f"{TWICE}::test_twice"}),
        ("01.1", "steps", SHOUTS),
        ("steps/1 -k shout", "", SHOUTS),
        ("-k shout", "", SHOUTS),
        ("", "steps", FIRST | SECOND),
        ("1", "steps", FIRST),
        ("02", "steps", SECOND),
        ("02::test_area", "steps", {f"{SHAPES}::test_area"}),
        ("steps/2", "steps", SECOND),
        ("", "steps/01_words", FIRST),
        (".", "steps/01_words", FIRST),
        ("-k shout", "steps/01_words", SHOUTS),
        ("test_words.py::test_probe", "steps/01_words", {f"{WORDS}::test_probe"}),
        ("../2", "steps/01_words", SECOND),
        ("steps/1", "steps/01_words", FIRST),
        ("steps/1::test_greet", "steps/01_words", {f"{WORDS}::test_greet"}),
        ("", "steps/01_words/extras", FIRST),
    ],
)
def test_spelling(shared: Course, arguments: str, folder: str, checks: set[str]) -> None:
    """Each spelling means these checks."""
    words = [word.replace("{root}", str(shared.root)) for word in arguments.split()]
    assert collected(shared.pytest("--co", "-q", *words, folder=folder)) == checks


def test_check_in_several_files(course: Course) -> None:
    """`steps/01::test_x` means it in every file of the step that has it."""
    course.write("steps/01_words/test_more.py", 'def test_probe():\n    """Also here."""\n')
    more = "steps/01_words/test_more.py::test_probe"
    found = collected(course.pytest("--co", "-q", "steps/01::test_probe"))
    assert found == {more, f"{WORDS}::test_probe"}


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("steps/99", ["no step '99'", "01 (words)", "02 (shapes)"]),
        ("steps/x", ["no step 'x'", "01 (words)"]),
        ("steps/99::test_shout", ["no step '99'", "01 (words)"]),
        ("steps/03_no_such", ["no step '03_no_such'", "01 (words)"]),
        ("steps/1::test_nope", ["step 01 has no check 'test_nope'"]),
        ("steps/1::test_shut", ["step 01 has no check 'test_shut'", "did you mean test_shout"]),
        ("steps/1/test_words.py::test_nope", ["step 01 has no check 'test_nope'"]),
        ("steps/01_words/test_words.py::test_nope", ["step 01 has no check 'test_nope'"]),
        ("steps/01.9", ["no exercise '01.9'", "01.1 (Shout)"]),
        ("steps/99.1", ["no step '99'"]),
        ("steps/1/words.py", ["words.py holds no checks; try: pytest steps/01"]),
        ("01", ["no file '01'; did you mean: pytest steps/01"]),
        ("1.2", ["no file '1.2'; did you mean: pytest steps/1.2"]),
        ("steps/1/test_nope.py", ["step 01 has no file 'test_nope.py'", "test_twice.py"]),
        ("steps/1 --server x.js", ["{port}"]),
        ("steps/1 --server a{port} --url http://a", ["choose one"]),
        ("steps/1 --url ftp://a", ["http://HOST:PORT"]),
    ],
)
def test_what_is_not_there(shared: Course, argument: str, words: list[str]) -> None:
    """A name that means nothing gets one line that helps, and the status of a usage error."""
    result = shared.pytest(*argument.split())
    assert result.code == 4
    assert "Traceback" not in result.text
    errors = [line for line in result.text.splitlines() if "error:" in line.lower()]
    assert len(errors) == 1, result.text
    assert all(word in errors[0] for word in words), errors[0]


def test_answers_from_elsewhere(course: Course, tmp_path: Path) -> None:
    """`--answers=DIR`, or COURSE_ANSWERS in its place."""
    for number, run in enumerate(
        (
            lambda path: course.pytest("steps/1", f"--answers={path}"),
            lambda path: course.pytest("steps/01_words", "--answers", path),
            lambda path: course.pytest("steps/1", env={"COURSE_ANSWERS": path}),
            lambda path: course.pytest(f"--answers={path}", folder="steps/01_words"),
        )
    ):
        elsewhere = tmp_path / f"answers {number}"
        elsewhere.mkdir()
        result = run(str(elsewhere))
        assert result.code == 1, result.text
        assert {path.name for path in (elsewhere / "01_words").glob("*.py")} == {
            "words.py",
            "twice.py",
        }
    assert not course.answers().exists()


def outcomes(result: Result) -> dict[str, str]:
    """How each check ended, from the lines of `pytest -v`."""
    return dict(re.findall(r"^(steps/.+?::.+?) ([A-Z][A-Z ]*[A-Z]) ", result.out, re.MULTILINE))


def test_order_makes_no_difference(course: Course) -> None:
    """In all orders and combinations of paths each check has the same verdict."""
    course.solve()
    right = (course.answers() / "words.py").read_text(encoding="utf-8")
    course.answer("words.py", right.replace("text.upper()", "text"))
    parts = [
        ["steps/1"],
        ["steps/2"],
        [WORDS, "steps/2"],
        *permutations([WORDS, SHAPES, TWICE]),
        ["steps/2::test_probe", "steps/1::test_probe"],
        ["steps"],
    ]
    verdicts: dict[str, set[str]] = {}
    for paths in parts:
        for check, outcome in outcomes(course.pytest("-v", *paths)).items():
            verdicts.setdefault(check, set()).add(outcome)
    assert {check: len(found) for check, found in verdicts.items() if len(found) > 1} == {}
    assert verdicts[f"{WORDS}::test_shout"] == {"FAILED"}
    assert verdicts[f"{WORDS}::test_greet"] == {"PASSED"}
    assert verdicts[f"{SHAPES}::TestProbe::test_words"] == {"FAILED"}  # the words are step 01's
    assert verdicts.keys() == FIRST | SECOND


def test_learner_may_call_a_file_test(course: Course) -> None:
    """Files in answers/ and extras/ are no checks, whatever they are called."""
    course.answer("test_mine.py", "def test_mine(): assert False\n")
    course.write("steps/01_words/extras/test_it.py", "def test_it(): assert False\n")
    assert collected(course.pytest("--co", "-q", "steps/1")) == FIRST


@pytest.mark.skipif(os.name == "nt", reason="needs a symbolic link")
def test_through_a_symbolic_link(course: Course, tmp_path: Path) -> None:
    """The repository may be reached by another way."""
    link = tmp_path / "link"
    link.symlink_to(course.root)
    other = Course(link)
    assert collected(other.pytest("--co", "-q", "steps/2")) == SECOND
    assert collected(other.pytest("--co", "-q", folder="steps/02_shapes")) == SECOND


def test_a_check_goes_before_methods_of_its_name() -> None:
    """`steps/02::test_refused[x]` is the one function; a class has a method called so, too."""
    found = meant(["steps/02::test_refused[x]"], ROOT)
    assert [Path(one).name for one in found] == ["test_server.py::test_refused[x]"]
