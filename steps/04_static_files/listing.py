"""A page that lists a folder."""

import html
from pathlib import Path
from urllib.parse import quote

from response import Response

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<ul>
{items}
</ul>
</html>
"""


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """A page of links to these entries of the folder: folders first, each kind by name.

    `address` is the decoded path at which the folder is served: the title, and nothing else,
    as visitors need not know where the folder lies on our disk. The first link leads up.
    """
    entries = [(not (folder / name).is_dir(), name) for name in names if is_text(name)]
    items = [item(name if is_file else f"{name}/") for is_file, name in sorted(entries)]
    title = html.escape(f"Files in {address}")
    return Response.html(PAGE.format(title=title, items="\n".join([item("../"), *items])))


def item(name: str) -> str:
    """A line of the list: the name percent-encoded in the link, and escaped where it is read.

    Two languages, two escapes: `a&b#c?.txt` means something in both.
    """
    return f'<li><a href="{quote(name)}">{html.escape(name)}</a></li>'


def is_text(name: str) -> bool:
    """Whether the name is text at all: on Linux a file name may be any bytes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
