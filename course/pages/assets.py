"""The files beside the pages: the front end, what the playground runs, and Mermaid from here."""

import shutil
from pathlib import Path

from course.pages import bundle
from course.steps import CourseError

MERMAID_ELSEWHERE = '"https://unpkg.com/mermaid@11/dist/mermaid.min.js"'
"""What the theme's script loads when a page has a diagram: the one request to another host."""

MERMAID_HERE = (
    'new URL("../mermaid.js",'
    "document.querySelector('script[src*=\"javascripts/bundle\"]').src).href"
)
"""Our own, wherever the site stands: it loads Mermaid when a diagram comes near the window."""

PATCHES = {
    MERMAID_ELSEWHERE: MERMAID_HERE,
    # The button that copies a block stands in a landmark without a name, one for each block.
    '"nav",{class:"md-code__nav"}': '"div",{class:"md-code__nav"}',
    # Mermaid puts the diagram's id before an arrowhead's, and a class has the colour of an actor's
    # line: so the theme gave them none.
    "#arrowhead path{": "[id$=-arrowhead] path{",
    "}line{stroke:": "}line,.actor-line{stroke:",
}
"""What is changed in the theme's script; each of these must occur in it exactly once."""

PAGE_PATCHES = {
    # A dialog needs a name, for those who hear the page.
    'role="dialog">': 'role="dialog" aria-label="Search">',
    # The theme's script need not hold up the first sight of the page.
    '<script src="{to_root}assets/javascripts/bundle': (
        '<script defer src="{to_root}assets/javascripts/bundle'
    ),
}
"""The same for each page; `{to_root}` is its way to the site's root."""


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


def patched_page(html: str, to_root: str) -> str:
    """A page with the theme's faults mended. Raises ThemeChanged."""
    for old, new in PAGE_PATCHES.items():
        html = replaced_once(html, *(one.replace("{to_root}", to_root) for one in (old, new)))
    return html


def replaced_once(text: str, old: str, new: str) -> str:
    """The text with its one `old` replaced; ThemeChanged where there is not exactly one."""
    if (count := text.count(old)) != 1:
        raise ThemeChanged(
            f"the theme has {old!r} {count} times, expected once: see course/pages/assets.py"
        )
    return text.replace(old, new)
