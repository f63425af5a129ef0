"""`site`: the whole site as files, for any host that serves files."""

from pathlib import Path

from course.console import Out
from course.pages.build import STAMP, build, shown_while
from course.steps import CourseError

OURS = (STAMP, "sitemap.xml")
"""What tells that a folder holds a site, and may be written anew."""


def write(out: Path) -> None:
    """Build the site into a folder. CourseError where that folder holds something else."""
    refuse_to_lose(out)
    with shown_while("The site") as show:
        build(out.resolve(), show, strict=True)
    pages = len(list(out.rglob("*.html")))
    Out().say(f"{pages} pages in {out}. Any host of static files can serve them.")


def refuse_to_lose(out: Path) -> None:
    """CourseError where the folder is not empty and does not hold an earlier site."""
    if out.exists() and not out.is_dir():
        raise CourseError(f"{out} is a file; name a folder for the site")
    if out.is_dir() and any(out.iterdir()) and not any((out / name).exists() for name in OURS):
        raise CourseError(f"{out} holds other files; the site needs an empty or a new folder")
