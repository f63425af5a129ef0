"""The way in: what `python -m course` does before anything is installed, and how it sets up.

Most runs here are of a copy of the repository, in a folder with a space in its name, by the
Python that `.venv` came from. In place of uv stands a program that installs nothing, and points
the new environment at the packages that are here.
"""

import ast
import errno
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import environment, install, one_set_up, set_up_failed
from tests.support import ROOT, Result, run

BASE = getattr(sys, "_base_executable", sys.executable)
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
POSIX = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a script with #!")
LOCKS = ROOT / "course" / "locks"

UV = """#!{python}
import pathlib, sys, sysconfig, time
print("uv", *sys.argv[1:], file=open({log!r}, "a"))
venv = pathlib.Path(sys.argv[sys.argv.index("--python") + 1]).parent.parent
site = venv / "lib" / "python{version}" / "site-packages"
{behaviour}
"""
POINT = 'site.joinpath("packages.pth").write_text({packages!r})'


class Copy:
    """A copy of the repository, nothing set up in it."""

    def __init__(self, root: Path) -> None:
        self.root = root / "my course"
        self.programs = root / "programs"
        self.programs.mkdir()
        bytecode = shutil.ignore_patterns("__pycache__", "answers")
        for folder in ("course", "steps"):
            shutil.copytree(ROOT / folder, self.root / folder, ignore=bytecode)
        self.log = root / "uv.log"
        self.uv()

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def uv(self, behaviour: str = POINT) -> None:
        """Put a program named uv on the PATH that behaves so."""
        text = UV.format(
            python=BASE,
            log=str(self.log),
            version=environment.this_version(),
            behaviour=behaviour.format(packages=sysconfig.get_path("purelib")),
        )
        path = self.programs / "uv"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def installs(self) -> int:
        """How often something was installed."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def course(
        self, *arguments: str, python: str = BASE, env: dict[str, str] | None = None
    ) -> Result:
        """Run `python -m course` to its end."""
        return run([python, "-m", "course", *arguments], self.root, self.environ() | (env or {}))

    def set_up(self) -> Result:
        """Set up, with no server started: its port is one that nobody may have."""
        return self.course("start", "--host", "203.0.113.1")

    def environ(self) -> dict[str, str]:
        return {"PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy that is set up, for others to be made like it."""
    model = Copy(tmp_path_factory.mktemp("model"))
    model.set_up()
    return model


@pytest.fixture
def ready(copy: Copy, model: Copy) -> Copy:
    """A copy that is set up: the model's environment, as if it had been made here."""
    shutil.copytree(model.venv, copy.venv, symlinks=True)
    for path in (copy.venv / "course.json", *copy.venv.rglob("course.pth")):
        path.write_text(path.read_text().replace(str(model.root), str(copy.root)))
    return copy


def lines(result: Result) -> list[str]:
    return result.err.splitlines()


SET_UP = "cannot listen on 203.0.113.1"
"""What `start` says once all is installed and it gets as far as serving."""


@pytest.mark.parametrize("arguments", [[], ["check", "01"], ["wiretap", "1", "2"], ["chek"]])
def test_nothing_is_installed_yet(copy: Copy, arguments: list[str]):
    """Before the set-up every other command is one line, and nothing is made."""
    result = copy.course(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"Nothing is installed yet: run {environment.PYTHON} -m course start\n"
    assert not copy.venv.exists()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["start", "--help"], ["help"], ["help", "check"]]
)
def test_help_before_the_set_up(copy: Copy, arguments: list[str]):
    """Help needs nothing installed."""
    result = copy.course(*arguments)
    assert result.code == 0
    assert "-m course start" in result.out
    assert "-m course test" in result.out
    assert not copy.venv.exists()


def test_help_names_every_command():
    """The short help and the real one have the same commands."""
    from course.cli import app

    for command in app.registered_commands:
        assert command.callback
        assert command.callback.__name__ in environment.HELP


def test_the_way_in_needs_the_standard_library_alone(copy: Copy):
    """Whatever runs before the environment exists imports nothing that is to be installed."""
    for name in ("__main__", "environment", "install", "one_set_up", "set_up_failed"):
        tree = ast.parse((ROOT / "course" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for imported in names:
                top = imported.partition(".")[0]
                assert top in sys.stdlib_module_names or imported in (
                    "course.environment",
                    "course.install",
                    "course.one_set_up",
                    "course.set_up_failed",
                    "course.cli",  # inside the environment only
                )


def test_an_old_python_is_told_so():
    """Any Python can read the first page: no syntax in it is younger than Python 3.0."""
    text = (ROOT / "course" / "__main__.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 4))
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.JoinedStr)]
    old = text.replace("sys.version_info < NEEDED", "True")
    result = run([sys.executable, "-c", old, "start"], ROOT)
    assert (result.code, result.out, len(lines(result))) == (2, "", 1)
    assert "the course needs 3.11 or newer" in result.err


@POSIX
def test_set_up(copy: Copy):
    """The set-up says what it does, goes on in the new environment, and is not done twice."""
    first = copy.set_up()
    version = environment.this_version()
    assert first.out.splitlines() == [
        f"1 of 3 making .venv with Python {version} ...",
        "2 of 3 installing ...",
        "3 of 3 looking whether it works ...",
        "Set up in .venv.",
    ]
    assert (first.code, SET_UP in first.err) == (2, True)
    second = copy.set_up()
    assert (second.code, second.out, SET_UP in second.err) == (2, "", True)
    assert copy.installs() == 1
    assert copy.course("check", "99").err.startswith("course: there is no step '99'")


@POSIX
def test_the_exit_code_and_the_arguments_pass_through(ready: Copy):
    """Going on inside `.venv` is not seen from outside."""
    assert ready.course("diff", "01").code == 0
    assert ready.course("diff", "02", "server.py").out.startswith("--- steps/01_echo_server/")
    assert ready.course("help").out == ready.course("--help").out
    assert "Usage: python -m course check " in ready.course("help", "check").out


@POSIX
def test_the_command_works_in_any_folder(ready: Copy):
    """With `.venv` activated a learner may be inside a step."""
    inside = ready.root / "steps" / "01_echo_server"
    result = run([str(ready.venv / SCRIPTS / "python"), "-m", "course", "diff", "01"], inside)
    assert (result.code, result.err) == (0, "")


@POSIX
def test_what_the_tests_need_is_more(ready: Copy):
    """`test` adds to what `start` made, and `start` has all it needs then."""
    tests = ready.root / "course" / "commands" / "everything.py"
    tests.write_text("def test_everything(arguments):\n    return 40 + len(arguments)\n")
    assert ready.course("test", "-k", "x").code == 42
    assert "test.txt " in ready.log.read_text()
    assert json.loads((ready.venv / "course.json").read_text())["locks"].keys() == {"start", "test"}
    assert ready.set_up().out == ""
    assert ready.installs() == 1


@POSIX
def test_a_changed_lock_is_installed(ready: Copy):
    """What the course needs may change; other commands say so, `start` brings it in, in place."""
    marker = ready.venv / "the-learner-s-own"
    marker.touch()
    with (ready.root / "course" / "locks" / "start.txt").open("a") as lock:
        lock.write("# changed\n")
    told = ready.course("check", "01")
    assert told.code == 2
    assert told.err.startswith("What the course needs has changed since it was set up: run ")
    assert SET_UP in ready.set_up().err
    assert ready.installs() == 1
    assert marker.exists()


@POSIX
def test_no_network(copy: Copy):
    """One line, and nothing that could be mistaken for an environment. Then it works."""
    copy.uv("print('error: Failed to fetch: dns error', file=sys.stderr); sys.exit(2)")
    no_registry = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    result = copy.course("start", env=no_registry)
    assert result.code == 2
    assert lines(result) == [set_up_failed.explain("Failed to fetch")]
    assert not copy.venv.exists()
    copy.uv()
    assert SET_UP in copy.set_up().err


FULL = "sys.exit('error: No space left on device')"
DISK_IS_FULL = "The disk is full: free about 500 MB and run the same again"


@POSIX
def test_a_failed_change_keeps_what_was_there(ready: Copy):
    """Who has an environment for `start` still has it after `test` could not be set up."""
    ready.uv(FULL)
    result = ready.course("test")
    assert (result.code, lines(result)) == (2, [DISK_IS_FULL])
    assert SET_UP in ready.set_up().err
    assert ready.installs() == 1


@POSIX
def test_a_set_up_that_broke_half_way_is_not_used(ready: Copy):
    """The environment had begun to change when it failed: it is made anew the next time."""
    with (ready.root / "course" / "locks" / "start.txt").open("a") as lock:
        lock.write("# changed\n")
    ready.uv(f"print('Prepared 3 packages in 1ms', flush=True); {FULL}")
    full = ready.set_up()
    assert (full.code, lines(full)) == (2, [DISK_IS_FULL])
    assert ready.course("check", "01").err.startswith("The last set-up did not finish: run ")
    ready.uv()
    assert "1 of 3 making" in ready.set_up().out


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_set_up_is_not_mistaken_for_a_finished_one(copy: Copy, number: int):
    """Ctrl-C or a dead machine: no command uses what is there, and the next start mends it."""
    copy.uv("site.joinpath('half').touch(); time.sleep(60)")
    process = subprocess.Popen(
        [BASE, "-m", "course", "start"],
        cwd=copy.root,
        env=os.environ | copy.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not list(copy.venv.rglob("half")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for command in ("check", "start"):
        other = copy.course(command, "--port=0" if command == "start" else "01")
        assert (other.code, other.out, lines(other)) == (2, "", [one_set_up.UNDER_WAY])
    os.killpg(process.pid, number)
    output, _ = process.communicate(timeout=20)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert b"Stopped. The same command starts over.\n" in output
        assert not copy.venv.exists()
    told = copy.course("check", "01")
    assert (told.code, f"run {environment.PYTHON} -m course start" in told.err) == (2, True)
    copy.uv()
    assert SET_UP in copy.set_up().err
    assert not list(copy.venv.rglob("half"))


def test_a_drive_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Some network drives have none: the set-up goes on, and nobody is kept waiting."""

    def take(file: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(one_set_up, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(one_set_up, "take", take)
    with one_set_up.alone():
        assert not one_set_up.under_way()


@POSIX
def test_the_environment_that_was_kept_aside_comes_back(ready: Copy):
    """A machine that died while `.venv` was made anew: the old one still works, and is kept."""
    ready.venv.rename(ready.root / ".venv.old")
    ready.venv.mkdir()
    (ready.venv / "course.json").write_text("unfinished\n")
    result = ready.set_up()
    assert SET_UP in result.err
    assert not (ready.root / ".venv.old").exists()


@POSIX
def test_an_environment_of_a_python_that_is_gone(ready: Copy):
    """Its Python was removed: said by the other commands, mended by `start`."""
    for link in (ready.venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python3")
    assert ready.course("check", "01").err.startswith("The Python that made .venv is gone: run ")
    assert "1 of 3 making" in ready.set_up().out
    assert ready.course("diff", "01").code == 0


@POSIX
def test_an_environment_of_another_python(ready: Copy):
    """One made by another version is made anew; where that cannot be, it is used as it is."""
    stamp = ready.venv / "course.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"version": "3.9"}))
    ready.uv(FULL)
    kept = ready.set_up()
    assert f"{DISK_IS_FULL}. The .venv that was there is used.\n" in kept.err
    assert SET_UP in kept.err
    ready.uv()
    assert SET_UP in ready.set_up().err
    assert json.loads(stamp.read_text())["version"] == environment.this_version()


@POSIX
def test_a_course_that_moved(ready: Copy):
    """The programs in `.venv` hold its old place: it is made anew."""
    ready.root = ready.root.rename(ready.root.with_name("moved here"))
    assert ready.course("check", "01").err.startswith("The course has moved")
    assert "1 of 3 making" in ready.set_up().out
    assert ready.course("diff", "01").code == 0


def test_a_python_without_venv(monkeypatch: pytest.MonkeyPatch):
    """Debian's Python: the line names the package to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(set_up_failed.SetUpFailed) as failure:
        install.make(with_pip=True)
    assert f"apt install python{environment.this_version()}-venv" in str(failure.value)


OUTPUTS = [
    ("OSError: [Errno 28] No space left on device", "disk is full"),
    ("Failed to establish a new connection: NewConnectionError", "cannot be reached"),
    ("error: Failed to fetch: `x`\n  Caused by: dns error", "cannot be reached"),
    ("ReadTimeoutError: Read timed out.", "cannot be reached"),
    ("SSLCertVerificationError: Max retries exceeded", "certificate"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one that the lock names"),
    ("ERROR: No matching distribution found for rich==15.0.0", "has no rich==15.0.0 for Python"),
    ("ERROR: it is Tuesday\nsome more words", "The set-up failed: ERROR: it is Tuesday"),
    ("", "The set-up failed: no reason given"),
]


@pytest.mark.parametrize(("output", "says"), OUTPUTS)
def test_what_went_wrong_is_one_line(output: str, says: str):
    """Pages of output of pip or uv, in a line that says what to do."""
    line = set_up_failed.explain(output)
    assert says in line
    assert "\n" not in line


def test_the_packages_are_counted(tmp_path: Path):
    """From pip's output to "3/4 rich"; what is for another system does not count."""
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# header\nrich==1 \\\n    --hash=sha256:0\ntyper==2\ncolorama==1 ; x\nmypy==3\n"
    )
    shown: list[str] = []
    counter = install.Counter([lock], shown.append)
    for line in (
        "Ignoring colorama: markers 'x' don't match your environment",
        "Collecting typer==2 (from -r /a/b (line 1))",
        "  Downloading typer-2-py3-none-any.whl",
        "Requirement already satisfied: mypy==3 in /x (from -r /a/b (line 1))",
        "Processing /some wheels/rich-1.0-py3-none-any.whl (from -r /a/b-2 (line 1))",
    ):
        counter(line)
    assert shown == [
        "2 of 3 installing 1/3 typer",
        "2 of 3 installing 2/3 mypy",
        "2 of 3 installing 3/3 rich",
    ]
    assert not counter.begun
    counter("Installing collected packages: rich, typer, mypy")
    assert counter.begun


def pins(lock: str) -> dict[str, list[str]]:
    """The requirements of a lock, "rich==15.0.0", each with its hashes."""
    found: dict[str, list[str]] = {}
    pin = ""
    for line in (LOCKS / f"{lock}.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            pin = line.removesuffix(" \\").replace(" ;", ";")
            found[pin] = []
        elif "--hash=" in line:
            found[pin].append(line.strip(" \\"))
    return found


def groups() -> Iterator[tuple[str, str]]:
    """Each group with each requirement that it names, those that it includes among them."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = table["dependency-groups"]
    for group, requirements in declared.items():
        for one in requirements:
            included = declared[one["include-group"]] if isinstance(one, dict) else [one]
            yield from ((group, requirement) for requirement in included)


@pytest.mark.parametrize(("group", "requirement"), list(groups()))
def test_the_locks_have_what_the_groups_name(group: str, requirement: str):
    """Exactly the version in pyproject.toml, with hashes."""
    assert pins(group)[requirement]


def test_the_locks_agree():
    """What `start` has, `test` has too, in the same version; every package has its hashes."""
    start, test = pins("start"), pins("test")
    assert start.items() <= test.items()
    assert all(test.values())


def test_no_address_of_a_registry():
    """Where packages come from is each machine's own business."""
    for path in (*LOCKS.glob("*.txt"), ROOT / "pyproject.toml"):
        assert "://" not in path.read_text(encoding="utf-8")
    for folder in ("docs/assets/front", "tests/lighthouse"):
        lock = (ROOT / folder / "package-lock.json").read_text(encoding="utf-8")
        assert '"resolved"' not in lock
