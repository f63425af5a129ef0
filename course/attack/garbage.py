"""Requests with errors in them, by chance: what no author of a parser has thought of."""

import random

from course.attack.messages import get, post
from course.attack.probing import chunked
from course.attack.talking import whole
from course.attack.verdicts import Falls, attack, listed
from course.attack.victim import Victim

COUNT = 300
SEED = 7
"""The same errors each time, so that a fall can be repeated."""

WORDS = (b"\r", b"\n", b"\r\n", b"\0", b" ", b":", b"\xff", b"%", b"Content-Length: 5\r\n", b"-1")
"""What is put in, beside single bytes."""

CLIENT_SECONDS = 0.5


@attack("garbage", "RFC 9112, 2.2")
def garbage(victim: Victim) -> str:
    """300 requests with random errors: each is answered as HTTP has it, or the connection ends."""
    chance = random.Random(SEED)
    plain = [
        victim.question("garbage"),
        get("/a/../b?c=%zz&d=1", "Cookie: a=b", "Accept: text/html;q=0.5, */*"),
        post(victim.can.posts, b"hello", "Content-Length: 5", "Content-Type: application/json"),
        chunked(victim.can.posts),
    ]
    wrong = []
    for number in range(COUNT):
        request = spoilt(plain[number % len(plain)], chance)
        said = victim.say(request, seconds=CLIENT_SECONDS, enough=whole())
        found = said.answers()
        if found.flaw and said.received:
            wrong.append(f"{request[:40]!r}: {found.flaw}")
        elif any(status == 500 for status in found.statuses):
            wrong.append(f"{request[:40]!r}: 500")
    if wrong:
        raise Falls(f"{len(wrong)} of {COUNT} go wrong: {listed(wrong, 1)}")
    return f"{COUNT} requests, each answered or ended"


def spoilt(request: bytes, chance: random.Random) -> bytes:
    """The request with one to three errors: bytes put in, changed, taken out or said twice."""
    spoilt = bytearray(request)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(spoilt))
        match chance.randrange(4):
            case 0:
                spoilt[at:at] = chance.choice(WORDS)
            case 1:
                spoilt[at] = chance.randrange(256)
            case 2 if len(spoilt) > 8:
                del spoilt[at : at + chance.randint(1, 4)]
            case _:
                spoilt[at:at] = spoilt[at : at + chance.randint(1, 20)]
    return bytes(spoilt)
