"""Exercise 03.6: put one application under a path of another."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace

import app
from listening import options, run
from request import Request
from response import Response
from server import serve_connection

Handler = Callable[[Request], Response]


def mount(prefix: str, inner: Handler, outer: Handler) -> Handler:
    """A handler that gives what is under the prefix to `inner`, and all else to `outer`.

    `inner` does not know where it is mounted: with the prefix "/shop", a request for
    /shop/cart?id=3 comes to it as one for /cart?id=3, and /shop as /. The prefix ends at a
    slash or at the end of the path: /shopping belongs to `outer`. ValueError where the
    prefix does not begin with "/", or ends with it.
    """
    if not re.fullmatch(r"/.*[^/]", prefix):
        raise ValueError(f'a prefix begins with "/" and does not end with it, unlike {prefix!r}')

    def choose(request: Request) -> Response:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return outer(request)
        target = replace(request.target, path=request.path.removeprefix(prefix) or "/")
        return inner(replace(request, target=target))

    return choose


def handle(connection: socket.socket) -> None:
    """The demo application, at / and at /v1/ too."""
    serve_connection(connection, mount("/v1", app.router, app.router))


if __name__ == "__main__":
    run(handle, options(__doc__).parse_args())
