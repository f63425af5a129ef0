"""How much of us one client may take, and for how long. Times are in seconds."""

import argparse
import re
from dataclasses import dataclass

from framing import MAX_BODY_BYTES
from listening import SILENCE_SECONDS, seconds
from patience import LINGER_SECONDS, WRITE_SECONDS, Patience

IDLE_SECONDS = 5.0
"""How long a connection may be idle between two requests. What a page needs is asked for within a
moment; who comes back after reading it can well pay for a new connection."""

DRAIN_SECONDS = 5.0
"""How long in all we read and drop what a client still sends after its last answer. It may have to
come to the end of what it sends before it looks at that (RFC 9112, section 9.6)."""

MAX_REQUESTS = 1000
"""Requests on one connection. What a long life piles up, in us or in a proxy, ends with it."""

LARGEST_BODY = 2**40
MOST_REQUESTS = 1_000_000_000


class Deadline(Patience):
    """Time that no bytes buy. Where nothing is asked, they are of no use to us."""

    def spend(self, seconds: float, count: int) -> None:
        """So many seconds have gone."""
        self.left -= seconds


class Farewell(Patience):
    """Time to go, for a client that may still be sending: its bytes buy some of DRAIN_SECONDS."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.in_all = DRAIN_SECONDS

    def spend(self, seconds: float, count: int) -> None:
        """So many seconds have gone, and so many bytes were dropped meanwhile."""
        super().spend(seconds, count)
        self.in_all -= seconds
        self.left = min(self.left, self.in_all)


@dataclass(frozen=True)
class Limits:
    """The limits of one connection."""

    read_timeout: float = SILENCE_SECONDS
    """How long a client may be silent, or too slow, with the head of its request."""
    body_timeout: float = SILENCE_SECONDS
    """The same for the body."""
    idle_timeout: float = IDLE_SECONDS
    """How long it may wait before its next request."""
    write_timeout: float = WRITE_SECONDS
    """How long it may take nothing of its answer, or too little."""
    max_body: int = MAX_BODY_BYTES
    """The longest body of a request, in bytes."""
    max_requests: int = MAX_REQUESTS
    """With the answer to this one the connection ends."""

    def patience(self, state: str) -> Patience:
        """The time that a client has when its connection comes into this state."""
        match state:
            case "IDLE":
                return Deadline(self.idle_timeout)
            case "HEAD":
                return Patience(self.read_timeout)
            case "BODY":
                return Patience(self.body_timeout)
            case "ANSWERING":
                return Patience(self.write_timeout)
            case "LINGERING":
                return Farewell(LINGER_SECONDS)
        return Deadline(float("inf"))


def add_limits(parser: argparse.ArgumentParser) -> None:
    """The options that set the limits; `listening.options` has added --read-timeout."""
    add = parser.add_argument
    body = "drop a client that is so long silent within a body (as --read-timeout)"
    add("--body-timeout", type=seconds, metavar="SECONDS", help=body)
    idle = "keep a connection so long between two requests (%(default)s)"
    add("--idle-timeout", type=seconds, default=IDLE_SECONDS, metavar="SECONDS", help=idle)
    slow = "drop a client that takes nothing of its answer for so long (%(default)s)"
    add("--write-timeout", type=seconds, default=WRITE_SECONDS, metavar="SECONDS", help=slow)
    size = "refuse a request whose body is longer (%(default)s)"
    add("--max-body", type=body_bytes, default=MAX_BODY_BYTES, metavar="BYTES", help=size)
    count = "end a connection after so many requests (%(default)s)"
    add("--max-requests", type=requests, default=MAX_REQUESTS, metavar="N", help=count)


def number(text: str, least: int, most: int) -> int:
    """A whole number in these bounds; for anything else an error that argparse shows."""
    if not re.fullmatch("[0-9]{1,15}", text) or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, not {text!r}")
    return int(text)


def body_bytes(text: str) -> int:
    """How long a body may be: 0 for none at all."""
    return number(text, least=0, most=LARGEST_BODY)


def requests(text: str) -> int:
    """How many requests; 1 closes after each answer."""
    return number(text, least=1, most=MOST_REQUESTS)


def limits_from(arguments: argparse.Namespace) -> Limits:
    """The limits that the options name."""
    return Limits(
        read_timeout=arguments.read_timeout,
        body_timeout=arguments.body_timeout or arguments.read_timeout,
        idle_timeout=arguments.idle_timeout,
        write_timeout=arguments.write_timeout,
        max_body=arguments.max_body,
        max_requests=arguments.max_requests,
    )
