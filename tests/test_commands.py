"""The commands of `python -m course`, each as a program: what it prints, does and answers."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

from course import tools
from course.cli import app, main
from course.commands import addresses, everything, next_up, send
from course.commands.run import scripts
from course.commands.start import activation, has_screen
from course.servers import RunningServer, start
from course.steps import CourseError, all_steps, find_step
from tests.command_line import PROGRAM, course, running
from tests.support import ROOT, SOLUTIONS, Course, Result

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent with a POSIX signal")
ESCAPE = "\x1b"
STEPS = "the steps are: 01 (echo server), 02 (request parser), "


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course of two small steps, nothing answered."""
    return Course.create(tmp_path / "course")


def record(small: Course, **done: bool) -> Path:
    """Write down which exercises of step 01 are done: one="True"."""
    numbers = {"one": "01.1", "two": "01.2", "three": "01.3"}
    entries = {numbers[name]: {"done": value, "hints": 0} for name, value in done.items()}
    return small.answer(".progress.json", json.dumps(entries))


# No command


def test_the_table_of_steps(small: Course):
    """Each step with what is done, and the first thing that is not."""
    record(small, one=True)
    result = course(root=small.root)
    assert (result.code, result.err) == (0, "")
    assert re.search(r"^01 +words +████░░░░░░░░ +1 of 3 *$", result.out, re.MULTILINE)
    assert re.search(r"^02 +shapes +░{12} +0 of 1 *$", result.out, re.MULTILINE)
    assert "Next: 01.2 Whisper and greet · 5 minutes, easy\n" in result.out
    assert "write whisper in steps/01_words/answers/words.py\n" in result.out
    assert " python -m course watch 01 " in result.out
    assert " python -m course hint 01.2 " in result.out


def test_what_is_next_names_file_and_line(small: Course):
    """Once the starters are there."""
    course("reset", "01", root=small.root)
    line = 1 + small.answers().joinpath("words.py").read_text().splitlines().index(
        "def shout(text: str) -> str:"
    )
    assert f"steps/01_words/answers/words.py:{line}\n" in course(root=small.root).out


def test_all_is_done(small: Course):
    """A tick for each step that is done, and nothing left to do."""
    record(small, one=True, two=True, three=True)
    small.answer(".progress.json", '{"02.1": {"done": true}}', "02_shapes")
    out = course(root=small.root).out
    assert "3 of 3 ✓" in out
    assert "1 of 1 ✓" in out
    assert "Every exercise is done." in out
    assert "-m course run 02 --mine\n" in out
    assert next_up.next_exercise([], None) is None


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_output_encoding(small: Course, encoding: str):
    """Signs that an encoding does not have have a stand-in, and nothing is cut in a pipe."""
    small.write("steps/02_shapes/exercises.toml", "")
    small.write(
        "steps/01_words/exercises.toml",
        small.root.joinpath("steps/01_words/exercises.toml")
        .read_text()
        .replace("Shout", "Shout, as Zoë does, → " + "at length " * 30),
    )
    result = course(root=small.root, env={"PYTHONIOENCODING": encoding, "COLUMNS": "40"})
    assert (result.code, result.err) == (0, "")
    assert "at length " * 29 in result.out
    assert ESCAPE not in result.out
    assert ("░" in result.out) is (encoding == "utf-8")
    assert "\\u25" not in result.out  # bars and ticks are never spelt out


def test_nothing_is_wrapped_in_a_pipe(small: Course):
    """However narrow the terminal that started it."""
    path = small.root / "steps/01_words/exercises.toml"
    path.write_text(path.read_text().replace("Do as it says.", "Do as it says, " * 20))
    course("hint", "01.1", root=small.root)
    out = course("hint", "01.1", root=small.root, env={"COLUMNS": "40"}).out
    assert ("Do as it says, " * 20).strip() in out


# Help and errors


def commands() -> list[str]:
    return [one.callback.__name__ for one in app.registered_commands if one.callback]


def test_help_lists_the_commands():
    """Each with what it does, not cut short."""
    out = course("--help", env={"COLUMNS": "80"}).out
    for name in commands():
        assert re.search(rf"^  {name} +[A-Z].*\.$", out, re.MULTILINE), name
    assert "..." not in out.split("Commands:")[1]
    assert "completion" not in out


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> Result:
    """Run a command in this process: faster, where only what it says matters."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return Result(int(ended.value.code or 0), *capsys.readouterr())


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example(capsys, name: str):
    """And the example can be typed as it stands."""
    result = called(capsys, name, "--help")
    assert (result.code, result.err) == (0, "")
    assert re.search(rf"Examples?:\n    \S+ -m course {name}( |\n)", result.out)


BAD = [
    (["chek"], "No such command 'chek'. Did you mean 'check'?"),
    (["--nonsense"], "No such option: --nonsense"),
    (["check"], "which step or exercise? e.g. python -m course check 02\n"),
    (["hint"], "which exercise? e.g. python -m course hint 02.1\n"),
    (["send", "02"], r"which bytes? e.g. python -m course send 02 'GET / HTTP/1.1\r\n"),
    (["diff", "02", "words", "more"], "Got unexpected extra argument"),
    (["start", "--port", "70000"], "Invalid value for '--port'"),
    (["run", "91"], f"there is no step '91'; {STEPS}"),
    (["run", "01", "--script", "nope"], "step 01 has no script 'nope'; it has: server"),
    (["check", "99"], f"there is no step '99'; {STEPS}"),
    (["check", "01", "97"], f"there is no step '97'; {STEPS}"),
    (["check", "-k", "x"], "which step? e.g. python -m course check 02\n"),
    (["check", "01", "01.9"], "there is no exercise '01.9'; step 01 has: 01.1 ("),
    (["watch", "x"], f"there is no step 'x'; {STEPS}"),
    (["hint", "93.1"], f"there is no step '93'; {STEPS}"),
    (["hint", "01.9"], "there is no exercise '01.9'; step 01 has: 01.1 ("),
    (["diff", "02", "nope.py"], "step 02 has no module 'nope.py'; it has: bodies.py, errors.py, "),
    (["reset", "01.9"], "there is no exercise '01.9'; step 01 has: 01.1 ("),
    (["reset", "95"], f"there is no step '95'; {STEPS}"),
    (["carry", "95"], f"there is no step '95'; {STEPS}"),
    (["send", "95", "x"], f"there is no step '95'; {STEPS}"),
    (["send", "nowhere", "x"], "'nowhere' is no address; expected something like 8080, "),
    (["send", "01", r"a\qb"], r"\q is no escape: expected \r, \n, \t, \\ or two hex digits"),
    (["send", "01", r"a\x4"], r"\x is no escape"),
]


@pytest.mark.parametrize("name", commands())
def test_a_missing_argument_is_asked_for(capsys, monkeypatch: pytest.MonkeyPatch, name: str):
    """Whichever it is: an example shows how the command is typed."""
    for module in ("start.serve_page", "everything.test_everything"):
        monkeypatch.setattr(f"course.commands.{module}", lambda *given: 0)
    result = called(capsys, name)
    if result.code:
        assert re.fullmatch(rf"course: .*\? e\.g\. python -m course {name} .+\n", result.err)


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=lambda value: str(value)[:30])
def test_an_error_is_one_line(capsys, arguments: list[str], says: str):
    """On stderr, exit code 2, nothing on stdout."""
    result = called(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("course: ")
    assert result.err.count("\n") == 1
    assert says in result.err


def test_an_error_of_the_program_itself(small: Course):
    """The same, seen from outside."""
    result = course("check", "99", root=small.root)
    says = "course: there is no step '99'; the steps are: 01 (words), 02 (shapes)\n"
    assert (result.code, result.out, result.err) == (2, "", says)


def test_an_answer_fast():
    """The command line itself imports nothing that takes long."""
    heavy = "{'rich', 'watchfiles', 'pytest', 'asyncio', 'pydantic_core', 'playwright'}"
    code = f"import sys, course.cli; print(sorted(sys.modules.keys() & {heavy}))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "[]\n"


# run


def serve(*arguments: str, root: Path) -> RunningServer:
    return start([*PROGRAM, "run", *arguments], cwd=root)


def said_by(server: RunningServer) -> bytes:
    with server.connect() as connection:
        connection.settimeout(10)
        return connection.recv(100)


@POSIX
def test_run_the_reference(small: Course):
    """Even where the learner has answers; Ctrl-C ends the server itself."""
    small.answer("words.py", SOLUTIONS["words.py"].replace("Hello", "Good day"))
    server = serve("01", "--port", "0", root=small.root)
    try:
        assert said_by(server) == b"Hello, world\r\n"
    finally:
        server.stop()


@POSIX
def test_run_mine(small: Course):
    """The server of the step with the learner's module in it."""
    small.answer("words.py", SOLUTIONS["words.py"].replace("Hello", "Good day"))
    server = serve("01", "--mine", "--port", "0", root=small.root)
    try:
        assert said_by(server) == b"Good day, world\r\n"
    finally:
        server.stop()


@POSIX
def test_run_passes_options_and_the_exit_code_on():
    """What is no option of `run` is the server's, whatever it looks like."""
    server = serve("01", "--script", "hello", "--host", "127.0.0.1", "--port=0", root=ROOT)
    assert server.process
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) == 0
    result = course("run", "01", "--port", "x")
    assert result.code == 2
    assert "a port is a number" in result.err
    assert "--read-timeout" in course("run", "01", "--", "--help").out


def test_scripts_are_what_can_be_run():
    """`server` first, then the others, those in extras/ among them."""
    assert list(scripts(find_step("01"))) == ["server", "hello", "line_echo"]


# check


def test_check_is_pytest_for_the_steps(small: Course):
    """Its verdict is the exit code; what follows the steps goes to pytest."""
    blank = course("check", "1", "-q", root=small.root)
    assert blank.code == 1
    assert "01.1 Shout" in blank.out
    small.solve()
    assert course("check", "01", "02", root=small.root).code == 0
    some = course("check", "01", "-k", "whisper or greet", "-q", root=small.root)
    assert some.counts["passed"] == 3
    assert course("check", "01", "--no-such-option", root=small.root).code == 4


@pytest.mark.parametrize("words", [["1.3"], ["steps/01.3"], ["01.3", "-p", "no:randomly"]])
def test_check_of_an_exercise(small: Course, words: list[str]):
    """Its checks, and no others."""
    small.solve()
    (small.answers() / "words.py").unlink()
    result = course("check", *words, root=small.root)
    assert (result.code, result.counts) == (0, {"passed": 1})


def test_check_of_steps_and_exercises(small: Course):
    """Several at once, of both kinds."""
    small.solve()
    (small.answers() / "twice.py").unlink()
    alone = [course("check", one, root=small.root).counts["passed"] for one in ("02", "01.1")]
    both = course("check", "02", "01.1", root=small.root)
    assert (both.code, both.counts) == (0, {"passed": sum(alone)})


@pytest.mark.parametrize("option", [["--answers", "mine"], ["--answers=mine"]])
def test_check_takes_the_answers_from_a_folder_that_is_named(small: Course, option: list[str]):
    """Whether the folder is there already or not."""
    assert course("check", "01", *option, root=small.root).code == 1
    for name, text in SOLUTIONS.items():
        small.write(f"mine/01_words/{name}", text)
    assert course("check", "01", *option, "-q", root=small.root).code == 0
    assert not small.answers().exists()


def test_check_takes_the_answers_from_where_it_is_told(small: Course, tmp_path: Path):
    """COURSE_ANSWERS is the same as --answers, here and for every command."""
    elsewhere = {"COURSE_ANSWERS": str(tmp_path / "mine")}
    assert course("check", "01", root=small.root, env=elsewhere).code == 1
    assert not small.answers().exists()
    written = tmp_path / "mine" / "01_words" / "words.py"
    small.write(str(written), SOLUTIONS["words.py"])
    assert course("check", "01", "-k", "shout", root=small.root, env=elsewhere).code == 0
    assert course("hint", "01.1", root=small.root, env=elsewhere).code == 0
    reset = course("reset", "01.1", root=small.root, env=elsewhere)
    assert reset.code == 0
    assert "NotImplementedError" in written.read_text()
    assert str(tmp_path / "mine" / "01_words" / "kept") in reset.out
    assert not small.answers().exists()


# hint


def test_hints_come_one_by_one(small: Course):
    """Each time one more; the last one stays; --again starts over."""
    says = ["Look at the docstring.", "Do as it says.", "Nearly the answer."]
    for number, words in enumerate(says, 1):
        out = course("hint", "01.2", root=small.root).out
        assert out.startswith(f"01.2 Whisper and greet, hint {number} of 3\n")
        assert [one for one in says if one in out] == [words]
        assert ("The next one: " in out) is (number < 3)
    assert "hint 3 of 3" in course("hint", "01.2", root=small.root).out
    assert "hint 1 of 3" in course("hint", "1.2", "--again", root=small.root).out
    assert "hint 2 of 3" in course("hint", "01.2", root=small.root).out
    assert "hint 1 of 3" in course("hint", "01.1", root=small.root).out


def test_a_hint_for_the_next_exercise_of_a_step(small: Course):
    """For a step alone it is the first exercise that is not done."""
    record(small, one=True)
    says = "The next exercise of step 01:\n01.2 Whisper and greet, hint 1 of 3\n"
    assert course("hint", "01", root=small.root).out.startswith(says)
    record(small, one=True, two=True, three=True)
    result = course("hint", "01", root=small.root)
    assert (result.code, "all of step 01 is done" in result.err) == (2, True)


# diff


def test_diff(small: Course):
    """What is new, changed, gone and the same; the diff of what changed; nothing else."""
    path = small.root / "steps/02_shapes/words.py"
    path.write_text(path.read_text().replace('LOUD = "!"', 'LOUD = "!!"'))
    result = course("diff", "02", root=small.root)
    assert (result.code, result.err) == (0, "")
    summary = result.out.split("\n\n")[0]
    assert summary == "New      shape.py\nChanged  probe.py, words.py\nGone     server.py"
    assert "--- steps/01_words/words.py\n+++ steps/02_shapes/words.py\n" in result.out
    assert '\n-LOUD = "!"\n+LOUD = "!!"\n' in result.out
    assert "def area" not in result.out
    assert ESCAPE not in result.out


def test_diff_of_one_module(small: Course):
    """A new one is shown whole, one that is gone too, one that is the same is said to be so."""
    new = course("diff", "02", "shape", root=small.root).out
    assert new.startswith("--- /dev/null\n+++ steps/02_shapes/shape.py\n")
    assert "\n+def area(width: int, height: int) -> int:\n" in new
    gone = course("diff", "02", "server.py", root=small.root).out
    assert "+++ /dev/null\n" in gone
    assert gone.count("\n-") > 10
    same = course("diff", "02", "words.py", root=small.root).out
    assert same == "words.py is the same as in the step before.\n"


def test_diff_of_the_first_step(small: Course):
    """It is no mistake to ask."""
    result = course("diff", "01", root=small.root)
    assert (result.code, "there is nothing before it" in result.out) == (0, True)


def test_diff_in_colour(small: Course):
    """On a terminal what comes is green and what goes is red."""
    out = course("diff", "02", "probe", root=small.root, env={"FORCE_COLOR": "1"}).out
    assert "\x1b[31m-STEP = 1" in out
    assert "\x1b[32m+STEP = 2" in out


@pytest.mark.parametrize("step", all_steps()[1:], ids=lambda step: step.label)
def test_diff_of_the_real_steps(step):
    """Every module of both steps is in one of the four lists."""
    result = course("diff", step.label)
    named = re.findall(r"\w+\.py", result.out.split("\n\n")[0])
    before = all_steps()[all_steps().index(step) - 1]
    assert sorted(named) == sorted(f"{name}.py" for name in {*before.modules, *step.modules})


# reset


def test_reset_one_exercise(small: Course):
    """Its functions are blank again, the others stay; what was there is kept, with its date."""
    small.solve()
    record(small, one=True, two=True, three=True)
    written = small.answers() / "words.py"
    mine = written.read_text()
    result = course("reset", "01.2", root=small.root)
    assert result.code == 0
    assert written.read_text().count('NotImplementedError("exercise 01.2")') == 2
    assert "text.upper() + LOUD" in written.read_text()
    kept = list((small.answers() / "kept").iterdir())
    assert [path.read_text() for path in kept] == [mine]
    assert kept[0].name.startswith(f"words_{date.today():%Y-%m-%d}_")
    assert f"Kept what you wrote: steps/01_words/answers/kept/{kept[0].name}\n" in result.out
    progress = json.loads((small.answers() / ".progress.json").read_text())
    assert [name for name, entry in progress.items() if entry["done"]] == ["01.1", "01.3"]


def test_reset_a_step(small: Course):
    """Every starter again, a copy of each file; a second reset keeps the first's copies."""
    for _ in range(2):
        small.solve()
        assert course("reset", "01", root=small.root).code == 0
        assert "exercise 01.1" in (small.answers() / "words.py").read_text()
        assert "exercise 01.3" in (small.answers() / "twice.py").read_text()
    names = sorted(path.name.partition("_")[0] for path in (small.answers() / "kept").iterdir())
    assert names == ["twice", "twice", "words", "words"]


def test_reset_what_was_never_begun(small: Course):
    """Writes the starters, and has nothing to keep."""
    result = course("reset", "01", root=small.root)
    assert (result.code, "Kept" in result.out) == (0, False)
    assert (small.answers() / "words.py").exists()


@pytest.mark.parametrize("target", ["01", "01.1"])
def test_reset_keeps_no_starters(small: Course, target: str):
    """Nothing was written, so there is nothing to keep; of the rest only what changes is kept."""
    course("reset", "01", root=small.root)
    assert "Kept" not in course("reset", target, root=small.root).out
    assert not (small.answers() / "kept").exists()
    small.answer("words.py", SOLUTIONS["words.py"])
    assert course("reset", target, root=small.root).out.count("Kept") == 1


# carry


class Repository:
    """A course in git, with one file that three steps share."""

    def __init__(self, small: Course) -> None:
        self.small = small
        self.root = small.root
        for step in ("02_shapes", "03_more"):
            small.write(f"steps/{step}/words.py", self.text())
            small.write(f"steps/{step}/exercises.toml", "")
        small.write("steps/03_more/words.py", self.text(own="# step 03 adds this\n"))
        for step in ("01_words", "03_more"):
            (self.root / "steps" / step / "picture.png").write_bytes(b"\x89PNG\0one")
        self.commit()

    def text(self, step: str = "01_words", own: str = "") -> str:
        return (self.root / "steps" / step / "words.py").read_text() + own

    def commit(self) -> None:
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "All")

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        alone = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, timeout=30, env=alone)

    def change(self, old: str, new: str, step: str = "01_words") -> None:
        text = self.text(step)
        assert old in text
        (self.root / "steps" / step / "words.py").write_text(text.replace(old, new))

    def carry(self, step: str = "01"):
        return course("carry", step, root=self.root)


@pytest.fixture
def repository(small: Course) -> Repository:
    if not shutil.which("git"):
        pytest.skip("there is no git here, and carry is for those who have it")
    return Repository(small)


def test_carry_through_all_later_steps(repository: Repository):
    """A file that was the same is the same again; one with additions of its own keeps them."""
    repository.change('"""Words, loud and quiet."""', '"""Words, quiet and loud."""')
    result = repository.carry()
    assert (result.code, result.err) == (0, "")
    assert result.out == "steps/02_shapes/words.py: carried\nsteps/03_more/words.py: merged\n"
    assert repository.text("02_shapes") == repository.text("01_words")
    assert repository.text("03_more") == repository.text("01_words", "# step 03 adds this\n")
    again = repository.carry()
    assert again.out.count("the same already") == 2


def test_carry_goes_from_step_to_step(repository: Repository):
    """A step passes on what it changed itself since the last commit, and nothing older."""
    own = '"""Step 02 says it at length: words, loud and quiet."""\n\n# And this is its own.\n'
    repository.change('"""Words, loud and quiet."""\n', own, "02_shapes")
    repository.git("commit", "--quiet", "--all", "--message", "Step 02 has its own words")
    repository.change('LOUD = "!"', 'LOUD = "?"')
    repository.change("in small letters", "very small", "02_shapes")
    assert repository.carry().code == 0
    last = repository.text("03_more")
    assert 'LOUD = "?"' in last
    assert "very small" in last
    assert "its own" not in last
    assert "very small" not in repository.text()


def test_carry_from_the_middle(repository: Repository):
    """Earlier steps are not touched."""
    before = repository.text()
    repository.change("quiet", "soft", "02_shapes")
    assert repository.carry("02").out == "steps/03_more/words.py: merged\n"
    assert repository.text() == before
    assert "soft" in repository.text("03_more")


def test_carry_stops_at_a_conflict(repository: Repository):
    """With the step and the file; after it is mended the way goes on from there."""
    repository.small.write("steps/04_last/words.py", repository.text())
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "More")
    repository.change('LOUD = "!"', 'LOUD = "?"', "02_shapes")
    repository.change('LOUD = "!"', 'LOUD = "!!!"')
    result = repository.carry()
    assert result.code == 1
    assert "steps/02_shapes/words.py: conflict, the markers are in it\n" in result.out
    assert "-m course carry 02\n" in result.out
    marked = repository.text("02_shapes")
    assert "<<<<<<< step 02 words.py\n" in marked
    assert ">>>>>>> step 01 words.py\n" in marked
    assert "!!!" not in repository.text("03_more")
    unmended = repository.carry("02")
    assert unmended.code == 2
    assert "steps/02_shapes/words.py has conflict markers in it: mend it first" in unmended.err
    mended = re.sub(r"<{7}.*>{7}[^\n]*\n", 'LOUD = "!!!"\n', marked, flags=re.DOTALL)
    (repository.root / "steps/02_shapes/words.py").write_text(mended)
    assert repository.carry("02").code == 0
    assert 'LOUD = "!!!"' in repository.text("03_more")
    assert 'LOUD = "!!!"' in repository.text("04_last")


def test_carry_a_binary_file(repository: Repository):
    """It is copied over one that was the same, and is a conflict with one that was not."""
    first, third = (repository.root / f"steps/{n}/picture.png" for n in ("01_words", "03_more"))
    first.write_bytes(b"\x89PNG\0two")
    assert repository.carry().out == "steps/03_more/picture.png: carried\n"
    assert third.read_bytes() == b"\x89PNG\0two"
    third.write_bytes(b"\x89PNG\0three")
    result = repository.carry()
    assert (result.code, "it is binary and differs" in result.out) == (1, True)
    assert third.read_bytes() == b"\x89PNG\0three"


def test_carry_leaves_what_is_each_steps_own(repository: Repository):
    """README, exercises, checks and answers are not carried."""
    names = ("README.md", "exercises.toml", "test_words.py", "answers/words.py")
    for step in ("01_words", "02_shapes"):
        for name in names:
            repository.small.write(f"steps/{step}/{name}", "# one\n")
    repository.git("add", "--force", ".")
    repository.git("commit", "--quiet", "--message", "More")
    for name in names:
        repository.small.write(f"steps/01_words/{name}", "# two\n")
    result = repository.carry()
    assert (result.code, "Nothing to carry" in result.out) == (0, True)


def test_carry_a_file_that_no_later_step_has(repository: Repository):
    """Said, and no mistake."""
    repository.small.write("steps/01_words/extras/twice.py", "# changed\n")
    result = repository.carry()
    assert (result.code, result.out) == (0, "extras/twice.py: no later step has it\n")


def test_carry_outside_of_a_repository(repository: Repository):
    """One line and exit code 2."""
    alone = {"GIT_CEILING_DIRECTORIES": str(repository.root.parent), "LC_ALL": "C"}
    (repository.root / ".git").rename(repository.root / "not.git")
    result = course("carry", "01", root=repository.root, env=alone)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "not a git repository" in result.err


def test_carry_without_git(small: Course):
    """One line and exit code 2."""
    result = course("carry", "01", root=small.root, env={"PATH": ""})
    says = "course: carry needs git, and there is none on the PATH: install it\n"
    assert (result.code, result.err) == (2, says)


# send


def test_send_to_a_step(small: Course):
    """Its server is started, what is said is shown, and the server is stopped."""
    result = course("send", "01", r"GET / HTTP/1.1\r\n\r\n", root=small.root)
    assert (result.code, result.err) == (0, "")
    assert re.match(r"Step 01's server, the reference, at http://127\.0\.0\.1:\d+\n", result.out)
    assert re.search(r"\n→ .* 18 bytes\n    GET / HTTP/1.1␍␊\n    ␍␊\n", result.out)
    assert re.search(r"\n← .* 14 bytes\n    Hello, world␍␊\n", result.out)
    assert "the server closed the connection\n" in result.out or "reset" in result.out
    port = int(re.search(r":(\d+)\n", result.out)[1])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


def test_send_to_mine(small: Course):
    """The replay command of a failing check."""
    small.answer("words.py", SOLUTIONS["words.py"].replace("Hello", "Good day"))
    result = course("send", "01", "--mine", "--script", "server", "--drip", "x", root=small.root)
    assert "Step 01's server, yours, at " in result.out
    assert "    Good day, world␍␊\n" in result.out


def test_send_to_what_is_not_written_yet(small: Course):
    """It is named, if the script uses it: the reference stands in."""
    small.answer(
        "words.py",
        SOLUTIONS["words.py"].replace(
            "return text.upper() + LOUD", 'raise NotImplementedError("exercise 01.1")'
        ),
    )
    result = course("send", "01", "--mine", "x", root=small.root)
    line = "shout (01.1) is not written yet: the reference stands in\n"
    assert result.out.startswith(f"{line}Step 01's server, yours, at ")
    assert "not written" not in course("send", "01", "x", root=small.root).out


def test_send_to_a_server_that_does_not_start(small: Course):
    """Exit code 1 and the report that says why."""
    small.write("steps/01_words/server.py", 'if __name__ == "__main__":\n    1 / 0\n')
    result = course("send", "01", "x", root=small.root)
    assert result.code == 1
    assert "ZeroDivisionError" in result.err


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.settimeout(10)
        yield one


@pytest.mark.parametrize("form", ["{port}", "127.0.0.1:{port}", "http://127.0.0.1:{port}/x"])
def test_send_to_an_address(listener: socket.socket, form: str):
    """A port, host and port, or a URL; the bytes arrive as they are meant."""
    port = listener.getsockname()[1]
    target = form.format(port=port if form != "{port}" else f":{port}")
    program = subprocess.Popen(
        [*PROGRAM, "send", target, r"a\x00\xff\\\r\n\té"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(10)
        expected = b"a\x00\xff\\\r\n\t" + "é".encode()
        received = b""
        while len(received) < len(expected):
            received += connection.recv(100)
        assert received == expected
    program.communicate(timeout=10)
    assert program.returncode == 0


def test_send_byte_by_byte(listener: socket.socket):
    """With --drip no two bytes come together; without they do."""

    def chunks(*options: str) -> list[bytes]:
        command = [*PROGRAM, "send", *options, f"127.0.0.1:{listener.getsockname()[1]}", "abcdefgh"]
        program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        connection, _ = listener.accept()
        received: list[bytes] = []
        with connection:
            connection.settimeout(10)
            while sum(map(len, received)) < 8:
                received.append(connection.recv(100))
        program.wait(10)
        return received

    assert chunks() == [b"abcdefgh"]
    assert len(chunks("--drip")) > 4


def test_send_in_pieces(listener: socket.socket):
    """The second piece is sent once the first one is answered."""
    target = f"127.0.0.1:{listener.getsockname()[1]}"
    command = [*PROGRAM, "send", target, "h", r"\xc3"]
    program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(10)
        for piece in (b"h", b"\xc3"):
            assert connection.recv(100) == piece
            connection.sendall(b"got " + piece)
    out, _ = program.communicate(timeout=10)
    assert re.findall(r"^    (.*)$", out, re.MULTILINE) == ["h", "got h", r"\xc3", r"got \xc3"]


def test_send_does_not_wait_for_ever(listener: socket.socket, monkeypatch, capsys):
    """A server that says nothing is left after a while."""
    monkeypatch.setattr(send, "QUIET_SECONDS", 0.1)
    address = listener.getsockname()[:2]
    assert send.show(address, [b"x"], drip=False) == 0
    assert "nothing for 0.1 s, and the connection is still open" in capsys.readouterr().out


def test_send_to_nobody(listener: socket.socket):
    """Who does not answer is named."""
    port = listener.getsockname()[1]
    listener.close()
    result = course("send", f"127.0.0.1:{port}", "x")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert f"127.0.0.1:{port} cannot be reached: " in result.err


ADDRESSES = [
    ("8080", ("127.0.0.1", 8080)),
    (":8080", ("127.0.0.1", 8080)),
    ("localhost:1", ("localhost", 1)),
    ("[::1]:80", ("::1", 80)),
    ("http://example.org", ("example.org", 80)),
    ("http://example.org:81/path?x=http://y", ("example.org", 81)),
    ("http://[::1]:82", ("::1", 82)),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_addresses(text: str, address: tuple[str, int]):
    """As people type them."""
    assert addresses.parse(text) == address


@pytest.mark.parametrize("text", ["", "x", "x:y", "1:2:3", "99999", "http:", "ftp://x:1", "a@b:1"])
def test_no_addresses(text: str):
    """One line that shows what was expected."""
    with pytest.raises(CourseError, match="is no address; expected something like"):
        addresses.parse(text)


# start


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.headers["Content-Type"].partition(";")[0] == "text/html"
        return response.read().decode()


@POSIX
def test_start_serves_the_site(tmp_path: Path):
    """The address first, then what to do next; then all pages, and how far the learner has come."""
    answers = tmp_path / "01_echo_server"
    answers.mkdir()
    (answers / ".progress.json").write_text('{"01.1": {"done": true, "hints": 0}}')
    with running(
        "start", "--port", "0", "--no-browser", env={"COURSE_ANSWERS": str(tmp_path)}
    ) as program:
        url = program.wait_for(r"Serving on (http://127\.0\.0\.1:\d+)\n")[1]
        program.wait_for(r"activate\n +python -m course check 01 .*\n +python -m course run 01 ")
        program.wait_for(f"Begin with {url}/chapters/01_echo_server/\n")
        front = fetch(url)
        for step in all_steps():
            assert f'href="chapters/{step.name}/"' in front
            assert f"steps/{step.name}/server.py" in fetch(f"{url}/chapters/{step.name}/")
        assert 'href="progress"' in front
        page = fetch(f"{url}/progress")
        for step in all_steps():
            assert f">{step.title}<" in page
        assert '<progress value="1" max="6">1 of 6</progress>' in page
        assert re.search(r"<strong>01\.2 ", page)
        assert 'href="chapters/01_echo_server/#echo-every-byte"' in page
        assert "<pre>python -m course watch 01</pre>" in page
        assert not re.findall(r'(?:src|href)="(?!data:|chapters/|\./)', page)
        (answers / ".progress.json").write_text("{}")
        assert '<progress value="0" max="6">' in fetch(f"{url}/progress")
        with pytest.raises(urllib.error.HTTPError, match="404") as missing:
            fetch(f"{url}/nothing")
        assert "<h1>404 - Not found</h1>" in missing.value.read().decode()
        assert program.interrupt() == 0
        program.wait_for("Stopped.")


@POSIX
def test_silent_connections_hold_up_nobody():
    """A browser opens spare connections and says nothing on them: no reason to wait, or to stay."""
    with running("start", "--port", "0") as program:
        url = program.wait_for(r"Serving on (http://\S+)\n")[1]
        port = int(url.rpartition(":")[2])
        silent = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(8)]
        assert "Build your own HTTP server" in fetch(url)
        assert program.interrupt(signal.SIGTERM) == 0
        for one in silent:
            assert one.recv(1) == b""
            one.close()


LARGE = "/assets/playground/pyodide/pyodide.asm.wasm"
"""A file of some megabytes, which no kernel keeps for a client that does not read."""


@contextmanager
def download(url: str) -> Iterator[http.client.HTTPResponse]:
    """A client that has begun to get a large file, and takes its time."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        slow.settimeout(10)
        slow.connect(("127.0.0.1", urlsplit(url).port))
        slow.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        with http.client.HTTPResponse(slow) as response:
            response.begin()
            yield response


def closed(url: str) -> None:
    """Wait until nobody can connect any more."""
    deadline = time.monotonic() + 10
    with suppress(ConnectionRefusedError):
        while time.monotonic() < deadline:
            with suppress(ConnectionResetError):  # it was closed at this very moment
                socket.create_connection(("127.0.0.1", urlsplit(url).port), 10).close()
        pytest.fail("it still takes connections")


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_start_finishes_what_is_in_flight(number: int):
    """Nobody new gets in, and who is in the middle of a download gets all of it."""
    with running("start", "--port", "0") as program:
        url = program.wait_for(r"Serving on (http://\S+)\n")[1]
        with download(url) as response:
            program.process.send_signal(number)
            closed(url)
            assert program.process.poll() is None
            assert len(response.read()) == int(response.headers["Content-Length"]) > 5_000_000
        assert program.process.wait(10) == 0
        program.wait_for("Stopped.")


@POSIX
def test_start_ends_at_once_when_told_again():
    """A second Ctrl-C waits for nobody."""
    with running("start", "--port", "0") as program:
        url = program.wait_for(r"Serving on (http://\S+)\n")[1]
        with download(url):
            program.process.send_signal(signal.SIGINT)
            closed(url)
            assert program.interrupt() == 0
        program.wait_for("Stopped.")


@POSIX
def test_start_takes_the_next_free_port():
    """Where 8000 is taken; a port that was asked for is not exchanged for another."""
    with running("start") as first, running("start") as second:
        ports = [
            int(one.wait_for(r"Serving on http://127.0.0.1:(\d+)")[1]) for one in (first, second)
        ]
        assert min(ports) >= 8000
        assert ports[0] != ports[1]
        taken = course("start", "--port", str(ports[0]))
        assert (taken.code, taken.err.count("\n")) == (2, 1)
        assert f"cannot listen on 127.0.0.1:{ports[0]}: " in taken.err
        if ports[0] == 8000:
            assert "Port 8000 is taken; the next free one is" in second.said or ports[1] > 8000


@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("/bin/bash", "source .venv/bin/activate"),
        ("/usr/bin/zsh", "source .venv/bin/activate"),
        ("/usr/bin/fish", "source .venv/bin/activate.fish"),
        ("/bin/tcsh", "source .venv/bin/activate.csh"),
        ("/bin/sh", ". .venv/bin/activate"),
    ],
)
@POSIX
def test_activation(monkeypatch: pytest.MonkeyPatch, shell: str, command: str):
    """As the learner's shell wants it."""
    monkeypatch.setenv("SHELL", shell)
    assert activation() == command


def test_no_browser_where_nobody_looks():
    """In a pipe there is no screen."""
    assert not has_screen()


# test


def everything_with(monkeypatch, codes: dict[str, int], *arguments: str) -> tuple[int, list[str]]:
    """Run `test` with programs that only give these exit codes."""
    ran: list[str] = []

    def run(name: str, options: list[str]) -> int:
        ran.append(" ".join([name, *options]))
        return codes.get(name, 0)

    monkeypatch.setattr(everything, "run", run)
    monkeypatch.setattr(everything, "fetch_chromium", lambda: None)
    monkeypatch.setattr(everything, "fetch_clients", lambda: True)
    monkeypatch.setattr(everything, "fetch_nginx", lambda: None)
    monkeypatch.setattr(everything, "make_site", lambda: None)
    return everything.test_everything(list(arguments)), ran


def test_test_runs_everything(monkeypatch: pytest.MonkeyPatch, capsys):
    """All of it, whatever fails; pytest comes last, and gets the arguments."""
    code, ran = everything_with(monkeypatch, {"mypy": 1, "pytest": 3}, "-k", "wiretap")
    assert code == 3
    assert ran == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "pytest tests steps --reference -k wiretap",
    ]
    said = capsys.readouterr().out
    assert f"{tools.NO_CHROMIUM}. The browser tests will fail." in said
    assert f"{tools.NO_NGINX}. The tests behind nginx will fail." in said
    code, ran = everything_with(monkeypatch, {"ruff": 1})
    assert code == 1
    assert ran[-2:] == [
        "pytest tests -n auto --dist loadfile --ignore=tests/test_servers.py",
        "pytest steps tests/test_servers.py --reference",
    ]
    assert everything_with(monkeypatch, {})[0] == 0


def test_what_failed_gets_a_second_chance(monkeypatch: pytest.MonkeyPatch):
    """Alone, and only where tests failed: the second verdict counts."""
    _, ran = everything_with(monkeypatch, {"pytest": 1})
    alone = "--ignore=tests/test_servers.py"
    again = "--last-failed --last-failed-no-failures=none --maxfail=10"
    assert ran[3:] == [
        f"pytest tests -n auto --dist loadfile {alone}",
        f"pytest tests {alone} {again}",
        "pytest steps tests/test_servers.py --reference",
        f"pytest steps tests/test_servers.py --reference {again}",
    ]
    assert everything_with(monkeypatch, {"pytest": 1})[0] == 1
    code, ran = everything_with(monkeypatch, {"pytest": 2})
    assert (code, len(ran)) == (2, 5)
    code, ran = everything_with(monkeypatch, {"pytest": 1}, "-k", "x")
    assert (code, len(ran)) == (1, 4)


def test_test_of_one_file(monkeypatch: pytest.MonkeyPatch):
    """A file that is named stands in place of all."""
    _, ran = everything_with(monkeypatch, {}, "tests/test_commands.py::test_addresses")
    assert ran[-1] == "pytest --reference tests/test_commands.py::test_addresses"


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@POSIX
def test_a_browser_that_only_gives_advice_is_none(tmp_path: Path, monkeypatch):
    """It has to run to be found."""
    program(tmp_path, "chromium-browser", "#!/bin/sh\necho install the snap; exit 1\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "PLACES", ())
    monkeypatch.setattr(tools, "playwright_chromium", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")
    assert tools.find_chromium() is None
    chrome = program(tmp_path, "google-chrome", "#!/bin/sh\nexit 0\n")
    assert tools.find_chromium() == chrome


def test_a_browser_is_fetched_by_what_works(monkeypatch: pytest.MonkeyPatch, capsys):
    """By apt-get where that can work, else by playwright; where neither works, None."""
    ran: list[list[str]] = []
    monkeypatch.setattr(tools, "find_chromium", lambda: None)
    monkeypatch.setattr(tools, "quiet_run", ran.append)
    monkeypatch.setattr(tools, "by_apt", lambda *packages: [["apt-get", "install", "chromium"]])
    assert tools.fetch_chromium() is None
    assert [command[-2:] for command in ran] == [["install", "chromium"]] * 2
    found: list[Callable[[], str | None]] = [lambda: None, lambda: "/x"]
    monkeypatch.setattr(tools, "find_chromium", lambda: found.pop(0)())
    ran.clear()
    assert (tools.fetch_chromium(), len(ran)) == ("/x", 1)


def test_nginx_is_fetched(monkeypatch: pytest.MonkeyPatch):
    """Once, where it is not there, and where that can work."""
    ran: list[list[str]] = []
    found: list[str | None] = [None, None]
    monkeypatch.setattr(tools, "find_nginx", lambda: found.pop(0))
    monkeypatch.setattr(tools, "quiet_run", ran.append)
    monkeypatch.setattr(tools, "by_apt", lambda *packages: [["apt-get", "install", *packages]])
    assert tools.fetch_nginx() is None
    assert ran == [["apt-get", "install", "nginx"]]
    found += ["/usr/sbin/nginx"] * 2
    assert (tools.fetch_nginx(), len(ran)) == ("/usr/sbin/nginx", 1)


def test_node_is_found_without_a_path(monkeypatch: pytest.MonkeyPatch):
    """The test environment has one of its own."""
    monkeypatch.setenv("PATH", "")
    node = tools.find_node()
    assert node, tools.NO_NODE
    run = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
    assert run.stdout.startswith("v")


def test_typer_is_not_in_the_way():
    """No shell completion among the options."""
    assert isinstance(app, typer.Typer)
    assert "--install-completion" not in course("--help").out
