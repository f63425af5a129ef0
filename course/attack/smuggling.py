"""Request smuggling: through a lax proxy, at the next client (RFC 9112, section 11.2)."""

import secrets
import socket
from collections.abc import Callable, Iterable

from course.attack import tricks
from course.attack.lax_proxy import LaxProxy
from course.attack.talking import talk, whole
from course.attack.verdicts import DoesNotApply, Falls, attack, listed
from course.attack.victim import Victim
from course.responses import Response

NOT_KEPT = "it ends each connection after one answer: nothing of one request waits for the next"


def smuggle(victim: Victim, made: Callable[[str], Iterable[tricks.Trick]]) -> str:
    """Try each trick, and tell how many were tried; Falls where another client was hit."""
    if not victim.can.keeps:
        raise DoesNotApply(NOT_KEPT)
    if not victim.can.echoes:
        raise DoesNotApply("it does not echo, so nobody can tell whose an answer is")
    tried = list(made(victim.can.posts))
    hit = [f"{one.name}: {seen}" for one in tried if (seen := harm(victim, one))]
    if hit:
        raise Falls(f"{len(hit)} of {len(tried)} hit another client: {listed(hit, 2)}")
    count = len(tried)
    return f"{count} message{'s' * (count > 1)}, and each client got its own answer"


def harm(victim: Victim, trick: tricks.Trick) -> str:
    """Attack through a proxy with the trick's habits, and tell what the next two clients saw.

    "" where each had its own answer.
    """
    with LaxProxy(victim, trick.proxy) as proxy:
        through(victim, proxy, trick.request)
        for _ in range(2):
            token = secrets.token_hex(8)
            answer = through(victim, proxy, victim.question(token))
            if answer is None:
                return "it got no answer"
            if not victim.is_own(answer, token):
                hidden = b"smuggled" in answer.body
                return f"it got {'the hidden one' if hidden else answer.status}"
    return ""


def through(victim: Victim, proxy: LaxProxy, request: bytes) -> Response | None:
    """The answer to a request that is sent to the proxy."""
    method = request.partition(b" ")[0].decode("latin-1")
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        found = talk(connection, [request], victim.settings.talk, whole(method)).answers([method])
    return found.responses[0] if found.responses else None


@attack("smuggling-cl-te", "RFC 9112, 6.1")
def cl_te(victim: Victim) -> str:
    """A proxy goes by Content-Length, where there is a Transfer-Encoding beside it."""
    return smuggle(victim, tricks.cl_te)


@attack("smuggling-te-cl", "RFC 9112, 6.1")
def te_cl(victim: Victim) -> str:
    """A proxy goes by Transfer-Encoding, where there is a Content-Length beside it."""
    return smuggle(victim, tricks.te_cl)


@attack("smuggling-te-te", "RFC 9112, 6.1")
def te_te(victim: Victim) -> str:
    """A Transfer-Encoding is written so that only one of proxy and server sees it."""
    return smuggle(victim, tricks.te_te)


@attack("smuggling-lengths", "RFC 9112, 6.3")
def lengths(victim: Victim) -> str:
    """Two lengths, or one that only the proxy can read."""
    return smuggle(victim, tricks.two_lengths)


@attack("smuggling-sizes", "RFC 9112, 7.1")
def sizes(victim: Victim) -> str:
    """Chunk sizes with 0x, white space or a sign, which only the proxy can read."""
    return smuggle(victim, tricks.chunk_sizes)


@attack("smuggling-lines", "RFC 9112, 2.2")
def lines(victim: Victim) -> str:
    """A bare LF or CR, in the head or in a chunk extension, which ends a line for one of both."""
    return smuggle(victim, tricks.line_ends)


@attack("smuggling-bodies", "RFC 9112, 6.3")
def unread_bodies(victim: Victim) -> str:
    """Bodies where a server may not look for one: of a GET, of a 404, behind an Expect."""
    return smuggle(victim, tricks.unexpected_bodies)
