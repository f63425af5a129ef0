"""Clients that break off: the server gets a reset where it expects bytes, or an end."""

from course.attack.messages import get, post
from course.attack.talking import reset, talk
from course.attack.verdicts import attack
from course.attack.victim import Victim

EACH = 20
ANSWER_SECONDS = 0.02
"""How long an answer may begin before it is broken off."""


@attack("resets")
def resets(victim: Victim) -> str:
    """120 clients break off: after they connect, within head or body, before or in the answer."""
    unfinished = [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-",
        post(victim.can.posts, b"half", "Content-Length: 8"),
        victim.question("reset"),
    ]
    for opening in unfinished:
        for _ in range(EACH):
            connection = victim.connect()
            connection.sendall(opening)
            reset(connection)
        victim.good()
    for _ in range(EACH):
        connection = victim.connect(small=True)
        talk(connection, [victim.can.large or get("/")], ANSWER_SECONDS, bool)
        reset(connection)
    victim.good()
    return f"{EACH * (len(unfinished) + 1)} connections broken off"
