"""The models of serving, chosen by name, and what they have in common: to start and to stop."""

import argparse
import contextlib
import os
import re
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing

from coroutines import serve_asyncio
from event_loop import serve_selectors
from listening import listen, seconds, url
from middleware import Handler
from prefork import serve_fork
from service import Service
from stopping import Stop
from threads import serve_one, serve_pool, serve_threads

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

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

MAX_CONNECTIONS = 1000
QUEUE = 1000
GRACE_SECONDS = 30.0

SPARE_DESCRIPTORS = 100
"""Files and sockets that are kept for what is no connection: files that are sent, logs, queues."""

NO_LIMIT = 1_000_000

MACOS_DESCRIPTORS = 10240
"""macOS says that there is no limit, and then refuses more than these."""

WINDOWS_SELECT = 512
"""How many sockets `select` takes on Windows."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how to serve."""
    add = parser.add_argument
    add("--model", type=model, default="threads", help=f"one of {', '.join(MODELS)} (%(default)s)")
    workers = "threads of a pool or for handlers, or processes; 0: handlers in the event loop"
    add("--workers", type=count, metavar="N", help=workers)
    connections = "serve so many connections at a time (%(default)s)"
    add("--max-connections", type=positive, default=MAX_CONNECTIONS, metavar="N", help=connections)
    queue = "let so many more wait; beyond that the answer is 503 (%(default)s)"
    add("--queue", type=positive, default=QUEUE, metavar="N", help=queue)
    grace = "when told to stop, give what is in flight so long (%(default)s)"
    add("--grace", type=seconds, default=GRACE_SECONDS, metavar="SECONDS", help=grace)


def model(text: str) -> str:
    """The name of a model that this system can do; for anything else an error, for argparse."""
    if text not in MODELS:
        raise argparse.ArgumentTypeError(f"the models are {', '.join(MODELS)}; not {text!r}")
    if text == "fork" and not hasattr(os, "fork"):
        raise argparse.ArgumentTypeError("this system has no fork; take pool, or selectors")
    return text


def count(text: str, least: int = 0) -> int:
    """A number of workers; for anything else an error that argparse shows."""
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) < least:
        raise argparse.ArgumentTypeError(f"a whole number from {least} up, not {text!r}")
    return int(text)


def positive(text: str) -> int:
    """The same, from 1 up."""
    return count(text, least=1)


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
    model, workers = arguments.model, arguments.workers
    if workers is None:
        workers = WORKERS.get(model, 0)
    if model in ("pool", "fork") and not workers:
        sys.exit(f"The model {model} can do nothing without workers: take --workers 1 or more.")
    limit = WINDOWS_SELECT if model == "selectors" and sys.platform == "win32" else descriptors()
    places = limit - min(SPARE_DESCRIPTORS, limit // 4)
    most = min(workers if model == "pool" else arguments.max_connections, places)
    return Service(
        handler=handler,
        listener=listener,
        stop=stop,
        read_timeout=arguments.read_timeout,
        grace=arguments.grace,
        workers=workers,
        max_connections=most,
        queue=min(arguments.queue, places - most),
    )


def descriptors() -> int:
    """How many files and sockets this process may have open: as many as we can get."""
    if resource is None:
        return NO_LIMIT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, MACOS_DESCRIPTORS):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
            break
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return NO_LIMIT if soft == resource.RLIM_INFINITY else soft


def end() -> None:
    """Say that it is over, and end even where a handler's thread does not."""
    print("Stopped.", flush=True)
    if threading.active_count() > 1:
        sys.stderr.flush()
        os._exit(0)
