"""A module to put in the place of `signal`: the page's Stop button is Ctrl-C.

Handlers are kept, and called when the page raises a signal; so is the socket that is to be told.
"""

import signal as real
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from course.playground import fake_socket

SIGINT, SIGTERM = real.SIGINT, real.SIGTERM
SIG_DFL, SIG_IGN = real.SIG_DFL, real.SIG_IGN
default_int_handler = real.default_int_handler

Handler = Callable[[int, Any], Any] | int | None

NOBODY = -1

_handlers: dict[int, Handler] = {}
_told = NOBODY


def signal(signalnum: int, handler: Handler) -> Handler:
    """From now on this is called; what was called before."""
    before = getsignal(signalnum)
    _handlers[signalnum] = handler
    return before


def getsignal(signalnum: int) -> Handler:
    """What is called."""
    return _handlers.get(signalnum, default_int_handler if signalnum == SIGINT else SIG_DFL)


def set_wakeup_fd(fd: int, *, warn_on_full_buffer: bool = True) -> int:
    """The socket with this descriptor gets a byte for each signal; which one got it before."""
    global _told
    before, _told = _told, fd
    return before


def raise_signal(signalnum: int) -> None:
    """What the kernel does when somebody presses Ctrl-C."""
    handler = getsignal(signalnum)
    if (socket := fake_socket.opened(_told)) and callable(handler):
        with suppress(OSError):
            socket.send(bytes([signalnum]))
    if callable(handler):
        handler(signalnum, None)
    elif handler == SIG_DFL:
        raise SystemExit(128 + signalnum)


def forget() -> None:
    """Be as at the start of a program."""
    set_wakeup_fd(NOBODY)
    _handlers.clear()


def __getattr__(name: str) -> object:
    """Names and numbers are the real module's."""
    return getattr(real, name)
