"""Attacks by mere quantity: heads and lines without end, and requests by the thousand."""

import socket
from collections.abc import Iterator

from course.attack.talking import Talk, endless, talk
from course.attack.verdicts import MEGABYTE, DoesNotApply, Falls, attack
from course.attack.victim import Victim
from course.endings import Ending

FLOOD_BYTES = 32 * MEGABYTE
"""What a server must not take of something that has no end."""

PIPELINED = 10_000


def kilobytes(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1024:,.0f} KB"


def flooded(victim: Victim, opening: bytes, piece: bytes) -> Talk:
    """Send something that has no end, up to FLOOD_BYTES, until the server answers or ends."""
    with victim.connect() as connection:
        pieces = (one for part in ([opening], endless(piece, FLOOD_BYTES)) for one in part)
        return talk(connection, pieces, victim.settings.talk, lambda got: b"\r\n\r\n" in got)


def refused(victim: Victim, opening: bytes, piece: bytes, *statuses: int) -> str:
    """Flood, and tell how that was refused: with one of the statuses."""
    said = flooded(victim, opening, piece)
    status = status_of(said)
    if said.received and status not in statuses:
        raise Falls(f"the answer to {kilobytes(said.sent)} of it was {status or 'no HTTP'}")
    is_silent = said.ending is Ending.SILENT
    # Where it has ended, what was sent lay in the kernel's buffers: nobody has taken that.
    if said.sent >= FLOOD_BYTES and (said.received or is_silent):
        raise Falls(f"it took all of {kilobytes(said.sent)}")
    if not said.received:
        how = "it said nothing" if is_silent else said.ending.value
        raise Falls(f"{kilobytes(said.sent)} were sent, and no answer came: {how}")
    return f"{status} after {kilobytes(said.sent)} at most"


def status_of(said: Talk) -> int:
    """The status of the first answer, of which the head is there; 0 where it is none."""
    digits = bytes(said.received[9:12])
    return int(digits) if said.received.startswith(b"HTTP/1.") and digits.isdigit() else 0


@attack("many-fields", "RFC 6585, 5")
def many_fields(victim: Victim) -> str:
    """A head with field lines without end."""
    return refused(victim, b"GET / HTTP/1.1\r\nHost: a\r\n", b"X-Flood: y\r\n" * 100, 431, 400)


@attack("endless-field", "RFC 6585, 5")
def endless_field(victim: Victim) -> str:
    """A field line without end."""
    return refused(victim, b"GET / HTTP/1.1\r\nHost: a\r\nX-Flood: ", b"y" * 4096, 431, 400)


@attack("endless-target", "RFC 9110, 15.5.15")
def endless_target(victim: Victim) -> str:
    """A request line without end."""
    return refused(victim, b"GET /", b"y" * 4096, 414, 400)


@attack("empty-lines", "RFC 9112, 2.2")
def empty_lines(victim: Victim) -> str:
    """Empty lines without end, of which a server passes over one or a few."""
    said = flooded(victim, b"", b"\r\n" * 2048)
    if said.sent >= FLOOD_BYTES:
        raise Falls(f"it took all of {kilobytes(said.sent)}")
    if said.ending is Ending.SILENT and not said.received:
        raise Falls(f"it took {kilobytes(said.sent)}, and neither answers nor ends")
    return f"{status_of(said) or 'the end'} after {kilobytes(said.sent)} at most"


@attack("pipelining", "RFC 9112, 9.3.2")
def pipelining(victim: Victim) -> str:
    """10,000 requests at once: they are answered in their order, all or up to an announced end."""
    requests = [victim.question(f"n-{number}-") for number in range(PIPELINED)]
    with victim.connect() as connection:
        said = talk(connection, in_packets(requests), 2 * victim.settings.talk, lambda got: False)
    found = said.answers()
    count = len(found.responses)
    for number, response in enumerate(found.responses):
        if not victim.is_own(response, f"n-{number}-"):
            raise Falls(f"answer {number + 1} is not that of request {number + 1}")
    if found.flaw or found.rest:
        what = found.flaw or f"{len(found.rest)} bytes of an answer that is not whole"
        raise Falls(f"after {count:,} answers: {what}")
    if not count:
        raise Falls("no answer came")
    if count < PIPELINED and not found.responses[-1].closes:
        raise Falls(f"{count:,} answers, and the last of them does not say that it is the last")
    end = ", then an announced end" if count < PIPELINED else ""
    return f"{count:,} of {PIPELINED:,} answered in order{end}"


@attack("deaf-pipelining", "RFC 9112, 9.3.2")
def deaf_pipelining(victim: Victim) -> str:
    """Requests without end from a client that reads none of the answers."""
    if not victim.can.pipelines:
        raise DoesNotApply("it answers one request of those that come together")
    with victim.connect(small=True) as connection:
        connection.settimeout(victim.slow_seconds)
        sent = stuffed(connection, in_packets([victim.question("deaf")] * PIPELINED))
        victim.good()
    if sent >= FLOOD_BYTES:
        raise Falls(f"it took {kilobytes(sent)} of requests whose answers nobody reads")
    return f"it took {kilobytes(sent)}, then no more"


def in_packets(requests: list[bytes]) -> Iterator[bytes]:
    """The requests, many at a time."""
    for start in range(0, len(requests), 500):
        yield b"".join(requests[start : start + 500])


def stuffed(connection: socket.socket, packets: Iterator[bytes]) -> int:
    """Send, and do not read, until nobody takes any more: how many bytes went."""
    packet, sent = b"".join(packets), 0
    try:
        while sent < FLOOD_BYTES:
            sent += connection.send(packet)
    except OSError:  # it is full, or has been ended
        pass
    return sent
