"""What is in the body of a request: JSON, a form, or files (RFC 9110, section 8.3)."""

import json
from typing import NoReturn

from errors import HTTPError
from media_types import parse_parameters
from multipart import Part, parse_multipart
from request import Request
from target import parse_query


def media_type(request: Request) -> str:
    """The media type of the body in lower case and without parameters; "" where none is given."""
    return parse_parameters(request.fields.get("Content-Type"))[0]


def parse_json(request: Request) -> object:
    """The value that the body says in JSON (RFC 8259).

    HTTPError 415 where the body is not called JSON, 400 where it is none. NaN and Infinity,
    which Python's reader lets pass, are none.
    """
    kind = media_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPError(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        return json.loads(request.body.decode("utf-8"), parse_constant=refuse)
    except RecursionError:
        raise HTTPError(400, "The JSON is nested too deeply.") from None
    except ValueError as error:
        raise HTTPError(400, f"The body is not valid JSON: {error}.") from None


def refuse(constant: str) -> NoReturn:
    """ValueError for a word that is not JSON."""
    raise ValueError(f"{constant} is no JSON number")


def parse_form(request: Request) -> list[tuple[str, str]]:
    """Names and values of an HTML form that was sent as application/x-www-form-urlencoded."""
    return parse_query(request.body.decode("utf-8", "replace"))


def parse_files(request: Request) -> list[Part]:
    """The parts of a multipart/form-data body; HTTPError 400 or 413 (see multipart.py)."""
    parameters = parse_parameters(request.fields.get("Content-Type"))[1]
    return parse_multipart([request.body], parameters.get("boundary", ""))
