"""One request and its answer, without the connection: every model of serving drives this."""

from collections.abc import Generator
from contextlib import closing

from errors import HTTPError, error_response
from middleware import Handler
from request import Request, RequestParser
from response import Response, pieces
from server_log import tell_failure

CHUNK_BYTES = 64 * 1024
"""What is read at a time."""


class Exchange:
    """What a connection is for: it is fed until it is ready, and then it has an answer.

    Nothing here waits or touches a socket. So threads, processes and event loops can all use it.
    """

    def __init__(self, handler: Handler, client: str) -> None:
        """`client` is the address of who is at the other end."""
        self.handler = handler
        self.client = client
        self.parser = RequestParser()
        self.outcome: Request | HTTPError | None = None

    @property
    def started(self) -> bool:
        """Whether the client has said anything yet."""
        return self.parser.started

    def feed(self, data: bytes) -> bool:
        """Take what the client sent, b"" for its end; True once it is clear what to answer.

        EOFError where the client has left without asking anything.
        """
        try:
            self.outcome = self.parser.feed(data) if data else self.ended()
        except HTTPError as error:
            self.outcome = error
        return self.outcome is not None

    def ended(self) -> HTTPError:
        """What to answer to a client that stops in the middle; EOFError where it never began."""
        if not self.started:
            raise EOFError("the client closed without a request")
        return HTTPError(400, "The connection ended in the middle of the request.")

    def time_out(self) -> None:
        """The client was too slow: 408 is the answer (RFC 9110, section 15.5.9).

        EOFError where it never began: browsers open connections that they may never use.
        """
        if not self.started:
            raise EOFError("the client was silent")
        self.outcome = HTTPError(408, "The rest of the request did not come.")

    def answer(self) -> Generator[bytes, None, None]:
        """The pieces to send. The handler is at work in here, for as long as it takes.

        The response says that it is the last one on this connection (RFC 9112, section 9.6).
        """
        response = self.response()
        response.fields["Connection"] = "close"
        return ours(pieces(response, self.parser.is_head))

    def response(self) -> Response:
        """What the handler says. The last net: an exception that even the chain lets through."""
        if isinstance(self.outcome, HTTPError):
            return error_response(self.outcome)
        assert self.outcome is not None, "ask for the answer once `feed` has returned True"
        self.outcome.context["client"] = self.client
        accept = self.outcome.fields.get("Accept")
        try:
            response = self.handler(self.outcome)
            if not isinstance(response, Response):
                raise TypeError(f"a handler returns a Response, not {response!r}")
            return response
        except HTTPError as error:
            return error_response(error, accept)
        except KeyboardInterrupt:
            raise
        except BaseException:  # SystemExit, too: a handler ends a request, and never the server
            tell_failure()
            return error_response(HTTPError(500, "The server made a mistake."), accept)


def ours(pieces: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    """The pieces. RuntimeError where one cannot be made, because of a connection for instance.

    That would be a connection of the handler's, and must not be taken for the client's.
    """
    with closing(pieces):
        try:
            yield from pieces
        except (OSError, EOFError) as error:
            raise RuntimeError("the answer broke off") from error
