"""Step 08: a server that runs Flask, Django and Pyramid, and every other application of WSGI."""

import argparse
import functools
import ipaddress
import sys
from pathlib import Path

from access_log import FORMATS, AccessLog
from application import application
from auth import BearerAuth
from cors import CORS
from environ import Host
from listening import options
from loading import NoApplication, load
from middleware import Handler, Link, compose, explain
from proxies import Network, Proxied
from serving import add_options, run
from wsgi import Application, HostedApplication

FOR_HANDLERS_ONLY = ("selectors", "asyncio")
"""Models that let one thread begin an answer and another go on with it. An application of WSGI is
written for one thread from start to end; what runs in an event loop is written for ASGI."""


FOR_OURS_ONLY = ("directory", "token", "origin", "debug", "explain")
"""Options that say something about our own application."""


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


def network(text: str) -> Network:
    """An address or a network, such as 10.0.0.0/8; for anything else an error for argparse."""
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a proxy is an IP address or network: {error}") from None


def all_options() -> argparse.ArgumentParser:
    """The options that every server takes, how to serve, and those of this application."""
    parser = options(__doc__)
    add_options(parser)
    add = parser.add_argument
    add("application", nargs="?", metavar="MODULE:NAME", help="a WSGI application to serve")
    add(
        "--trust-proxy",
        type=network,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="believe X-Forwarded-* of this address or network; may be given several times",
    )
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


def hosted(app: Application, arguments: argparse.Namespace, port: int) -> Handler:
    """The application as a handler, behind the links that each server has for all of them."""
    host = Host(
        name=f"[{arguments.host}]" if ":" in arguments.host else arguments.host,
        port=port,
        multithread=arguments.model in ("threads", "pool"),
        multiprocess=arguments.model == "fork",
    )
    log: list[Link] = [AccessLog(arguments.log)] if arguments.log != "off" else []
    return compose([Proxied(arguments.trust_proxy), *log], HostedApplication(app, host))


def serve_application(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Serve the application of WSGI that the command names."""
    if ours := [f"--{name}" for name in FOR_OURS_ONLY if getattr(arguments, name)]:
        parser.error(f"{', '.join(ours)}: that is for our own application, not for another")
    if arguments.model in FOR_HANDLERS_ONLY:
        parser.error(f"--model {arguments.model} is not for WSGI: take threads, pool, fork or one")
    try:
        app = load(arguments.application)
    except NoApplication as error:
        sys.exit(str(error))
    run(functools.partial(hosted, app, arguments), arguments)


def main() -> None:
    """Serve what the options describe: an application of WSGI, or our own."""
    parser = all_options()
    arguments = parser.parse_args()
    if arguments.application:
        return serve_application(parser, arguments)
    if arguments.token and not arguments.directory:
        parser.error("--token guards the folder of --directory: name that, too")
    handler = application(
        arguments.directory,
        arguments.token or "",
        arguments.origin,
        arguments.log,
        arguments.debug,
        processes=arguments.model == "fork",
        proxies=arguments.trust_proxy,
    )
    if arguments.explain:
        print(*explain(handler.links), sep="\n")
    else:
        run(lambda port: handler, arguments)


if __name__ == "__main__":
    main()
