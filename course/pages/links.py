"""RFCs named in prose become links to them."""

import re

from course.pages.fences import outside_code

RFC = re.compile(r"(?<![\[\w/])RFC (\d{4})(?:, sections? (\d+(?:\.\d+)*))?(?![\w\]])")
CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)+\1|\[[^\]]*\]\([^)]*\)|<[^>]*>")


def linked(markdown: str) -> str:
    """The page with each "RFC 9112, section 3.1" outside code, tags and links made a link."""
    lines = (line if code else _line(line) for _, line, code in outside_code(markdown))
    return "\n".join(lines)


def rfc_link(text: str) -> str:
    """A link, as HTML, for a number and a section: "9112 3.1" or "9112"."""
    number, _, section = text.partition(" ")
    words = f"RFC {number}, {section}" if section else f"RFC {number}"
    return f'<a class="rfc" href="{address(number, section)}">{words}</a>'


def address(number: str, section: str | None) -> str:
    """Where an RFC, or a section of it, can be read."""
    anchor = f"#section-{section}" if section else ""
    return f"https://www.rfc-editor.org/rfc/rfc{number}{anchor}"


def _line(line: str) -> str:
    if line.lstrip().startswith(("#", "<")):  # a heading; what a directive wrote as HTML
        return line
    done, end = [], 0
    for kept in CODE_SPAN.finditer(line):
        done += [_plain(line[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*done, _plain(line[end:])])


def _plain(text: str) -> str:
    return RFC.sub(lambda found: f"[{found[0]}]({address(found[1], found[2])})", text)
