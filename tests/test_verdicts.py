# ruff: noqa: E501 - reports stand here as they are printed
"""What a run of the checks says: calm where nothing is written, thorough where it is wrong."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest
from support import SERVER, TWICE, WORDS, Course, Result

from course import closing
from course.servers import start

SHOUT = "return text.upper() + LOUD"
GREET = 'return f"Hello, {self.name}\\r\\n".encode()'


def shown(result: Result) -> str:
    """What was printed, without what differs from run to run."""
    text = re.sub(r"in \d+\.\d+s( \(.*?\))?", "in 0.00s", result.out)
    text = re.sub(r"--seed \d+", "--seed 1", text)
    text = re.sub(r"steps[\\/][\w\\/.]+", lambda path: path[0].replace("\\", "/"), text)
    return "\n".join(re.sub(r"^[=_-]{5,}|[=_-]{5,}$", "---", line) for line in text.splitlines())


def squeezed(result: Result) -> str:
    """The output with its columns closed up."""
    return re.sub(" {2,}", "  ", result.out)


def between(text: str, start: str, end: str) -> str:
    """The part from the one line up to the other."""
    assert start in text, text
    _, _, rest = text.partition(start)
    assert end in rest, text
    return start + rest.partition(end)[0]


def wrong(course: Course, old: str, new: str) -> Result:
    """The report on otherwise right answers with this one change in words.py."""
    course.solve()
    assert old in WORDS
    course.answer("words.py", WORDS.replace(old, new))
    return course.pytest("steps/1")


# Whole reports.


def test_first_run(course: Course) -> None:
    """An exercise that is not written yet is one line."""
    assert shown(course.pytest("steps/1")) == dedent("""\
        --- test session starts ---
        collected 9 items
        wrote steps/01_words/answers/: words.py twice.py (yours to complete)

        steps/01_words/test_server.py -                                                                                  [ 11%]
        steps/01_words/test_twice.py -                                                                                   [ 22%]
        steps/01_words/test_words.py ------.                                                                             [100%]

        01 words
          ○ 01.1 Shout              not written yet  answers/words.py:8 shout                        python -m course hint 01.1
          ○ 01.2 Whisper and greet  not written yet  answers/words.py:16 whisper, :27 Greeter.greet  python -m course hint 01.2
          ○ 01.3 Say it twice       not written yet  answers/twice.py:6 twice                        python -m course hint 01.3
          ░░░░░░░░░░░░░░░░░░░░ 0 of 3 exercises

        next  01.1 Shout, 5 minutes
              write steps/01_words/answers/words.py:8 shout, then: pytest steps/01
              (8 checks wait for what you have not written yet)
        --- 8 failed, 1 passed in 0.00s ---""")


def test_nothing_of_a_blank_exercise_runs(course: Course) -> None:
    """Neither its checks nor what they would set up."""
    check = """
import pytest
from pathlib import Path

@pytest.fixture
def trace(request):
    Path("trace").write_text("set up")

@pytest.mark.exercise("01.1")
@pytest.mark.parametrize("x", [1, 2])
def test_trace(trace, server, x):
    Path("trace").write_text("called")
"""
    course.write("steps/01_words/test_trace.py", check)
    assert course.pytest("steps/1::test_trace").counts == {"failed": 2}
    assert not (course.root / "trace").exists()
    course.solve()
    assert course.pytest("steps/1::test_trace").counts == {"passed": 2}
    assert (course.root / "trace").read_text() == "called"


def test_all_is_done(course: Course) -> None:
    course.solve()
    assert shown(course.pytest("steps")).partition("\n\n01 words")[2] == dedent("""
          ✓ 01.1 Shout              4 checks passed
          ✓ 01.2 Whisper and greet  3 checks passed
          ✓ 01.3 Say it twice       1 check passed
          ████████████████████ 3 of 3 exercises

        02 shapes (with your words.py, twice.py from step 01)
          ✓ 02.1 Measure  1 check passed
          ████████████████████ 1 of 1 exercises

        next  try it out: python -m course run 02 --mine
        --- 12 passed in 0.00s ---""")


def test_wrong_bytes(course: Course) -> None:
    """Promise, both values, a caret under the first wrong byte, the place, how to go on."""
    result = wrong(course, "Hello, {self.name}\\r\\n", "Hello, {self.name}\\n")
    alone = course.pytest("steps/1::test_greet")
    report = between(shown(alone), "The greeting is a line of bytes.", "\n\n01 words")
    assert report == dedent("""\
        The greeting is a line of bytes.

        assert b'Hello, Ada\\n' == b'Hello, Ada\\r\\n'
          expected
              Hello, Ada␍␊
                        ^
          received
              Hello, Ada␊
                        ^ expected ␍ here

        steps/01_words/test_words.py:29 in test_greet
            assert Greeter("Ada").greet() == b"Hello, Ada\\r\\n"

        again pytest steps/01::test_greet
        look  steps/01_words/answers/words.py:16 whisper
        look  steps/01_words/answers/words.py:29 Greeter.greet
        hint  python -m course hint 01.2""")
    assert "✗ 01.2 Whisper and greet  1 of 3 checks passed" in result.out


def test_wrong_bytes_on_the_wire(course: Course) -> None:
    result = wrong(course, "Hello, {self.name}\\r\\n", "Hello, {self.name}\\n")
    report = between(shown(result), "The server greets the world.", "look ")
    assert report == dedent("""\
        The server greets the world.

        other bytes than expected

          expected
              Hello, world␍␊
                          ^

          received
              Hello, world␊
                          ^ expected ␍ here
              — then the server closed the connection

        steps/01_words/test_server.py:8 in test_greets
            wire.expect_bytes(b"Hello, world\\r\\n")

        again pytest steps/01::test_greets
        """)


def test_error_in_the_learners_code(course: Course) -> None:
    """The traceback leads through the step's files and the learner's, and nothing else."""
    helper = "\n\ndef loud(text):\n    print('so far so good')\n    return text.upper() + 3\n"
    course.solve()
    course.answer("words.py", WORDS.replace(SHOUT, "return loud(text)") + helper)
    report = between(shown(course.pytest("steps/1")), "Twice is twice.", "\n01.1: ")
    assert report == dedent("""\
        Twice is twice.

        TypeError: can only concatenate str (not "int") to str

        steps/01_words/test_twice.py:11 in test_twice
            assert twice(text) == f"{text}!{text}!"
        steps/01_words/answers/twice.py:8 in twice
            return 2 * shout(text)
        steps/01_words/answers/words.py:10 in shout
            return loud(text)
        steps/01_words/answers/words.py:36 in loud
            return text.upper() + 3

        again pytest steps/01::test_twice --seed 1
        look  steps/01_words/answers/twice.py:6 twice
        hint  python -m course hint 01.3
        --- Captured stdout call ---
        so far so good""")


def test_syntax_error(course: Course) -> None:
    result = wrong(course, SHOUT, "return text.upper( + LOUD")
    assert between(shown(result), "01 words", "\n\nnext") == dedent("""\
        01 words
        steps/01_words/answers/words.py:10 cannot be used yet, the reference stands in for it
              return text.upper( + LOUD
                               ^
          SyntaxError: '(' was never closed
          ✗ 01.1 Shout              cannot be used  answers/words.py:10  python -m course hint 01.1
          ✗ 01.2 Whisper and greet  cannot be used  answers/words.py:10  python -m course hint 01.2
          ✓ 01.3 Say it twice       1 check passed
          ██████░░░░░░░░░░░░░░ 1 of 3 exercises""")


# What a learner's code may do.


def test_reports_come_in_the_order_of_the_exercises(course: Course) -> None:
    """The first thing to mend stands first, whatever file its check is in."""
    out = wrong(course, SHOUT, "return 3").out
    assert out.index("What is shouted comes in capitals.") < out.index("Twice is twice.")


def test_one_report_for_each_exercise(course: Course) -> None:
    """What follows from one mistake is counted; -v explains all."""
    result = wrong(course, SHOUT, "return text")
    assert result.out.count("\nagain pytest steps/01::") == 2
    assert "A shout ends with an exclamation mark." not in result.out
    assert "\n01.1: 3 more checks fail; mend this first (-v shows all)\n" in result.out
    assert "01.3: " not in result.out
    result = course.pytest("steps/1", "-v")
    assert result.out.count("A shout ends with an exclamation mark.") == 3
    assert "more checks fail" not in result.out


def test_most_telling_report_comes_first(course: Course) -> None:
    """One that points at a wrong byte before one that does not, whatever their order."""
    more = """\
        import pytest
        from words import Greeter

        @pytest.mark.exercise("01.2")
        def test_length():
            \"\"\"It has a length.\"\"\"
            assert len(Greeter("Ada").greet()) == 12
    """
    course.write("steps/01_words/test_a.py", more)
    out = wrong(course, "Hello, {self.name}\\r\\n", "Hello, {self.name}\\n").out
    assert "The server greets the world." in out
    assert "It has a length." not in out
    assert "01.2: 2 more checks fail; mend this first" in out


def test_what_fails_only_over_the_wire_is_not_the_first_to_mend(course: Course) -> None:
    """A server needs all modules: an exercise whose other checks fail is mended before."""
    more = """\
        import pytest

        @pytest.mark.exercise("01.1")
        def test_wire(server):
            \"\"\"The server greets.\"\"\"
            with server.connect() as wire:
                wire.expect_bytes(b"Hello, world\\r\\n")
    """
    course.write("steps/01_words/test_a.py", more)
    out = wrong(course, "Hello, {self.name}", "Goodbye, {self.name}").out
    assert "\nnext  01.2 Whisper and greet, 5 minutes\n" in out
    assert "\n      (01.1 fails only over the wire, perhaps by this)\n" in out
    course.answer("words.py", WORDS.replace("Hello", "Goodbye").replace("text.upper()", "text"))
    out = course.pytest("steps/1").out
    assert "\nnext  01.1 Shout, 5 minutes\n" in out
    assert "perhaps" not in out


def test_other_promises_come_after_the_exercises(course: Course) -> None:
    """A check of no exercise has its report once the exercises are right."""
    course.write(
        "steps/01_words/test_a.py",
        'def test_all():\n    """All is well."""\n    from words import shout\n'
        '    assert shout("a") == "A?"\n',
    )
    out = wrong(course, SHOUT, "return text").out
    assert "All is well." not in out
    says = "the step's other promises: 1 check fails; mend the exercises first (-v shows all)"
    assert says in out
    course.solve()
    assert "All is well." in course.pytest("steps/1").out


def test_function_written_in_part(course: Course) -> None:
    """A starter's raise that is still met at run time is calm as well."""
    result = wrong(
        course, GREET, 'if self.name:\n            raise NotImplementedError("exercise 01.2")'
    )
    assert "FAILURES" not in result.out
    assert result.counts == {"failed": 2, "passed": 7}
    assert "○ 01.2 Whisper and greet  half written  answers/words.py:16 whisper" in squeezed(result)


def test_exercise_written_in_part(course: Course) -> None:
    """One function of two: what is missing is named, and its checks are calm."""
    result = wrong(course, GREET, 'raise NotImplementedError("exercise 01.2")')
    assert "FAILURES" not in result.out
    line = "○ 01.2 Whisper and greet  half written  answers/words.py:29 Greeter.greet"
    assert line in squeezed(result)
    assert result.counts == {"failed": 2, "passed": 7}


def test_check_that_waits_for_another_exercise(course: Course) -> None:
    course.solve()
    course.answer("words.py", WORDS.replace(GREET, 'raise NotImplementedError("exercise 01.2")'))
    course.answer(
        "twice.py",
        TWICE.replace("2 * shout(text)", "Greeter(text).greet()").replace(
            "import shout", "import Greeter"
        ),
    )
    result = course.pytest("steps/1")
    assert "FAILURES" not in result.out
    assert "○ 01.3 Say it twice       0 of 1 check passed, waits for 01.2" in result.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("exit(3)", "It ended the program: sys.exit(3)"),
        ("raise SystemExit('bye')", "It ended the program: sys.exit('bye')"),
        ("return shout(text)", "RecursionError: maximum recursion depth exceeded"),
        ("raise KeyError(text)", "KeyError: 'hello'"),
        ("assert False, 'no\\nway'", "no\nway"),
        ("input()", "OSError: pytest: reading from stdin while output is captured!"),
    ],
)
def test_whatever_a_learner_does(course: Course, line: str, words: str) -> None:
    """It is one check that fails, with its reason; the others go on."""
    result = wrong(course, SHOUT, line)
    assert words in result.out
    assert "steps/01_words/answers/words.py:10 in shout".replace("/", os.sep) in result.out
    assert result.counts == {"failed": 5, "passed": 4}, result.text
    assert len(result.out.splitlines()) < 140


def test_error_that_came_of_another(course: Course) -> None:
    body = (
        'try:\n        int("x")\n    except ValueError:\n        raise TypeError("odd") from None'
    )
    assert "which came of" not in wrong(course, SHOUT, body).out
    result = wrong(course, SHOUT, body.replace(" from None", ""))
    assert "TypeError: odd\nwhich came of ValueError: invalid literal for int()" in result.out


def test_much_output_is_cut(course: Course) -> None:
    result = wrong(course, SHOUT, "print('x\\n' * 5000)\n    return text")
    assert "4,971 lines left out" in result.out
    assert len(result.out.splitlines()) < 200


def test_long_comparison_is_shown_to_the_wrong_byte(course: Course) -> None:
    """Not only its first lines, as pytest would have it."""
    text = "".join(f"line {number}\n" for number in range(20))
    check = f"""
import pytest
from words import whisper

@pytest.mark.exercise("01.2")
def test_lines():
    assert whisper({text!r}) == {text!r}
"""
    course.solve()
    course.write("steps/01_words/test_more.py", check)
    course.answer("words.py", WORDS.replace(".translate(table)", ".replace('19', '18')"))
    out = course.pytest("steps/1/test_more.py").out
    assert re.search(r"line 18␊\n +\^ expected 9 here", out), out
    assert "truncated" not in out


def test_long_error_is_cut(course: Course) -> None:
    result = wrong(course, SHOUT, "raise ValueError('x' * 10**6 + 'y\\n' * 1000)")
    assert len(result.out) < 20_000
    assert "more lines" in result.out


def test_error_that_was_expected(course: Course) -> None:
    course.solve()
    check = '''\
        import pytest
        from words import shout

        @pytest.mark.exercise("01.1")
        def test_nothing():
            """Shouting nothing is an error."""
            with pytest.raises(ValueError):
                shout("")
    '''
    course.write("steps/01_words/test_more.py", check)
    assert "ValueError was expected, and nothing was raised" in course.pytest("steps/1").out


# Code that never ends.

LOOPING = '''\
    import pytest
    from words import shout, whisper

    @pytest.mark.exercise("01.1")
    @pytest.mark.seconds(0.5)
    def test_ends():
        """Shouting comes to an end."""
        shout("a")

    def test_goes_on():
        """The others go on."""
'''


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "import time; time.sleep(60)",
        "import threading; threading.Event().wait()",
        "import socket\n    a, b = socket.socketpair()\n    a.recv(1)",
        "import re; re.match('(a+)+$', 'a' * 40 + 'b')",
        "while True:\n        try:\n            pass\n        except Exception:\n            pass",
    ],
)
def test_endless_check(course: Course, body: str) -> None:
    """It is ended, and the line where it was is shown."""
    course.write("steps/01_words/test_loop.py", LOOPING)
    course.answer("words.py", WORDS.replace(SHOUT, body))
    started = time.monotonic()
    result = course.pytest("steps/1/test_loop.py")
    assert time.monotonic() - started < 8
    assert result.counts == {"failed": 1, "passed": 1}, result.text
    assert "It was still running after 0.5 seconds: the last line below is where." in result.out
    assert "answers/words.py:1".replace("/", os.sep) in result.out


def test_endless_check_that_cannot_be_interrupted(course: Course) -> None:
    """A bare `except` swallows the interruption: the run says where it is, and ends."""
    course.write("steps/01_words/test_loop.py", LOOPING)
    body = "while True:\n        try:\n            while True:\n                pass\n        except:\n            pass"
    course.answer("words.py", WORDS.replace(SHOUT, body))
    result = course.pytest("steps/1/test_loop.py")
    assert result.code == 1
    assert "test_ends does not come to an end, and cannot be interrupted" in result.err
    assert "words.py" in result.err


def test_other_checks_of_an_endless_exercise_are_given_less_time(course: Course) -> None:
    """Nobody waits the whole time for each of them."""
    patient = LOOPING.replace("0.5", "40").replace("test_ends", "test_more")
    course.write("steps/01_words/test_loop.py", LOOPING)
    course.write("steps/01_words/test_more.py", patient)
    course.answer("words.py", WORDS.replace(SHOUT, "while True:\n        pass"))
    result = course.pytest("steps/1/test_loop.py", "steps/1/test_more.py", "-v")
    assert result.counts == {"failed": 2, "passed": 2}, result.text
    assert "after 2 seconds" in result.out


def test_thread_that_never_ends(course: Course) -> None:
    """It does not keep the run from ending."""
    body = (
        "import threading, time\n    threading.Thread(target=time.sleep, args=[300]).start()\n    "
    )
    result = wrong(course, SHOUT, body + SHOUT)
    assert result.counts == {"passed": 9}
    assert result.code == 0


def test_endless_fixture(course: Course) -> None:
    """What a check sets up, or clears away, may call the learner's code as well."""
    fixture = """
import pytest
from words import shout

@pytest.fixture
def before():
    shout("a")

@pytest.fixture
def after():
    yield
    shout("a")

def test_before(before):
    pass

def test_after(after):
    pass
"""
    course.write("steps/01_words/test_loop.py", fixture)
    limits = course.root / "course/plugin.py"
    limits.write_text(limits.read_text().replace("SETUP_SECONDS = 15.0", "SETUP_SECONDS = 0.5"))
    course.answer("words.py", WORDS.replace(SHOUT, "while True:\n        pass"))
    result = course.pytest("steps/1/test_loop.py")
    assert result.counts == {"failed": 1, "passed": 1, "error": 1}, result.text
    assert result.out.count("It was still running after 0.5 seconds") == 2


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal of its own there")
def test_debugger_takes_its_time(course: Course) -> None:
    """Who stops at a breakpoint is not interrupted."""
    course.write("steps/01_words/test_loop.py", LOOPING)
    course.answer("words.py", WORDS.replace(SHOUT, f"breakpoint()\n    {SHOUT}"))
    command = [sys.executable, "-m", "pytest", "steps/1/test_loop.py"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=course.root, **pipes) as process:
        time.sleep(2.5)  # the limit, and a second in which pytest starts
        out, _ = process.communicate("c\n", timeout=10)
    assert process.returncode == 0, out
    assert "(Pdb)" in out


# Servers.

TALKING = '''\
    def test_first(server):
        """The first client is served, and leaves."""
        server.connect().close()

    def test_second(server):
        """So is the second one."""
        with server.connect() as wire:
            wire.send(b"hello")
            wire.expect_bytes(b"Hello, world\\r\\n")
            wire.expect_closed()
'''

GREETING = 'connection.sendall(Greeter("world").greet())'


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a server has not read")
def test_server_that_is_busy_with_an_earlier_client(course: Course) -> None:
    """The report says so, and has no replay: with a new server there is nothing to see."""
    course.write("steps/01_words/test_server.py", TALKING)
    course.answer("server.py", SERVER.replace(GREETING, "while True: connection.recv(1)"))
    result = course.pytest("steps/1/test_server.py")
    assert result.counts == {"failed": 1, "passed": 1}, result.text
    assert "still busy with an earlier client?" in " ".join(result.out.split())
    assert "course send" not in result.out


def test_nobody_waits_long_again_for_a_server_that_hangs(course: Course) -> None:
    """The first check waits for 2 seconds, the next one for a part of that."""
    course.write("steps/01_words/test_server.py", TALKING.replace(".close()", ".expect_closed()"))
    course.answer("server.py", SERVER.replace(GREETING, "while connection.recv(1): pass"))
    result = course.pytest("steps/1/test_server.py", "-v")
    assert result.counts == {"failed": 2}, result.text
    assert "after 2.0 s the connection is open" in result.out
    assert "nothing for 0.5 s" in result.out


def test_traceback_that_no_client_notices(course: Course) -> None:
    """It fails the check during which it came; other servers print what they like."""
    course.write("steps/01_words/test_server.py", TALKING)
    # Printed well before the answer, so that it has been read when the check ends.
    lines = ("print(TRACEBACK, flush=True)", "__import__('time').sleep(0.3)", GREETING)
    printing = f"\n{' ' * 16}".join(lines)
    traceback = 'TRACEBACK = "Traceback (most recent call last):\\nValueError: odd"\n'
    text = traceback + SERVER.replace(GREETING, printing)
    course.answer("server.py", text)
    result = course.pytest("steps/1/test_server.py::test_second")
    assert result.counts == {"failed": 1}, result.text
    assert "the server's code failed while this check ran, though its client" in result.out
    assert "ValueError: odd" in result.out
    course.write("foreign.py", text.replace("from words import Greeter\n", WORDS))
    result = course.pytest("steps/1/test_server.py::test_second", "--server", FOREIGN)
    assert result.counts == {"passed": 1}, result.text


def test_options_of_the_server_are_told(course: Course) -> None:
    """Beside the replay, which starts a server without them."""
    course.write(
        "steps/01_words/test_server.py",
        TALKING.replace("server)", "serve)").replace("server.c", 'serve("--loud").c'),
    )
    course.answer("server.py", SERVER.replace("world", "sea"))
    out = course.pytest("steps/1/test_server.py").out
    assert "      python -m course send 01 --mine 'hello'\n" in out.replace('"', "'")
    assert "      (here the server ran with --loud)\n" in out


def test_server_that_does_not_start(course: Course) -> None:
    """Its checks fail with its traceback; nobody waits for it twice."""
    check = 'def test_again(server):\n    """It serves."""\n'
    course.write("steps/01_words/test_server.py", check + check.replace("again", "more"))
    course.answer("server.py", SERVER.replace("port = int(", "1 / 0\n    port = int("))
    result = course.pytest("steps/1/test_server.py")
    assert result.counts == {"failed": 2}
    assert "the server did not start: it ended with exit code 1" in result.out
    assert "ZeroDivisionError: division by zero" in result.out
    assert "  replay\n      python -m course run 01 --mine\n" in result.out


def test_server_whose_end_is_gone(course: Course) -> None:
    """Exit code 0 is explained."""
    course.solve()
    course.answer("server.py", SERVER.partition("\n\nif __name__")[0] + "\n")
    out = course.pytest("steps/1/test_server.py").out
    assert "it ended with exit code 0 before it served" in out
    assert (
        'is the end of the module still there, from `if __name__ == "__main__":` on?'
        in " ".join(out.split())
    )


def test_server_that_says_nothing(course: Course) -> None:
    """The second check knows already that it does not start."""
    check = 'def test_again(server):\n    """It serves."""\n'
    course.write("steps/01_words/test_server.py", check + check.replace("again", "more"))
    course.answer("server.py", SERVER.replace('print(f"Serving', 'print(f"Ready'))
    started = time.monotonic()
    result = course.pytest("steps/1/test_server.py")
    assert time.monotonic() - started < 14
    assert result.counts == {"failed": 2}
    assert "it has not said where it serves" in result.out


def test_server_is_new_after_a_failure(course: Course) -> None:
    """A server that a failed check left in disorder does not fail the next one."""
    check = '''\
        def ask(server):
            with server.connect() as wire:
                wire.expect_bytes(b"Hello, world\\r\\n")

        def test_pid(server, record_property):
            """One process serves several checks."""
            ask(server)
            test_pid.pid = server.running.pid

        def test_same(server):
            """It is the same one."""
            assert server.running.pid == test_pid.pid
            assert False

        def test_other(server):
            """Now it is another one."""
            ask(server)
            assert server.running.pid != test_pid.pid
    '''
    course.write("steps/01_words/test_server.py", check)
    result = course.pytest("steps/1/test_server.py")
    assert result.counts == {"failed": 1, "passed": 2}, result.text


def test_server_that_died_is_started_again(course: Course) -> None:
    check = '''\
        def test_dies(server):
            """It is killed."""
            server.running.process.kill()
            server.running.process.wait()

        def test_lives(server):
            """There is a new one."""
            with server.connect() as wire:
                wire.expect_bytes(b"Hello, world\\r\\n")
    '''
    course.write("steps/01_words/test_server.py", check)
    assert course.pytest("steps/1/test_server.py").counts == {"passed": 2}


def test_serve_starts_other_scripts(course: Course) -> None:
    """With other options, and from extras, in which the step's modules can be imported."""
    text = SERVER.replace("world", "extra").replace("import sys\n", "import sys\nimport twice\n")
    course.write("steps/01_words/extras/loud_server.py", text)
    check = '''\
        def test_script(serve):
            """Another script, and the first one with an option."""
            with serve("--loud", script="loud_server").connect() as wire:
                wire.expect_bytes(b"Hello, extra\\r\\n")
            with serve("--loud").connect() as wire:
                wire.expect_bytes(b"Hello, world\\r\\n")
            assert serve("--loud").port == serve("--loud").port != serve().port
    '''
    course.write("steps/01_words/test_server.py", check)
    assert course.pytest("steps/1/test_server.py", "--reference").counts == {"passed": 1}
    assert course.pytest("steps/1/test_server.py").counts == {"passed": 1}


# Other servers.

FOREIGN = f'"{sys.executable}" foreign.py --port {{port}}'.replace("\\", "/")


def test_server_in_any_language(course: Course) -> None:
    """Only the checks that go over the wire run; nothing is written."""
    course.write("foreign.py", SERVER.replace("from words import Greeter\n", WORDS))
    result = course.pytest("steps", "--server", FOREIGN)
    assert result.counts == {"passed": 1, "deselected": 11}, result.text
    assert "11 checks that look into the step's modules are left out" in result.out
    assert not course.answers().exists()


def test_server_in_any_language_that_is_wrong(course: Course) -> None:
    course.write(
        "foreign.py", SERVER.replace("from words import Greeter\n", WORDS.replace("Hel", "Hal"))
    )
    result = course.pytest("steps/1", "--server", FOREIGN)
    assert result.counts == {"failed": 1, "deselected": 8}, result.text
    assert "Hallo, world␍␊" in result.out


def test_server_at_an_address(course: Course) -> None:
    course.write("foreign.py", SERVER.replace("from words import Greeter\n", WORDS))
    running = start([sys.executable, course.root / "foreign.py", "--port", "0"])
    try:
        result = course.pytest("steps/1", f"--url={running.url}")
        assert result.counts == {"passed": 1, "deselected": 8}, result.text
    finally:
        running.stop()
    result = course.pytest("steps/1", f"--url={running.url}")
    assert result.code == 4
    assert f"Nothing answers at {running.url}" in result.err


def test_other_options_are_no_matter_for_other_servers(course: Course) -> None:
    course.write("foreign.py", SERVER.replace("from words import Greeter\n", WORDS))
    check = 'def test_option(serve):\n    """With an option."""\n    serve("--loud")\n'
    course.write("steps/01_words/test_more.py", check)
    result = course.pytest("steps/1", "--server", FOREIGN, "-rs")
    assert result.counts == {"passed": 1, "skipped": 1, "deselected": 8}, result.text
    assert "needs the step's own server with other options" in result.out


# Random inputs.


def seeds(result: Result) -> list[str]:
    return re.findall(r"--seed (\d+)", result.out)


def test_seed_repeats_the_inputs(course: Course) -> None:
    """A failure says how; the same seed brings the same inputs, alone or among others."""
    course.solve()
    course.answer("twice.py", TWICE.replace("2 * shout(text)", "text"))
    result = course.pytest("steps/1")
    [seed] = seeds(result)
    [line] = re.findall(r"assert '\d+' == .*", result.out)
    again = course.pytest("steps/1::test_twice", "--seed", seed)
    assert line in again.out
    assert line not in course.pytest("steps/1::test_twice", "--seed", "7").out


def test_seed_is_told_with_the_reference_too(course: Course) -> None:
    course.write("steps/01_words/extras/twice.py", TWICE.replace("2 *", "3 *"))
    assert len(seeds(course.pytest("steps/1", "--reference"))) == 1


# How it looks.


def test_plain_where_it_is_no_terminal(course: Course) -> None:
    result = wrong(course, SHOUT, "return text")
    assert "\033" not in result.text


def test_colours_when_asked_for(course: Course) -> None:
    wrong(course, SHOUT, "return text")
    assert "\033[32m  ✓ 01.2" in course.pytest("steps/1", "--color=yes").out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_signs_that_the_terminal_has(course: Course, encoding: str) -> None:
    """Where an encoding has no check marks and boxes, there are plain ones."""
    wrong(course, "Hello, {self.name}\\r\\n", "Hallo, é{self.name}\\r\\n")
    result = course.pytest("steps/1", env={"PYTHONIOENCODING": encoding})
    assert "  + 01.1 Shout" in result.out
    assert "  x 01.2 Whisper and greet" in result.out
    assert "#############......." in result.out
    assert "\\r\\n" in result.out
    assert "Traceback" not in result.text


def test_quiet(course: Course) -> None:
    """-q leaves out what is done, -qq all but pytest's own."""
    wrong(course, SHOUT, "return text")
    quiet = course.pytest("steps/1", "-q").out
    assert "✗ 01.1" in quiet
    assert "✓ 01.2" not in quiet
    assert quiet.rstrip().splitlines()[-1].startswith("5 failed, 4 passed in ")
    assert "✗ 01.1" not in course.pytest("steps/1", "-qq").out


def test_narrow_terminal() -> None:
    """Rows that are too wide for the terminal are put in short, with all that helps."""
    where, hint = "answers/words.py:9 shout", "python -m course hint 01.1"
    rows = [
        closing.Row("o", "01.1 Shout", closing.NOT_YET, where, hint, {}),
        closing.Row("x", "01.2 Whisper to the neighbour", "1 of 2 checks passed", where, hint, {}),
    ]
    full = closing.table(rows, None)
    assert closing.table(rows, max(map(len, full))) == full
    assert closing.table(rows, 80) == [
        "  o 01.1 Shout  answers/words.py:9 shout  hint 01.1",
        "  x 01.2 Whisper to the neighbour  1 of 2 checks passed  answers/words.py:9 shout  hint 01.1",
    ]


def test_thread_of_a_failing_check(course: Course) -> None:
    """The warning that pytest has about it is noise beside the report; elsewhere it is news."""
    check = """\
        import threading
        import pytest
        from words import shout

        @pytest.mark.exercise("01.1")
        def test_thread():
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
            assert shout("a") == "A!"
    """
    course.write("steps/01_words/test_more.py", check)
    assert "warnings summary" not in wrong(course, SHOUT, "return text").out
    course.solve()
    assert "warnings summary" in course.pytest("steps/1").out


def test_verbose(course: Course) -> None:
    course.answer("twice.py", TWICE)
    out = course.pytest("steps/1", "-v").out
    assert re.search(r"test_words\.py::test_shout NOT YET +\[", out)
    assert re.search(r"test_twice\.py::test_twice PASSED +\[", out)


def test_exit_first(course: Course) -> None:
    """-x ends with the first check that fails; the others have no verdict."""
    result = wrong(course, SHOUT, "return text")
    result = course.pytest("steps/1/test_words.py", "steps/1/test_twice.py", "-x")
    assert result.counts == {"failed": 1}
    assert "✗ 01.1 Shout              0 of 4 checks passed" in result.out
    assert "· 01.3 Say it twice       not checked now" in result.out


def test_selected_by_keyword(course: Course) -> None:
    """Only the exercises that were asked for are spoken of."""
    course.solve()
    result = course.pytest("steps/1", "-k", "twice")
    assert result.counts == {"passed": 1, "deselected": 8}
    assert "01.1" not in result.out
    assert "next  all of the step: pytest steps/01" in result.out


def test_an_exercise_by_itself_counts(course: Course) -> None:
    """All of its checks ran and passed: it is done, and the others stay as they were."""
    course.solve()
    assert "1 of 3 exercises" in course.pytest("steps/1.1").out
    assert "2 of 3 exercises" in course.pytest("steps/1.3").out
    wrong(course, SHOUT, "return text")
    assert "1 of 3 exercises" in course.pytest("steps/1.1").out


@pytest.mark.parametrize("words", [["steps/1.1", "-k", "ends"], ["steps/1::test_shout"]])
def test_a_part_of_an_exercise_does_not_count(course: Course, words: list[str]) -> None:
    """What did not run might have failed."""
    course.solve()
    assert "0 of 3 exercises" in course.pytest(*words).out
    assert not (course.answers() / ".progress.json").exists()


def test_last_failed(course: Course) -> None:
    wrong(course, SHOUT, "return text")
    course.pytest("steps/1")
    result = course.pytest("steps/1", "--lf")
    assert result.counts["failed"] == 5
    assert "passed" not in result.counts
    assert not (course.answers() / ".progress.json").read_text().count("true") > 1


def test_collect_only(course: Course) -> None:
    result = course.pytest("steps/1", "--co")
    assert result.code == 0
    assert "<Function test_shout_ends[b c]>" in result.out
    assert "next" not in result.out


def test_report_for_machines(course: Course, tmp_path: Path) -> None:
    """--junitxml has every check with its reason."""
    course.answer("words.py", WORDS.replace("Hello", "Hallo"))
    course.pytest("steps/1", f"--junitxml={tmp_path / 'report.xml'}")
    cases = ElementTree.parse(tmp_path / "report.xml").iter("testcase")
    reasons = {
        case.get("name"): (case.find("failure").get("message") or "").split("\n")[0]
        for case in cases
        if case.find("failure") is not None
    }
    assert reasons == {
        "test_greets": "The server greets the world.",
        "test_greet": "The greeting is a line of bytes.",
        "test_twice": "○ 01.3 Say it twice  not written yet  answers/twice.py:6 twice  "
        "python -m course hint 01.3",
    }


@pytest.mark.parametrize("style", ["short", "long", "line", "native", "auto"])
def test_pytests_own_traceback(course: Course, style: str) -> None:
    """Who asks for it gets it; what is blank stays calm."""
    course.answer("words.py", WORDS.replace(SHOUT, "return text"))
    out = course.pytest("steps/1", f"--tb={style}").out
    assert "again pytest" not in out
    assert "AssertionError" in out
    assert "NotImplementedError" not in out


def test_no_traceback_at_all(course: Course) -> None:
    course.answer("words.py", WORDS.replace(SHOUT, "return text"))
    out = course.pytest("steps/1", "--tb=no").out
    assert "FAILURES" not in out
    assert "✗ 01.1" in out


def test_reference_looks_like_any_pytest(course: Course) -> None:
    course.write("steps/01_words/words.py", WORDS.replace(SHOUT, "return text"))
    out = course.pytest("steps/1", "--reference").out
    assert "rootdir: " in out
    assert "short test summary info" in out
    assert ">       assert shout(" in out
    assert "next " not in out


def test_other_tests_look_like_any_pytest(course: Course) -> None:
    """The tests of the course itself are none of this plugin's business."""
    course.write("tests/test_it.py", "def test_it():\n    assert 'a' == 'b'\n")
    out = course.pytest("tests").out
    assert "rootdir: " in out
    assert "- b\nE         + a" in out
    assert "next " not in out


def test_interrupted_by_the_learner(course: Course) -> None:
    """Ctrl-C ends the run at once, in order."""
    course.answer("words.py", WORDS.replace(SHOUT, "import time; time.sleep(60)"))
    if os.name == "nt":
        pytest.skip("Ctrl-C cannot be sent to one process")
    command = [sys.executable, "-m", "pytest", "steps/1::test_shout"]
    with subprocess.Popen(command, cwd=course.root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "collected" not in process.stdout.readline():
            pass
        time.sleep(0.3)  # the check sleeps by now, or Ctrl-C comes a little before it
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "KeyboardInterrupt" in out
    assert not (course.answers() / ".progress.json").exists()


def test_overhead_is_small(course: Course) -> None:
    """A blank step is checked in well under two seconds: the best of three counts."""
    times = []
    for _ in range(3):
        started = time.monotonic()
        course.pytest("steps/1")
        times.append(time.monotonic() - started)
    assert min(times) < 2
