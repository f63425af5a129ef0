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
    """The request as a command for a shell: method, field lines, body and URL.

    Every word is quoted so that a shell changes nothing in it. A body that is no UTF-8 text, or
    holds NUL, which no command line can carry, is named as the file body.bin.
    """
    words = ["curl"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != "GET":
        words += ["--request", request.method]
    for name, value in request.fields:
        if name.lower() not in BY_CURL:
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    query = f"?{request.target.query}" if request.target.query else ""
    return shlex.join(
        [*words, *body_words(request.body), f"http://{request.host}{request.path}{query}"]
    )


def body_words(body: bytes) -> list[str]:
    """The option that makes curl send this body; no words for no body."""
    if not body:
        return []
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    return ["--data-binary", "@body.bin"] if "\0" in text else ["--data-raw", text]


def handle(connection: socket.socket) -> None:
    """Answer one request with its curl command."""
    serve_connection(connection, lambda request: Response.text(as_curl(request) + "\n"))


if __name__ == "__main__":
    run(handle, options(__doc__).parse_args())
