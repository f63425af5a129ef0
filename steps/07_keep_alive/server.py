"""Step 07: a server that keeps its connections, and stands what the internet sends."""

import argparse
from pathlib import Path

from access_log import FORMATS
from application import application
from auth import BearerAuth
from cors import CORS
from listening import options
from middleware import explain
from serving import add_options, run


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
    """The options that every server takes, how to serve, and those of this application."""
    parser = options(__doc__)
    add_options(parser)
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
        processes=arguments.model == "fork",
    )
    if arguments.explain:
        print(*explain(handler.links), sep="\n")
    else:
        run(handler, arguments)


if __name__ == "__main__":
    main()
