"""WSGI, both ways: applications of others on our server, and ours on theirs (PEP 3333)."""

from collections.abc import Callable, Iterable, Iterator

from answering import respond
from environ import HOP_BY_HOP, Environ, Host, to_environ, to_request
from errors import HTTPError
from fields import Fields
from generated import GeneratedResponse
from hosted import Answer, Blocks, close
from middleware import Handler
from request import Request
from response import Response, has_content

StartResponse = Callable[..., Callable[[bytes], object]]
"""`start_response(status, headers, exc_info=None)` takes the head, and returns `write`."""

Application = Callable[[Environ, StartResponse], Iterable[bytes]]
"""What Flask, Django and Pyramid make: it is given an environ, and returns the content."""


class HostedApplication:
    """An application of WSGI as a handler: so that our server can serve it."""

    def __init__(self, application: Application, host: Host) -> None:
        """`host` is what it is told about us."""
        self.application = application
        self.host = host

    def __call__(self, request: Request) -> Response:
        """What the application answers. It is asked until it has given a first block.

        HTTPError 501 for CONNECT, whose target is no path. `OPTIONS *` is a question to the server,
        not to an application (RFC 9110, section 9.3.7). What the application raises passes through.
        """
        if request.method == "CONNECT":
            raise HTTPError(501, "This server does not implement this method.")
        if request.path == "*":
            return Response(204)
        answer = Answer(request.method == "HEAD")
        content = self.application(to_environ(request, self.host), answer.start)
        try:
            return answer.response(Blocks(content))
        except BaseException:
            close(content)
            raise


class WSGIApplication:
    """A handler as an application of WSGI: so that every server of WSGI can serve it."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request that the environ describes, by `respond`; 400 where it describes none.

        For that `to_request` raises HTTPError, or ValueError where a field is malformed. The client
        is REMOTE_ADDR, or "-" where that is missing. The status has a space behind its number, also
        where no phrase follows, and the headers are a plain list of pairs (PEP 3333). A
        GeneratedResponse gets its `chunked` set to False: how to frame it is for the server to say.
        What is returned is the response's Content, which is empty for HEAD.
        """
        try:
            outcome = to_request(environ)
        except HTTPError as error:
            outcome = error
        except ValueError as error:
            outcome = HTTPError(400, f"A field line is malformed: {error}.")
        response = respond(self.handler, outcome, environ.get("REMOTE_ADDR") or "-")
        if isinstance(response, GeneratedResponse):
            response.chunked = False
        status = f"{response.status:03} {response.reason}"
        start_response(status, list(head_fields(response)))
        return Content(response, environ["REQUEST_METHOD"] == "HEAD")


def head_fields(response: Response) -> Fields:
    """The fields of the response, with its length if it is known; not those of the connection.

    They are a copy, without those of HOP_BY_HOP and without what the handler itself says of the
    length. At their end stands `response.framing`, if such a status may have content.
    """
    fields = Fields(response.fields)
    for name in ("Content-Length", *HOP_BY_HOP):
        del fields[name]
    if has_content(response.status):
        for name, value in response.framing:
            fields.add(name, value)
    return fields


class Content:
    """The blocks of a response, which the server closes in the end."""

    def __init__(self, response: Response, is_head: bool) -> None:
        """The answer to HEAD has none."""
        self.response = response
        self.is_empty = is_head or not has_content(response.status)

    def __iter__(self) -> Iterator[bytes]:
        """Block after block."""
        return iter(()) if self.is_empty else self.response.blocks()

    def close(self) -> None:
        """Give back what the response has open."""
        if isinstance(self.response, GeneratedResponse):
            self.response.close()
