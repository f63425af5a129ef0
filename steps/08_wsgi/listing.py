"""A page that lists a folder."""

import html
from pathlib import Path
from urllib.parse import quote

from response import Response

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 1.1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }}
body {{ max-width: 40rem; margin: auto; padding: 1rem }}
h1 {{ line-height: 1.2 }}
</style>
<h1>{title}</h1>
<ul>
{items}
</ul>
</html>
"""


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """A page of links to these entries of the folder: folders first, each kind by name.

    The first link leads up, to ../, and that of a folder ends with a slash, too. Names that are
    not text are left out. `address` is the decoded path at which the folder is served: it makes
    the title, as visitors need not know where the folder lies on our disk.
    """
    entries = [(not (folder / name).is_dir(), name) for name in names if is_text(name)]
    items = [item(name if is_file else f"{name}/") for is_file, name in sorted(entries)]
    title = html.escape(f"Files in {address}")
    return Response.html(PAGE.format(title=title, items="\n".join([item("../"), *items])))


def item(name: str) -> str:
    """A line of the list: `<li>`, and in it a link to this name, as HTML.

    Two languages, two escapes, for a name like `a&b#c?.txt` means something in both: in the
    address it is percent-encoded, in the text that people read it is escaped.
    """
    return f'<li><a href="{quote(name)}">{html.escape(name)}</a></li>'


def is_text(name: str) -> bool:
    """Whether the name is text at all: on Linux a file name may be any bytes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
