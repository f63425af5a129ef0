"""Find out what a server can do, before it is attacked."""

import secrets

from course.attack.messages import get, post
from course.attack.talking import talk, whole
from course.attack.victim import LARGE_BYTES, PROBE_SECONDS, Abilities, Victim
from course.responses import Response

BODY = b"hello"


def probe(victim: Victim) -> Abilities:
    """What the victim can do; it is written into the victim, too."""
    can = victim.can = Abilities()
    can.echoes = echoes(victim)
    can.posts = next((path for path in ("/echo", "/") if takes_body(victim, path)), "/")
    can.keeps = keeps(victim)
    can.pipelines = pipelines(victim)
    can.chunked = is_good(victim, chunked(can.posts))
    can.continues = continues(victim)
    can.large = large(victim)
    return can


def answered(victim: Victim, request: bytes) -> Response | None:
    """The answer to a request, if there is one."""
    found = victim.ask(request, seconds=PROBE_SECONDS).responses
    return found[0] if found else None


def is_good(victim: Victim, request: bytes) -> bool:
    """Whether the answer is a success."""
    answer = answered(victim, request)
    return answer is not None and 200 <= answer.status < 300


def echoes(victim: Victim) -> bool:
    """Whether the last part of the path is in the answer."""
    token = secrets.token_hex(8)
    answer = answered(victim, get(f"/echo/{token}"))
    return answer is not None and answer.status == 200 and token.encode() in answer.body


def takes_body(victim: Victim, path: str) -> bool:
    """Whether a POST to the path is a success."""
    return is_good(victim, post(path, BODY, f"Content-Length: {len(BODY)}"))


def keeps(victim: Victim) -> bool:
    """Whether a second request on the same connection is answered (RFC 9112, section 9.3)."""
    with victim.connect() as connection:
        for _ in range(2):
            said = talk(connection, [victim.question("probe")], PROBE_SECONDS, whole())
            if not said.answers().responses:
                return False
    return True


def pipelines(victim: Victim) -> bool:
    """Whether two requests that come together are both answered (RFC 9112, section 9.3.2)."""
    both = 2 * victim.question("probe")
    said = victim.say(both, seconds=PROBE_SECONDS, enough=whole(count=2))
    return len(said.answers().responses) == 2


def chunked(path: str, body: bytes = BODY) -> bytes:
    """A POST with its body in one chunk."""
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return post(path, chunks, "Transfer-Encoding: chunked")


def continues(victim: Victim) -> bool:
    """Whether a client that waits for 100 (Continue) gets it (RFC 9110, section 10.1.1)."""
    lines = (f"Content-Length: {len(BODY)}", "Expect: 100-continue")
    interim = b"HTTP/1.1 100 "
    request = post(victim.can.posts, b"", *lines)
    said = victim.say(request, seconds=PROBE_SECONDS, enough=lambda got: interim in got)
    return said.received.startswith(interim)


def large(victim: Victim) -> bytes:
    """A request that brings a large answer, if there is one."""
    size = 4 * LARGE_BYTES
    requests = [get(path, "Connection: close") for path in victim.large_paths]
    length = f"Content-Length: {size}"
    requests.append(post(victim.can.posts, bytes(size), length, "Connection: close"))
    for request in requests:
        said = victim.say(request, enough=lambda got: len(got) >= LARGE_BYTES)
        if len(said.received) >= LARGE_BYTES:
            return request
    return b""
