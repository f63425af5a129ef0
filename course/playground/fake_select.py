"""A module to put in the place of `select`: it asks once which sockets are ready."""

import select as real
from collections.abc import Sequence
from typing import Any

from course.playground import fake_selectors

error = OSError


def select(
    rlist: Sequence[Any], wlist: Sequence[Any], xlist: Sequence[Any], timeout: float | None = None
) -> tuple[list[Any], list[Any], list[Any]]:
    """Those that can be read, and those that can be written; nothing is ever exceptional."""
    with fake_selectors.DefaultSelector() as selector:
        for one in {*rlist, *wlist}:
            reads = fake_selectors.EVENT_READ if one in rlist else 0
            writes = fake_selectors.EVENT_WRITE if one in wlist else 0
            selector.register(one, reads | writes)
        ready = {key.fileobj: events for key, events in selector.select(timeout)}
    readable = [one for one in rlist if ready.get(one, 0) & fake_selectors.EVENT_READ]
    writable = [one for one in wlist if ready.get(one, 0) & fake_selectors.EVENT_WRITE]
    return readable, writable, []


def __getattr__(name: str) -> object:
    """The constants are the real module's; its other ways to wait are not here."""
    value = getattr(real, name)
    if name.isupper():
        return value
    raise AttributeError(f"the page's select module has no {name!r}")
