"""Response splitting: what a client sends comes back in the head, with line ends in it."""

import itertools

from course.attack.messages import get, post
from course.attack.talking import Talk
from course.attack.verdicts import Falls, attack, listed
from course.attack.victim import PROBE_SECONDS, Victim
from course.endings import Ending

INJECTED = "X-Injected"

LINE_ENDS = ("%0d%0a", "%0a", "%0d", "%E5%98%8D%E5%98%8A", "%250d%250a", "\\r\\n")
"""Percent-encoded; as U+560D U+560A, whose low bytes are CR and LF; encoded twice; in escapes."""

PLACES = (
    "/{}",
    "/echo/{}",
    "/user/{}",
    "/static/{}",
    "/static{}",
    "/static/pictures{}",
    "/files/{}",
    "/api/notes/{}",
    "/about/{}",
    "/?next={}",
    "//{}",
    "http://a/{}",
)
"""Where something may be reflected: in Location, in Allow, in a file's name."""

FIELDS = ("X-Request-ID", "Origin", "Host", "User-Agent", "Cookie", "Accept")
"""Fields that servers like to repeat in their answers."""

NAKED = ("\r", "\n", "\x0b", "\x0c", "\x1c", "\x85", "\u00e5\u0098\u008d")
"""What some take for the end of a line, though none of it is one."""


@attack("splitting", "RFC 9112, 11.1")
def splitting(victim: Victim) -> str:
    """Line ends in paths, queries and fields that come back in the head of an answer."""
    requests = {
        **{f"path {place}": get(place, "Connection: close") for place in paths()},
        **{
            f"{name} with {end!r}": get("/", f"{name}: id{end}{INJECTED}: yes", "Connection: close")
            for name, end in itertools.product(FIELDS, NAKED)
        },
        "a new note": post("/api/notes", *note(), "Connection: close"),
    }
    split = [name for name, request in requests.items() if is_split(victim, request)]
    if split:
        raise Falls(f"{len(split)} of {len(requests)} were split: {listed(split, 2)}")
    return f"{len(requests)} requests, each with one answer, as the server wrote it"


def paths() -> list[str]:
    """Targets with the encoded line ends, in each place."""
    return [
        place.format(f"a{end}{INJECTED}:%20yes{end}{end}<p>")
        if end.startswith("%")
        else place.format(f"a{end}{INJECTED}:yes")
        for place, end in itertools.product(PLACES, LINE_ENDS)
    ]


def note() -> tuple[bytes, str, str]:
    """A note in JSON that would split the head, if its text came to stand there."""
    body = b'{"text": "a\\r\\nX-Injected: yes\\r\\n\\r\\n<p>"}'
    return body, f"Content-Length: {len(body)}", "Content-Type: application/json"


def is_split(victim: Victim, request: bytes) -> bool:
    """Whether the answer has a line that the client wrote, or there is more than one answer."""
    said: Talk = victim.say(request, seconds=PROBE_SECONDS)
    if said.ending is Ending.RESET and not said.received:
        return False  # it does not even answer that
    found = said.answers()
    if found.flaw or found.rest or len(found.responses) != 1:
        return True
    return any(INJECTED in one.fields for one in found.responses)
