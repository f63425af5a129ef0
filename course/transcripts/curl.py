"""What differs between releases of curl, and says nothing about the server: made the same."""

import re

CHATTER = re.compile(r"\* .*|[{}] \[\d+ bytes data\]")
"""Lines of `curl -v` that tell how curl works, and not what goes over the wire."""

LAST_WORDS = re.compile(r"\* (Connection #|Closing connection|shutting down connection).*\Z")
"""The same, behind a body that does not end its last line."""

BOUNDARY = re.compile(r"(?<=boundary=-{24})[0-9A-Za-z]+")
LENGTH = re.compile(r'(?<=Content-Length: )\d+|(?<="Content-Length", ")\d+')
FORM = re.compile(r"(?<=\s)(-F|--form)\b")
ORDINARY_BOUNDARY = "xUhVXkPqZyNcTbRwLsGmAd"
"""As long as in curl 8; in curl 7, a boundary was shorter."""


def plain_curl(command: str, text: str) -> str:
    """What a command with curl in it printed, as a newer curl would print it."""
    if not re.search(r"\bcurl\b", command):
        return text
    if re.search(r"\s(-[a-zA-Z]*v[a-zA-Z]*|--verbose)\b", command):
        text = without_chatter(text)
    return with_ordinary_boundary(text, len(FORM.findall(command)) + 1)


def without_chatter(text: str) -> str:
    """The output of `curl -v` without what curl tells of itself."""
    lines = [line for line in text.split("\n") if not CHATTER.fullmatch(line)]
    return "\n".join(LAST_WORDS.sub("", line) for line in lines)


def with_ordinary_boundary(text: str, times: int) -> str:
    """The text with a boundary that is always the same; a form's body has it so many times."""
    found = BOUNDARY.search(text)
    if found is None:
        return text
    more = times * (len(ORDINARY_BOUNDARY) - len(found[0]))
    text = LENGTH.sub(lambda match: str(int(match[0]) + more), text)
    return BOUNDARY.sub(ORDINARY_BOUNDARY, text)
