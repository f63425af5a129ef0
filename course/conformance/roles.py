"""Where a step has what the cases need: a page, an address that echoes, a file."""

import re
from collections.abc import Mapping, Sequence

from course.steps import CourseError

NONE = "-"
"""A server that has no such thing: the cases that need it do not apply to it."""

ROLES = {
    "page": "a page that GET answers with 200",
    "post": "takes any body by POST, and answers with a 2xx",
    "echo": "takes JSON by POST, and gives it back",
    "missing": "an address with nothing behind it: 404",
    "getonly": "a page that only GET, HEAD and OPTIONS can be used on",
    "encoded": "the path of a page with a letter percent-encoded",
    "word": "the beginning of a path: the answer tells what follows it",
    "agent": "answers with the User-Agent that was sent",
    "redirect": "an address that redirects",
    "notes": "a collection that takes JSON by POST, and answers 201",
    "file": "a style sheet, with ETag and Last-Modified",
    "folder": "the path of a folder whose files are served, with its slash",
    "private": "needs a name and a password",
    "crash": "a handler with a mistake in it: 500",
    "slow": "an answer that takes a second",
    "generated": "an answer of unknown length: 1 and 2, a line each",
}
"""What an address can be for."""

SINCE = {
    1: {"page": "/"},
    2: {"post": "/", "echo": "/", "word": "/", "agent": "/"},
    3: {
        "post": "/echo",
        "echo": "/echo",
        "missing": "/no-such-address",
        "getonly": "/about",
        "encoded": "/%61bout",
        "word": "/echo/",
        "agent": "/user-agent",
        "redirect": "/about/",
        "notes": "/api/notes",
    },
    4: {"file": "/static/style.css", "folder": "/static/"},
    5: {"private": "/private", "crash": "/crash"},
    6: {"slow": "/slow"},
    7: {"generated": "/count/2"},
}
"""The addresses of the steps' demo applications, by the step from which on they are so."""


def roles_of(step: int) -> dict[str, str]:
    """The addresses of a step's application; NONE for what it does not have."""
    found = dict.fromkeys(ROLES, NONE)
    for since, addresses in SINCE.items():
        if since <= step:
            found |= addresses
    return found


def with_changes(roles: Mapping[str, str], changes: Sequence[str]) -> dict[str, str]:
    """The roles, but for those that are said to be elsewhere: "echo=/post", "file=-".

    CourseError for what is no role, or no path.
    """
    found = dict(roles)
    for change in changes:
        name, _, path = change.partition("=")
        if name not in ROLES:
            raise CourseError(f"there is no role {name!r}; the roles are: {', '.join(ROLES)}")
        if path != NONE and not re.fullmatch(r"/[\x21-\x7e]*", path):
            raise CourseError(f"{name} is a path that begins with a slash, or {NONE} for none")
        found[name] = path
    return found
