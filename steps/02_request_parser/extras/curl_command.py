"""Exercise 02.6: a server that answers each request with the curl command that repeats it."""

import shlex
import socket

from listening import options, run
from request import Request
from response import Response
from server import serve_connection

BY_CURL = {"host", "content-length", "connection"}
"""Fields that curl writes by itself."""


def as_curl(request: Request) -> str:
    """The request as a command for a shell: curl, method, field lines, body and URL, in this order.

    The method is --head for HEAD, nothing for GET, --request METHOD for all others. A request
    has a body where it has a Content-Length, be it 0; curl makes a POST of a request with a body,
    so that GET and HEAD need their --request then. Each field line is a --header "Name: value",
    save those of BY_CURL; an empty value is written "Name;". To a body curl adds a Content-Type:
    where the request has none, --header "Content-Type:" after the body takes it away again.
    Every word is quoted so that a shell changes nothing in it.
    """
    words = ["curl"]
    has_body = "Content-Length" in request.fields
    if request.method == "HEAD" and not has_body:
        words.append("--head")
    elif request.method != "GET" or has_body:
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    if has_body:
        words += body_words(request.body)
        words += [] if "Content-Type" in request.fields else ["--header", "Content-Type:"]
    return shlex.join(words + url_words(request))


def body_words(body: bytes) -> list[str]:
    """The option that makes curl send this body, which may be empty: --data-raw and the text.

    A body that is no UTF-8 text, or holds NUL, which no command line can carry, is named as the
    file body.bin: --data-binary @body.bin.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    return ["--data-binary", "@body.bin"] if "\0" in text else ["--data-raw", text]


def url_words(request: Request) -> list[str]:
    """The URL, and before it what keeps curl from reading more into it than the server does."""
    if request.path == "*":
        return ["--request-target", "*", f"http://{request.host}"]
    query = f"?{request.target.query}" if request.target.query else ""
    url = f"http://{request.host}{request.path}{query}"
    globbing = ["--globoff"] if set(url) & set("[]{}") else []
    tidying = ["--path-as-is"] if "/." in request.path else []
    return [*globbing, *tidying, url]


def handle(connection: socket.socket) -> None:
    """Answer one request with its curl command."""
    serve_connection(connection, lambda request: Response.text(as_curl(request) + "\n"))


if __name__ == "__main__":
    run(handle, options(__doc__).parse_args())
