"""Step 04: a server that also serves files."""

import argparse
import socket
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import app
from errors import HTTPError, error_response
from listening import options, run
from request import Request, RequestParser
from response import Response, pieces

Handler = Callable[[Request], Response]
"""What the rest of the course is about: a function from a request to a response."""

CHUNK_BYTES = 64 * 1024


def serve_connection(connection: socket.socket, handler: Handler) -> None:
    """Read one request and answer it. EOFError where the client left without asking anything."""
    parser = RequestParser()
    try:
        response = answer(receive(connection, parser), handler)
    except HTTPError as error:
        response = error_response(error)
    send(connection, response, parser.is_head)


def answer(request: Request, handler: Handler) -> Response:
    """What the handler says. If it fails, the log gets the traceback, and the client a 500."""
    accept = request.fields.get("Accept")
    try:
        return handler(request)
    except HTTPError as error:
        return error_response(error, accept)
    except Exception:
        traceback.print_exc()
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


def main() -> None:
    """Serve the application, with the folder that the options name."""
    parser = options(__doc__)
    parser.add_argument(
        "--directory",
        type=folder,
        metavar="DIR",
        help="serve this folder under /static/ and let clients write to it under /files/",
    )
    arguments = parser.parse_args()
    handler = app.with_files(arguments.directory)
    run(lambda connection: serve_connection(connection, handler), arguments)


if __name__ == "__main__":
    main()
