"""Step 05: a server whose application is a chain of links."""

import argparse
import socket
from contextlib import closing
from pathlib import Path

from access_log import FORMATS
from application import application
from auth import BearerAuth
from cors import CORS
from errors import HTTPError, error_response
from listening import options, run
from middleware import Handler, explain
from request import Request, RequestParser
from response import Response, pieces
from server_log import tell_failure

CHUNK_BYTES = 64 * 1024


def serve_connection(connection: socket.socket, handler: Handler) -> None:
    """Read one request and answer it. EOFError where the client left without asking anything."""
    parser = RequestParser()
    try:
        request = receive(connection, parser)
        request.context["client"] = address(connection)
        response = answer(request, handler)
    except HTTPError as error:
        response = error_response(error)
    send(connection, response, parser.is_head)


def address(connection: socket.socket) -> str:
    """The client's IP address; "-" where it has none, or has gone already."""
    try:
        return str(connection.getpeername()[0])
    except (OSError, IndexError):  # A Unix socket's name is empty.
        return "-"


def answer(request: Request, handler: Handler) -> Response:
    """What the handler says. The last net: an exception that even the chain lets through."""
    accept = request.fields.get("Accept")
    try:
        return handler(request)
    except HTTPError as error:
        return error_response(error, accept)
    except Exception:
        tell_failure()
        return error_response(HTTPError(500, "The server made a mistake."), accept)


def receive(connection: socket.socket, parser: RequestParser) -> Request:
    """Feed the parser until it has a request; HTTPError where it cannot become one."""
    try:
        while chunk := connection.recv(CHUNK_BYTES):
            if request := parser.feed(chunk):
                return request
    except TimeoutError:
        if not parser.started:
            raise
        raise HTTPError(408, "The rest of the request did not come.") from None
    if not parser.started:
        raise EOFError("the client closed without a request")
    raise HTTPError(400, "The connection ended in the middle of the request.")


def send(connection: socket.socket, response: Response, is_head: bool) -> None:
    """Send the response. It says that it is the last on this connection (RFC 9112, 9.6)."""
    response.fields["Connection"] = "close"
    with closing(pieces(response, is_head)) as outgoing:
        for piece in outgoing:
            connection.sendall(piece)


def folder(text: str) -> Path:
    """The path of a folder that is there; for anything else an error that argparse shows."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text!r}")
    return path


def origin(text: str) -> str:
    """An origin, such as https://shop.example; for anything else an error that argparse shows."""
    try:
        CORS([text])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def token(text: str) -> str:
    """A token that can be sent; for anything else an error that argparse shows."""
    try:
        BearerAuth({"owner": text})
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def all_options() -> argparse.ArgumentParser:
    """The options that every server takes, and those of this application."""
    parser = options(__doc__)
    add = parser.add_argument
    add("--directory", type=folder, metavar="DIR", help="serve this folder, and take uploads to it")
    add("--token", type=token, help="demand this token of whoever reads or writes in DIR")
    add(
        "--origin",
        type=origin,
        action="append",
        default=[],
        help="let scripts of this other site read our answers; may be given several times",
    )
    add("--log", choices=[*FORMATS, "off"], default="common", help="access log (%(default)s)")
    add("--debug", action="store_true", help="show tracebacks on the page: never to strangers")
    add("--explain", action="store_true", help="print the chain, and serve nothing")
    return parser


def main() -> None:
    """Serve the application that the options describe."""
    parser = all_options()
    arguments = parser.parse_args()
    if arguments.token and not arguments.directory:
        parser.error("--token guards the folder of --directory: name that, too")
    handler = application(
        arguments.directory,
        arguments.token or "",
        arguments.origin,
        arguments.log,
        arguments.debug,
    )
    if arguments.explain:
        print(*explain(handler.links), sep="\n")
    else:
        run(lambda connection: serve_connection(connection, handler), arguments)


if __name__ == "__main__":
    main()
