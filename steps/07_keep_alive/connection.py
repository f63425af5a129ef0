"""A connection as a state machine: what happens on it, and where that leads (RFC 9112, section 9).

Nothing here waits, or touches a socket or a clock. Who has the socket does what the state asks for.
"""

from collections.abc import Callable, Generator
from enum import Enum

from answering import Outcome, allows_more, fit, respond, sending
from errors import HTTPError
from generated import GeneratedResponse
from limits import Deadline, Limits
from middleware import Handler
from patience import Patience
from persistence import CONTINUE
from request import Request, RequestParser
from response import Response


class State(Enum):
    """Where a connection stands."""

    IDLE = "between requests"
    HEAD = "reading a head"
    BODY = "reading a body"
    ANSWERING = "answering"
    LINGERING = "lingering"
    CLOSED = "closed"


class Event(Enum):
    """What can happen to it."""

    BEGUN = "a request begins"
    HEAD_READ = "the head is whole"
    REQUEST_READ = "the body is whole"
    REFUSED = "the request is malformed, or too much"
    ENDED = "the client ends its side"
    TIMED_OUT = "its time is up"
    ANSWERED = "the answer is sent"
    LAST_ANSWERED = "the last answer is sent"


TABLE = {
    (State.IDLE, Event.BEGUN): State.HEAD,
    (State.IDLE, Event.ENDED): State.CLOSED,
    (State.IDLE, Event.TIMED_OUT): State.CLOSED,
    (State.HEAD, Event.HEAD_READ): State.BODY,
    (State.HEAD, Event.REFUSED): State.ANSWERING,
    (State.HEAD, Event.ENDED): State.ANSWERING,
    (State.HEAD, Event.TIMED_OUT): State.ANSWERING,
    (State.BODY, Event.REQUEST_READ): State.ANSWERING,
    (State.BODY, Event.REFUSED): State.ANSWERING,
    (State.BODY, Event.ENDED): State.ANSWERING,
    (State.BODY, Event.TIMED_OUT): State.ANSWERING,
    (State.ANSWERING, Event.ANSWERED): State.IDLE,
    (State.ANSWERING, Event.LAST_ANSWERED): State.LINGERING,
    (State.LINGERING, Event.ENDED): State.CLOSED,
    (State.LINGERING, Event.TIMED_OUT): State.CLOSED,
}
"""Which event leads from which state to which. What is not in it cannot happen."""


class Connection:
    """One client, request after request. Whoever has the socket looks at `state`:

    at ANSWERING, send what `answer` gives, then call `sent`; at CLOSED, close. At all others send
    `interim`, wait for the client as long as `patience` lasts, and call `receive` or `time_out`.
    After LINGERING has begun, our side of the socket is to be ended.
    """

    def __init__(
        self, handler: Handler, client: str, limits: Limits, ends: Callable[[], bool] = bool
    ) -> None:
        """`client` is the address at the other end. `ends` is asked whether an answer must be the
        last one, as the server is to stop, or others wait for this place.
        """
        self.handler, self.client, self.limits, self.ends = handler, client, limits, ends
        self.answers, self.is_last = 0, False
        self.outcome: Outcome | None = None
        self.response: Response | None = None
        self.state = State.IDLE
        self.patience: Patience = Deadline(limits.read_timeout)
        self.next_request()

    def next_request(self) -> None:
        """Be ready for one more."""
        self.parser, self.outcome = RequestParser(self.limits.max_body), None

    def happens(self, event: Event) -> None:
        """Go where the table says; the new state has a time limit of its own.

        LookupError for what cannot happen now: a mistake of ours, never of a client.
        """
        self.state = TABLE[self.state, event]
        self.patience = self.limits.patience(self.state.name)

    def receive(self, data: bytes) -> None:
        """Take what the client has sent, b"" for its end. What comes while we linger is dropped."""
        if not data:
            self.end(Event.ENDED, HTTPError(400, "The connection ended within a request."))
        elif self.state is not State.LINGERING:
            try:
                self.outcome = self.parser.feed(data)
            except HTTPError as error:
                self.outcome = error.with_traceback(None)  # which would hold the parser, and us
            self.advance()

    def advance(self) -> None:
        """Let happen what the parser has come upon."""
        if self.state is State.IDLE and (self.parser.started or self.outcome):
            self.happens(Event.BEGUN)
        if self.state is State.HEAD and self.parser.head:
            self.happens(Event.HEAD_READ)
        if isinstance(self.outcome, Request):
            self.happens(Event.REQUEST_READ)
        elif self.outcome:
            self.happens(Event.REFUSED)

    def time_out(self) -> None:
        """Its time is up: 408, but only where a request has begun (RFC 9110, section 15.5.9)."""
        self.end(Event.TIMED_OUT, HTTPError(408, "The rest of the request did not come."))

    def end(self, event: Event, error: HTTPError) -> None:
        """Nothing more will come. The error is the answer to a request that has begun."""
        self.outcome = error
        self.happens(event)

    def interim(self) -> Generator[bytes, None, None]:
        """What to send before the answer: 100 (Continue), once, to a client that waits for it."""
        if self.state is State.BODY and self.parser.wants_continue:
            self.parser.wants_continue = False
            yield CONTINUE

    @property
    def generates(self) -> bool:
        """Whether a handler still makes the answer while it is sent, and may take its time."""
        return isinstance(self.response, GeneratedResponse)

    def waited(self, seconds: float, count: int) -> None:
        """So long we have waited, and so many bytes went through meanwhile."""
        self.patience.spend(seconds, count)

    def answer(self) -> Generator[bytes, None, None]:
        """The pieces to send. The handler is at work in here, for as long as it takes."""
        assert self.outcome is not None, "only ANSWERING has an answer"
        version = self.parser.head.version if self.parser.head else "HTTP/1.1"
        self.response = respond(self.handler, self.outcome, self.client)
        fit(self.response, version)
        is_one_more = self.answers + 1 < self.limits.max_requests and not self.ends()
        self.is_last = not (is_one_more and allows_more(self.outcome, self.response))
        return sending(self.response, version, self.parser.is_head, self.is_last)

    def sent(self) -> None:
        """The answer has gone out. A next request may have come with the one before."""
        self.close()
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            rest = self.parser.rest
            self.next_request()
            if rest:
                self.receive(rest)

    def close(self) -> None:
        """Give back what the request and its answer hold, whether or not all of it was sent."""
        self.parser.close()
        response, self.response = self.response, None
        if isinstance(response, GeneratedResponse):
            response.close()
