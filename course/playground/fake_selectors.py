"""A module to put in the place of `selectors`: it waits for several sockets of `fake_socket`.

What is registered, and how that is changed and asked for, is the real module's own code. Only
the waiting is done here: what is ready is told again each time, until somebody has dealt with it.
"""

import selectors as real
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector, SelectorKey

from course.playground import fake_socket

__all__ = [
    "EVENT_READ",
    "EVENT_WRITE",
    "BaseSelector",
    "DefaultSelector",
    "PollSelector",
    "SelectSelector",
    "SelectorKey",
]


class DefaultSelector(real.SelectSelector):
    """Waits for sockets. One that was closed meanwhile never becomes ready, as with epoll."""

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """What is ready, and for what; an empty list when nothing is in that time."""
        network = fake_socket.network()
        deadline = None if timeout is None else network.clock() + timeout
        fake_socket.breathe()
        while not (ready := self._ready()):
            left = None if deadline is None else deadline - network.clock()
            if left is not None and left <= 0:
                break
            fake_socket.wait(left)
        return ready

    def _ready(self) -> list[tuple[SelectorKey, int]]:
        """What is ready at this moment."""
        found = [(key, fake_socket.ready(key.fd, key.events)) for key in self.get_map().values()]
        return [(key, events) for key, events in found if events]


PollSelector = SelectSelector = DefaultSelector
