"""The models of serving, chosen by name, and what they have in common: to start and to stop."""

import argparse
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing

from coroutines import serve_asyncio
from event_loop import serve_selectors
from limits import add_limits, limits_from, number
from listening import listen, seconds, url
from middleware import Handler
from open_files import EACH, NO_LIMIT, SPARE, open_files
from prefork import serve_fork
from service import Service
from stopping import Stop
from threads import serve_one, serve_pool, serve_threads
from visitors import Visitors

Model = Callable[[Service], None]
"""Serves until the order to stop comes, and returns when what was in flight is done."""

MODELS: dict[str, Model] = {
    "one": serve_one,
    "threads": serve_threads,
    "pool": serve_pool,
    "fork": serve_fork,
    "selectors": serve_selectors,
    "asyncio": serve_asyncio,
}

WORKERS = {"pool": 32, "fork": 8, "selectors": 32, "asyncio": 32}
"""How many threads, or processes, a model has unless it is told: enough for handlers that wait."""

MAX_WORKERS = 1000
MAX_CONNECTIONS = 1000
QUEUE = 1000
MAX_PER_ADDRESS = 800
"""Fewer than all places, so that nobody takes them alone; more than people behind one router need.
A proxy in front of us is one address, too: where there is one, raise it."""

GRACE_SECONDS = 30.0

WINDOWS_SELECT = 512
"""How many sockets `select` takes on Windows."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how to serve."""
    add = parser.add_argument
    add("--model", type=model, default="threads", help=f"one of {', '.join(MODELS)} (%(default)s)")
    hands = "threads of a pool or for handlers, or processes; 0: handlers in the event loop"
    add("--workers", type=workers, metavar="N", help=hands)
    connections = "serve so many at a time, but for one and fork (%(default)s)"
    add("--max-connections", type=positive, default=MAX_CONNECTIONS, metavar="N", help=connections)
    queue = "let so many more wait, the same; beyond that the answer is 503 (%(default)s)"
    add("--queue", type=positive, default=QUEUE, metavar="N", help=queue)
    address = "let one address have so many connections (%(default)s; not under one and fork)"
    add("--max-per-address", type=positive, default=MAX_PER_ADDRESS, metavar="N", help=address)
    grace = "when told to stop, give what is in flight so long (%(default)s)"
    add("--grace", type=seconds, default=GRACE_SECONDS, metavar="SECONDS", help=grace)
    add_limits(parser)


def model(text: str) -> str:
    """The name of a model that this system can do; for anything else an error, for argparse."""
    if text not in MODELS:
        raise argparse.ArgumentTypeError(f"the models are {', '.join(MODELS)}; not {text!r}")
    if text == "fork" and not hasattr(os, "fork"):
        raise argparse.ArgumentTypeError("this system has no fork; take pool, or selectors")
    return text


def workers(text: str) -> int:
    """How many threads or processes: a slip of the finger must not take the whole machine."""
    return number(text, least=0, most=MAX_WORKERS)


def positive(text: str) -> int:
    """How many connections."""
    return number(text, least=1, most=NO_LIMIT)


def run(handler: Handler, arguments: argparse.Namespace) -> None:
    """Listen where the options say, and serve as they say, until Ctrl-C or SIGTERM."""
    try:
        listener = listen(arguments.host, arguments.port)
    except OSError as error:
        place = f"{arguments.host}:{arguments.port}"
        reason = (error.strerror or str(error)).partition(" (")[0]
        sys.exit(f"Cannot listen on {place}: {reason}. Try another --port (0 picks a free one).")
    with listener, closing(Stop()) as stop, stop.on_signals():
        service = service_for(handler, listener, stop, arguments)
        print(f"Serving on {url(listener)}", flush=True)
        try:
            MODELS[arguments.model](service)
        except KeyboardInterrupt:
            sys.exit("Stopped at once; what was in flight is lost.")
    end()


def service_for(
    handler: Handler, listener: socket.socket, stop: Stop, arguments: argparse.Namespace
) -> Service:
    """What the models are given: the options, and what the system allows of them."""
    name, hands = arguments.model, arguments.workers
    if hands is None:
        hands = WORKERS.get(name, 0)
    if name in ("pool", "fork") and not hands:
        sys.exit(f"The model {name} can do nothing without workers: take --workers 1 or more.")
    served, waiting = arguments.max_connections, arguments.queue
    if name == "pool":
        served = hands = min(hands, served)
    limit = open_files(EACH * served + waiting + SPARE)
    if name == "selectors" and sys.platform == "win32":
        limit = min(limit, WINDOWS_SELECT)
    room = limit - min(SPARE, limit // 4)
    served = min(served, room)
    return Service(
        handler=handler,
        listener=listener,
        stop=stop,
        limits=limits_from(arguments),
        visitors=Visitors(arguments.max_per_address),
        grace=arguments.grace,
        workers=hands,
        max_connections=served,
        queue=min(waiting, room - served),
    )


def end() -> None:
    """Say that it is over, and end even where a handler's thread does not."""
    with contextlib.suppress(OSError):  # nobody may be there to read it
        print("Stopped.", flush=True)
    if threading.active_count() > 1:
        sys.stderr.flush()
        os._exit(0)
