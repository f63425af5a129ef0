"""Attacks that take places and time: slow clients, silent ones, and those who never go."""

import time

from course.attack.crowd import Crowd
from course.attack.messages import get, post
from course.attack.verdicts import DoesNotApply, Falls, attack
from course.attack.victim import Victim

MANY = 150
"""How many slow connections: enough to take each worker of a pool, and fewer than an address may
have of a server that was told to count them."""

GHOSTS = 2200
"""More than step 06 has places and seats to wait in."""

GHOST_SECONDS = 1.5

TICK_SECONDS = 0.05
"""The pause between two bytes: 20 bytes a second."""

NO_KEEP_ALIVE = "it ends each connection after one answer"
NO_CHUNKS = "it reads no chunked bodies"

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "


@attack("drip-head", "RFC 9110, 15.5.9")
def drip_head(victim: Victim) -> str:
    """150 clients send their heads byte by byte, 20 a second; good clients ask beside them."""
    return drip(victim, HEAD, b"a")


@attack("drip-body", "RFC 9110, 15.5.9")
def drip_body(victim: Victim) -> str:
    """The same with bodies, whose length is well below any limit."""
    return drip(victim, post(victim.can.posts, b"", "Content-Length: 100000"), b"a")


@attack("drip-chunks", "RFC 9112, 7.1")
def drip_chunks(victim: Victim) -> str:
    """The same with bodies in chunks of one byte each, which have no end to wait for."""
    if not victim.can.chunked:
        raise DoesNotApply(NO_CHUNKS)
    return drip(victim, post(victim.can.posts, b"", "Transfer-Encoding: chunked"), b"1\r\na\r\n")


@attack("drip-lines", "RFC 9112, 2.2")
def drip_lines(victim: Victim) -> str:
    """150 clients send empty lines before a request, which a server passes over, and no request."""
    return drip(victim, b"", b"\r\n")


@attack("hoarders", "RFC 9112, 9.5")
def hoarders(victim: Victim) -> str:
    """150 clients have one answer each, keep their connections and never ask again."""
    if not victim.can.keeps:
        raise DoesNotApply(NO_KEEP_ALIVE)
    return drip(victim, get("/"), b"", victim.settings.idle)


def drip(victim: Victim, opening: bytes, more: bytes, limit: float | None = None) -> str:
    """Drip until the server has dropped all, with a good client in each tick.

    Where we have set the time limit, it has to drop them within that, and some slack.
    """
    limit = limit or victim.settings.patience
    worst = 0.0
    with Crowd(victim, MANY, opening) as crowd:
        came, began = len(crowd), time.monotonic()
        until = began + (limit or 1.0) + victim.settings.slack
        while len(crowd) and time.monotonic() < until:
            worst = max(worst, victim.good())
            crowd.hear(TICK_SECONDS)
            time.sleep(TICK_SECONDS)
            if more:
                crowd.say(more)
        took, left, statuses = time.monotonic() - began, len(crowd), crowd.statuses
    if left and limit is not None:
        raise Falls(f"{left} of {came} are still there after {took:.1f} s; the limit is {limit:g}")
    gone = f"all {came} dropped within {took:.1f} s" if not left else f"{left} of {came} are left"
    said = f", {statuses[408]} with 408" if statuses[408] else ""
    return f"{gone}{said}; a good client waited {milliseconds(worst)} at most"


@attack("ghosts", options={"--read-timeout": "30"})
def ghosts(victim: Victim) -> str:
    """2,200 connections from one address say nothing, and come again as they are dropped."""
    worst, asked, until = 0.0, 0, time.monotonic() + GHOST_SECONDS
    with Crowd(victim, GHOSTS) as crowd:
        came = len(crowd)
        while asked < 3 or time.monotonic() < until:
            worst, asked = max(worst, victim.good()), asked + 1
            crowd.hear()
            crowd.fill()
        busy = crowd.statuses[503]
    turned = f", turned away {busy:,} times with 503" if busy else ""
    return f"{came:,} ghosts{turned}; a good client waited {milliseconds(worst)} at most"


@attack("slow-readers")
def slow_readers(victim: Victim) -> str:
    """50 clients ask for something large, and do not read it."""
    if not victim.can.large:
        raise DoesNotApply("it has no answer that the kernel cannot keep by itself")
    before, worst = victim.open_files(), 0.0
    with Crowd(victim, 50, victim.can.large, small=True) as crowd:
        came, began = len(crowd), time.monotonic()
        until = began + victim.slow_seconds
        while time.monotonic() < until:
            worst = max(worst, victim.good())
            time.sleep(TICK_SECONDS)
            left = max(0, victim.open_files() - before)
            if left <= came // 10:
                break
        took = time.monotonic() - began
    if victim.pid and victim.settings.patience and left > came // 10:
        raise Falls(f"{left} files and sockets of {came} clients are still open after {took:.1f} s")
    gone = f"{came} let go within {took:.1f} s; " if victim.pid else ""
    return f"{gone}a good client waited {milliseconds(worst)} at most"


@attack("half-closed", "RFC 9112, 9.6")
def half_closed(victim: Victim) -> str:
    """180 clients end their side before a request, within one, or after one, and go on to read."""
    whole = victim.question("half-closed")
    seen, began = [], time.monotonic()
    for opening in (b"", HEAD, whole):
        with Crowd(victim, 60, opening) as crowd:
            came = len(crowd)
            crowd.end()
            crowd.hear_all(victim.slow_seconds)
            if len(crowd):
                raise Falls(f"{len(crowd)} of {came} that ended their side are kept open")
            seen.append(sum(crowd.statuses[status] for status in (200, 400)))
        victim.good()
    took = time.monotonic() - began
    return f"all let go within {took:.1f} s; {seen[2]} of 60 whole requests answered"


def milliseconds(seconds: float) -> str:
    """A time in words."""
    return f"{seconds * 1000:.0f} ms"
