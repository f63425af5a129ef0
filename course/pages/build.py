"""Build the site: only where something that it is made of has changed, and all of it or nothing."""

import gzip
import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from course.install import ProgressLine
from course.steps import ROOT, CourseError

CONFIG = ROOT / "mkdocs.yml"
SITE = ROOT / ".cache" / "site"
"""The site as `start` serves it."""

INPUTS = ("mkdocs.yml", "docs", "steps", "notebooks", "course", "tests/mutants", "conftest.py")
IGNORED = {"answers", "__pycache__", ".ipynb_checkpoints", ".mypy_cache"}
COMPRESSED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm", ".xml"}
STAMP = ".made-from"
WARNING = "Warning: "
HOOK = "mkdocs.hooks.course"
"""The name under which `hook.py` says what it is doing."""

Show = Callable[[str], None]


class SiteFailed(CourseError):
    """The site could not be built; the message is mkdocs's last word."""


def up_to_date(show: Show) -> None:
    """See that SITE is as it should be now; build it if need be. Raises SiteFailed."""
    wanted = fingerprint()
    stamp = SITE / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    show("building it, which takes about a minute the first time")
    fresh = SITE.with_name(f"site.{os.getpid()}")
    try:
        build(fresh, show)
        compress(fresh)
        (fresh / STAMP).write_text(wanted, encoding="utf-8")
        shutil.rmtree(SITE, ignore_errors=True)
        fresh.replace(SITE)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def build(folder: Path, show: Show, *, strict: bool = False) -> None:
    """Write the whole site into a folder, which is emptied first. Raises SiteFailed."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # the theme's word on its own future
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    with told(show):
        try:
            config = load_config(str(CONFIG), site_dir=str(folder), strict=strict)
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build(config)
            config.plugins.on_shutdown()
        except Abort:
            raise SiteFailed("the site has faults: see the warnings above") from None
        except MkDocsException as error:
            raise SiteFailed(f"the site cannot be built: {error}") from None


def compress(folder: Path) -> None:
    """Write a compressed copy beside each file that becomes much smaller."""
    for path in [one for one in folder.rglob("*") if one.suffix in COMPRESSED]:
        content = gzip.compress(path.read_bytes(), mtime=0)
        path.with_name(f"{path.name}.gz").write_bytes(content)


def fingerprint() -> str:
    """Tells whether anything that the site is made of has changed: names, sizes and times."""
    digest = hashlib.sha256()
    for path in inputs():
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    for name in ("SITE_URL", "COURSE_REPOSITORY", "COURSE_PROGRESS"):
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    return digest.hexdigest()


def inputs() -> Iterator[Path]:
    """Every file that the site is made of, in order."""
    for name in INPUTS:
        path = ROOT / name
        if path.is_file():
            yield path
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(set(folders) - IGNORED)
            yield from (Path(folder, file) for file in sorted(files) if not file.endswith(".pyc"))


@contextmanager
def shown_while(title: str) -> Iterator[Show]:
    """A line that shows how far the work is, and is gone when it is done; warnings stay."""
    line = ProgressLine()

    def show(text: str) -> None:
        if text.startswith(WARNING):
            line.clear()
            print(text, file=sys.stderr, flush=True)
        else:
            line.show(f"{title}: {text}")

    try:
        yield show
    finally:
        line.clear()


@contextmanager
def told(show: Show) -> Iterator[None]:
    """Hand on what mkdocs says."""
    log = logging.getLogger("mkdocs")
    handler = Teller(show)
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate


class Teller(logging.Handler):
    """Passes our own hook's messages to a function, and everybody's warnings with that word."""

    def __init__(self, show: Show) -> None:
        super().__init__(logging.INFO)
        self.show = show

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on one message."""
        if record.levelno >= logging.WARNING:
            self.show(f"{WARNING}{record.getMessage()}")
        elif record.name == HOOK:
            self.show(record.getMessage())
