"""From the outcome of reading to the pieces of the answer: the handler is at work in here."""

from collections.abc import Generator

from errors import HTTPError, error_response
from generated import GeneratedResponse
from middleware import Handler
from persistence import connection_options, persists
from request import Request
from response import Response, has_content, pieces
from server_log import tell_failure

Outcome = Request | HTTPError
"""What reading comes to: a request, or an error that is its answer."""


def respond(handler: Handler, outcome: Outcome, client: str) -> Response:
    """What the handler says. The last net: an exception that even the chain lets through."""
    if isinstance(outcome, HTTPError):
        return error_response(outcome)
    outcome.context["client"] = client
    accept = outcome.fields.get("Accept")
    try:
        response = handler(outcome)
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


def allows_more(outcome: Outcome, response: Response) -> bool:
    """Whether another request may follow on the connection; both sides have to agree to that.

    After an error in a request nobody knows where the next one would begin. And where the answer
    has neither length nor chunks, its end is the end of the connection.
    """
    if not isinstance(outcome, Request) or not persists(outcome.version, outcome.fields):
        return False
    is_framed = bool(response.framing) or not has_content(response.status)
    return is_framed and "close" not in connection_options(response.fields)


def fit(response: Response, version: str) -> None:
    """Make the response one that a client of this version can read: 1.0 knows no chunks."""
    if isinstance(response, GeneratedResponse):
        response.chunked = version != "HTTP/1.0"


def sending(
    response: Response, version: str, is_head: bool, is_last: bool
) -> Generator[bytes, None, None]:
    """The pieces to send, which say what becomes of the connection (RFC 9112, section 9.3).

    Head and first block are one piece: a small answer fits into one packet. RuntimeError where the
    content breaks off because of a connection: not the client's, but one that the handler has.
    """
    del response.fields["Connection"]
    if is_last:
        response.fields["Connection"] = "close"
    elif version == "HTTP/1.0":
        response.fields["Connection"] = "keep-alive"
    rest = pieces(response, is_head)
    try:
        yield next(rest) + next(rest, b"")
        yield from rest
    except (ConnectionError, TimeoutError) as error:
        raise RuntimeError("the content broke off") from error
