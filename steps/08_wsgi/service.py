"""What every model is given: what to serve, where, and within which limits."""

import socket
from dataclasses import dataclass

from limits import Limits
from middleware import Handler
from stopping import Stop
from visitors import Visitors


@dataclass(frozen=True)
class Service:
    """A handler behind a listening socket. Times are in seconds."""

    handler: Handler
    listener: socket.socket
    stop: Stop
    limits: Limits
    """What one connection may take of us."""
    visitors: Visitors
    """Those who are here, and how many connections one address may have."""
    grace: float
    """How long what is in flight may take when we are told to stop (under `one`: between two)."""
    workers: int
    """Threads that handlers run in, or processes; 0 runs them in the event loop itself."""
    max_connections: int
    """How many are served at a time."""
    queue: int
    """How many more may wait for their turn. Whoever comes then is answered 503."""
