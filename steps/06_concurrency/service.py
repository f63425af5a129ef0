"""What every model is given: what to serve, where, and within which limits."""

import socket
from dataclasses import dataclass

from middleware import Handler
from patience import WRITE_SECONDS
from stopping import Stop


@dataclass(frozen=True)
class Service:
    """A handler behind a listening socket. Times are in seconds."""

    handler: Handler
    listener: socket.socket
    stop: Stop
    read_timeout: float
    """How long a client may be silent, or too slow, with its request: see patience.py."""
    grace: float
    """How long what is in flight may take when we are told to stop (under `one`: between two)."""
    workers: int
    """Threads that handlers run in, or processes; 0 runs them in the event loop itself."""
    max_connections: int
    """How many are served at a time."""
    queue: int
    """How many more may wait for their turn. Whoever comes then is answered 503."""
    write_timeout: float = WRITE_SECONDS
    """How long a client may take nothing of its answer, or too little."""
