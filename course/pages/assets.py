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

PATCHES = {
    MERMAID_ELSEWHERE: MERMAID_HERE,
    # The button that copies a block stands in a landmark without a name, one for each block.
    '"nav",{class:"md-code__nav"}': '"div",{class:"md-code__nav"}',
}
"""What is changed in the theme's script; each of these must occur in it exactly once."""


class ThemeChanged(CourseError):
    """The theme is no longer what it was, so what we change in it is not there."""


def put(front_end: Path, site: Path) -> None:
    """Copy the front end into a built site, write the playground's data, and patch the theme."""
    target = site / "assets"
    shutil.copytree(front_end, target, dirs_exist_ok=True)
    bundle.write_bundle(target / "playground")
    patch(target / "javascripts")


def patch(scripts: Path) -> None:
    """Change the theme's script. Raises ThemeChanged where it is not as it was."""
    (path,) = scripts.glob("bundle.*.js")
    text = path.read_text(encoding="utf-8")
    for old, new in PATCHES.items():
        text = replaced_once(text, old, new)
    path.write_text(text, encoding="utf-8")


def replaced_once(text: str, old: str, new: str) -> str:
    """The text with its one `old` replaced; ThemeChanged where there is not exactly one."""
    if (count := text.count(old)) != 1:
        raise ThemeChanged(
            f"the theme has {old!r} {count} times, expected once: see course/pages/assets.py"
        )
    return text.replace(old, new)
