"""Which lines of a page are code."""

import re
from collections.abc import Iterator

FENCE = re.compile(r"^ *(```+|~~~+)")


def outside_code(markdown: str) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number and whether it belongs to a fenced block of code."""
    fence = ""
    for number, line in enumerate(markdown.split("\n"), start=1):
        match = FENCE.match(line)
        inside = bool(fence or match)
        if match and not fence:
            fence = match[1]
        elif match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        yield number, line, inside
