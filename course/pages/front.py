"""The front end, built from `docs/assets/front`: once, and again when its sources change.

Packages are installed from the lock into `.cache/front`, where mkdocs does not look. All that was
made once is found again by the hash of what it was made from, so nothing here needs the network
twice. Two processes may do this at once: each works in a folder of its own and renames it.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from course import tools
from course.steps import ROOT, CourseError

SOURCES = ROOT / "docs" / "assets" / "front"
CACHE = ROOT / ".cache" / "front"

MANIFESTS = ("package.json", "package-lock.json", ".npmrc")
"""What decides which packages there are."""

INSTALL_SECONDS, BUILD_SECONDS = 600, 120

KEPT_SECONDS = 24 * 3600
"""How long a folder stays that nobody needs any more; another process may still be reading it."""

NETWORK_WORDS = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")
"""npm's words for a network that is not there."""

Show = Callable[[str], None]


class FrontEndFailed(CourseError):
    """The front end could not be built; the message says why in one line."""


def front_end(show: Show) -> Path:
    """The folder with the built front end, made first if its sources have changed.

    Raises FrontEndFailed.
    """
    manifests = [SOURCES / name for name in MANIFESTS]
    sources = sorted(path for path in (SOURCES / "src").rglob("*") if path.is_file())
    installed = CACHE / f"packages-{_hash(manifests)}"
    built = CACHE / f"built-{_hash([*manifests, SOURCES / 'build.mjs', *sources])}"
    if not built.is_dir():
        if not installed.is_dir():
            show("installing the front end's packages")
            _made(installed, _install)
        show("building the front end")
        _made(built, lambda folder: _build(installed, folder / "out"), inner="out")
        _prune({installed, built})
    return built


def packages(show: Show) -> Path:
    """The folder whose `node_modules` holds the front end's packages; for tests."""
    front_end(show)
    installed = CACHE / f"packages-{_hash([SOURCES / name for name in MANIFESTS])}"
    if not installed.is_dir():
        _made(installed, _install)
    return installed


def _made(target: Path, make: Callable[[Path], None], inner: str = "") -> None:
    """Make a folder under another name, then give it its own: it is there whole or not at all."""
    CACHE.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="making-", dir=CACHE))
    try:
        make(scratch)
        (scratch / inner).rename(target)
    except OSError as error:
        if not target.is_dir():  # else another process was faster
            raise FrontEndFailed(f"cannot write the front end to {target}: {error}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _install(folder: Path) -> None:
    npm = tools.find_npm()
    if npm is None:
        raise FrontEndFailed(tools.NO_NODE)
    for name in MANIFESTS:
        shutil.copyfile(SOURCES / name, folder / name)
    _run([*npm, "ci", "--ignore-scripts"], folder, INSTALL_SECONDS, "npm ci")


def _build(installed: Path, out: Path) -> None:
    node = tools.find_node()
    if node is None:
        raise FrontEndFailed(tools.NO_NODE)
    command = [node, str(SOURCES / "build.mjs"), str(installed), str(out)]
    _run(command, installed, BUILD_SECONDS, "the front end's build")


def _run(command: Sequence[str], folder: Path, seconds: float, what: str) -> None:
    """Run a command to its end; if it fails, say its last words and where all of them are."""
    beside = str(Path(command[0]).parent)  # npm's scripts look for Node on the PATH
    environ = os.environ | {"PATH": os.pathsep.join([beside, os.environ.get("PATH", "")])}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise FrontEndFailed(f"{what} was not done after {seconds:g} seconds") from None
    except OSError as error:
        raise FrontEndFailed(f"{what} cannot be run: {error}") from None
    if done.returncode:
        raise FrontEndFailed(_reason(what, done.stdout + done.stderr))


def _reason(what: str, output: str) -> str:
    """Why it failed: no network, or the first line that names an error."""
    log = CACHE / "failed.log"
    log.write_text(output, encoding="utf-8")
    if any(word in output for word in NETWORK_WORDS):
        return f"{what} needs the network the first time, and cannot reach it (see {log})"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    last = (errors or lines or ["it says nothing"])[0]
    return f"{what} failed: {last} (see {log})"


def _hash(paths: Iterable[Path]) -> str:
    """A short name for the contents of the files; the ends of lines don't count."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(SOURCES).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _prune(wanted: set[Path]) -> None:
    """Remove what was made from earlier sources, once it is old."""
    for path in CACHE.iterdir():
        old = path.is_dir() and time.time() - path.stat().st_mtime > KEPT_SECONDS
        if old and path not in wanted:
            shutil.rmtree(path, ignore_errors=True)
