"""Wire figures: a message, each part of it named, explained and given its RFC section."""

from course.pages.links import rfc_link
from course.pages.playgrounds import send_button
from course.pages.tables import Table, field, table
from course.pages.text import NEW_LINE, escaped, visible

SPACE = '<span class="byte">SP</span>'


def figure(name: str) -> str:
    """The figure as HTML: the message above, its parts below, tied to each other.

    In the message each part can be pointed at and reached with Tab; what it is stands in the list
    below, where print, and a browser without scripts, has it too. Raises NoSuchTable.
    """
    one = table("figures", name)
    where = f"the figure {name}"
    parts: list[Table] = field(one, "part", where)
    slug = "wire-" + name.replace("/", "-")
    title = escaped(field(one, "title", where))
    message = "".join(_part(part, slug, number, where) for number, part in enumerate(parts))
    rows = "\n".join(_row(part, slug, number, where) for number, part in enumerate(parts))
    button = ""
    if one.get("send"):
        whole = "".join(part["bytes"] for part in parts)
        button = send_button({"name": name, "title": one["title"], "pieces": [whole]})
    return (
        f'<figure class="wire" id="{slug}">\n'
        f"<figcaption>{title}</figcaption>\n"
        f'<div class="wire-message" role="group" aria-label="{title}">{message}</div>\n'
        f'<p class="wire-about" aria-live="polite">Point at a part, or reach it with Tab.</p>\n'
        f'<dl class="wire-parts">\n{rows}\n</dl>\n{button}</figure>\n'
    )


def _part(part: Table, slug: str, number: int, where: str) -> str:
    """One part of the message: a button, so that the keyboard reaches it."""
    text = visible(field(part, "bytes", where))
    if not text.strip(" "):
        text = text.replace(" ", SPACE)  # by itself it could not be seen
    return (
        f'<button type="button" class="wire-part" data-part="{number}" '
        f'aria-describedby="{slug}-{number}">{text.removesuffix(NEW_LINE)}</button>'
        f"{NEW_LINE if text.endswith(NEW_LINE) else ''}"
    )


def _row(part: Table, slug: str, number: int, where: str) -> str:
    """What the part is."""
    source = f" {rfc_link(part['rfc'])}" if "rfc" in part else ""
    return (
        f'<div id="{slug}-{number}" data-part="{number}"><dt>{escaped(field(part, "name", where))}'
        f"</dt><dd>{_prose(field(part, 'about', where))}{source}</dd></div>"
    )


def _prose(text: str) -> str:
    """Plain words with `code` in them."""
    pieces = escaped(text).split("`")
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))
