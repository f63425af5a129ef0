"""One case tried on one connection: what is sent, and what came back."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from socket import socket

from course.commands.send import unescaped
from course.conformance.cases import ROLE, Case
from course.conformance.wants import time_of
from course.connection import TOTAL_SECONDS, Connection
from course.endings import Ending
from course.grammar import Malformed
from course.responses import Response, ResponseReader
from course.wire import method_of
from course.xray import CheckFailure, Flaw, XRay

ANSWER_SECONDS = 5.0
"""How long an answer may take. Our own servers lose their patience sooner."""

CLOSE_SECONDS = 2.0
"""How soon a connection ends that has to. Much later it could be for want of a next request."""

WORD_SECONDS = 1.5
"""How long a client waits for a 100 (Continue)."""

SILENCE_SECONDS = 0.1
"""A pause in which the server reads what has come, and waits for the rest."""

GOODBYE_SECONDS = 0.25
"""How long we look for bytes that should not be there, once we have ended our side."""

STAYS_SECONDS = 0.1
"""How long we look whether a server that said nothing of closing closes."""

REPEATED = re.compile(r"\{(\d+)\*([^}]*)\}")

Connect = Callable[[], socket]


@dataclass(frozen=True)
class Outcome:
    """What came back."""

    answers: tuple[Response, ...] = ()
    ended: bool = False
    """Whether the server has closed the connection, or reset it."""
    extra: bool = False
    """Whether bytes came that belong to no answer that was asked for."""
    no_word: bool = False
    """Whether a client that waited for a 100 waited in vain."""
    malformed: str = ""
    """What is wrong with an answer that breaks the grammar."""
    first: Response | None = None
    received: bytes = b""
    """All that came."""


class CannotAsk(Exception):
    """The answer to `first` lacks what the case needs of it."""


class Talk(Connection):
    """A connection on which answers are read one by one."""

    _read = 0

    def __init__(self, connected: socket) -> None:
        super().__init__(connected, _Nobody(), ANSWER_SECONDS)

    def answer(self, method: str) -> Response | None:
        """The next answer; None where none comes. Malformed for one that is wrong, or cut off."""
        reader = ResponseReader(method, close_delimited=True, base=self._read)
        until = time.monotonic() + TOTAL_SECONDS
        while (response := reader.feed(self._received[reader.fed :])) is None:
            if not self._more(until):
                if reader.fed == self._read:
                    return None
                response = reader.end(self.ending or Ending.SILENT, self.deadline)
                break
        self._read = reader.at
        return response

    @property
    def received(self) -> bytes:
        """All that has come."""
        return bytes(self._received)

    def word(self, seconds: float) -> bool:
        """Whether anything comes that has not been read yet."""
        return self.extra or self._more(time.monotonic() + seconds, seconds)

    @property
    def extra(self) -> bool:
        """Whether something has come that is not read."""
        return len(self._received) > self._read

    def ends(self, seconds: float) -> bool:
        """Whether the server ends the connection within so long; all that comes is kept."""
        until = time.monotonic() + seconds
        while self._more(until, seconds):
            pass
        return self.ending is not None

    def goodbye(self) -> None:
        """End our side, and look for bytes that should not be there."""
        self._end_our_side()
        self.ends(GOODBYE_SECONDS)


class _Nobody:
    """Makes no report of what a connection is surprised by."""

    def failure(self, flaw: Flaw, wire: Connection, *, silent: bool) -> CheckFailure:
        return CheckFailure(XRay(flaw, wire.talk))


def tried(case: Case, roles: Mapping[str, str], connect: Connect, *, drip: bool) -> Outcome:
    """Try a case, once. CannotAsk, or OSError where there is no server."""
    roles = dict(roles)
    first = None
    if case.first:
        first = _first(case, roles, connect)
        roles |= _of_first(first)
    pieces = [spelled_out(piece, roles) for piece in case.send]
    with Talk(connect()) as talk:
        try:
            return _conversation(case, pieces, talk, first, drip=drip)
        except CheckFailure as failure:
            return Outcome(malformed=failure.xray.flaw.summary, received=talk.received)


def _conversation(
    case: Case, pieces: list[bytes], talk: Talk, first: Response | None, *, drip: bool
) -> Outcome:
    answers: list[Response] = []
    no_word = False
    methods = case.methods or tuple(method_of(piece) for piece in pieces)
    per_piece = len(methods) == len(case.want)

    def read() -> bool:
        method = methods[len(answers) if per_piece else 0]
        method = method if per_piece or len(answers) < len(pieces) else "GET"
        answer = talk.answer(method)
        answers.extend([answer] if answer else [])
        return answer is not None

    try:
        for number, piece in enumerate(pieces):
            talk.send(piece, drip=drip)
            if number == len(pieces) - 1:
                break
            if "answer" in case.wait and not read():
                break
            if "word" in case.wait and number == 0:
                no_word = not talk.word(WORD_SECONDS)
            elif case.wait != "answer":
                talk.word(SILENCE_SECONDS)
        if case.finish:
            talk.close_sending()
        while len(answers) < len(case.want) and read():
            pass
    except Malformed as error:
        broken = error.flaw.summary
        return Outcome(tuple(answers), malformed=broken, first=first, received=talk.received)
    if len(answers) == len(case.want):
        _last(case, talk, answers[-1])
    return Outcome(
        tuple(answers),
        talk.ending is not None,
        talk.extra,
        no_word,
        first=first,
        received=talk.received,
    )


def _last(case: Case, talk: Talk, answer: Response) -> None:
    """Look what becomes of the connection after the last answer."""
    if case.end == "closed" or (case.end == "as said" and answer.closes):
        talk.ends(CLOSE_SECONDS)
    elif case.end == "as said":
        talk.ends(STAYS_SECONDS)
    else:
        talk.goodbye()


def _first(case: Case, roles: Mapping[str, str], connect: Connect) -> Response:
    """The answer to the request that comes before."""
    request = spelled_out(case.first, roles)
    with Talk(connect()) as talk:
        talk.send(request)
        try:
            answer = talk.answer(method_of(request))
        except Malformed as error:
            raise CannotAsk(f"the answer before it: {error.flaw.summary}") from None
    if answer is None:
        raise CannotAsk("no answer to the request before it")
    return answer


def _of_first(first: Response) -> dict[str, str]:
    """What can be asked about, from the answer to the request that came before."""
    found: dict[str, str] = {}
    if etag := first.fields.get("ETag"):
        found |= {"etag": etag, "strong": etag.removeprefix("W/")}
    if (location := first.fields.get("Location")) and location.startswith("/"):
        found["location"] = location
    modified = first.fields.get("Last-Modified")
    if modified and time_of(modified) is not None:
        moment = parsedate_to_datetime(modified)
        found["modified"] = modified
        found["modified_850"] = moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")
        found["modified_c"] = moment.strftime(f"%a %b {moment.day:2} %H:%M:%S %Y")
    return found


def spelled_out(piece: str, roles: Mapping[str, str]) -> bytes:
    """The bytes that are sent: roles, repetitions and escapes replaced.

    CannotAsk where the answer before has not told what is asked about.
    """

    def role(match: re.Match[str]) -> str:
        if match[1] not in roles:
            raise CannotAsk(f"the answer before it has no {match[1]}")
        return roles[match[1]]

    text = ROLE.sub(role, piece)
    return unescaped(REPEATED.sub(lambda match: match[2] * int(match[1]), text))
