"""The files beside the pages: the front end, what the playground runs, and Mermaid from here."""

import shutil
from pathlib import Path

from course.pages import bundle
from course.steps import CourseError

MERMAID_ELSEWHERE = '"https://unpkg.com/mermaid@11/dist/mermaid.min.js"'
"""What the theme's script loads when a page has a diagram: the one request to another host."""

MERMAID_HERE = (
    'new URL("../mermaid/mermaid.min.js",'
    "document.querySelector('script[src*=\"javascripts/bundle\"]').src).href"
)
"""The same from our own assets, wherever the site stands."""


class ThemeChanged(CourseError):
    """The theme's script is no longer what it was."""


def put(front_end: Path, site: Path) -> None:
    """Copy the front end into a built site, write the playground's data, and patch the theme."""
    target = site / "assets"
    shutil.copytree(front_end, target, dirs_exist_ok=True)
    bundle.write_bundle(target / "playground")
    load_mermaid_from_here(target / "javascripts")


def load_mermaid_from_here(scripts: Path) -> None:
    """Change the one address; ThemeChanged where it does not occur exactly once."""
    found = {path: path.read_text(encoding="utf-8") for path in scripts.glob("bundle.*.js")}
    count = sum(text.count(MERMAID_ELSEWHERE) for text in found.values())
    if count != 1:
        raise ThemeChanged(
            f"the theme's script names Mermaid's address {count} times, expected once: "
            "its pages would ask another host; see course/pages/assets.py"
        )
    for path, text in found.items():
        if MERMAID_ELSEWHERE in text:
            path.write_text(text.replace(MERMAID_ELSEWHERE, MERMAID_HERE), encoding="utf-8")
