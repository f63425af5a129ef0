"""Exercise 04.6: serve a single-page application, whose script draws the page for any address."""

import socket

import app
from errors import HTTPError
from listening import options, run
from media_types import preferred
from request import Request
from response import Response
from router import Router
from server import serve_connection
from static_files import INDEX, StaticFiles


def single_page(files: StaticFiles, request: Request, path: str) -> Response:
    """What `files` says of this path, but for a visitor's address that is no file: its index page.

    Such an application has one page, and addresses like /orders/17 exist in its script alone.
    A script or an image that is missing must stay 404, or the browser would run a page as a
    script. So does what `files` refuses with any other status.
    """
    try:
        return files(request, path)
    except HTTPError as error:
        if error.status != 404 or not is_visit(request, path):
            raise
        return files(request, INDEX)


def is_visit(request: Request, path: str) -> bool:
    """Whether a person opens this address: the client prefers HTML, the last name has no dot."""
    accept = request.fields.get("Accept")
    wants_page = preferred(accept, ["application/octet-stream", "text/html"]) == "text/html"
    return wants_page and "." not in path.rpartition("/")[2]


def handle(connection: socket.socket) -> None:
    """The folder of the demo application, as a single page."""
    router = Router()
    files = StaticFiles(app.PUBLIC)
    router.get("/{path:path}", name="page")(lambda request, path: single_page(files, request, path))
    serve_connection(connection, router)


if __name__ == "__main__":
    run(handle, options(__doc__).parse_args())
