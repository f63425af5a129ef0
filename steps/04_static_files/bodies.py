"""What is in the body of a request: JSON, a form, or files (RFC 9110, section 8.3)."""

import json
import math

from errors import HTTPError
from form_data import Part, parse_multipart
from media_types import parse_parameters
from request import Request
from target import parse_query

MAX_FORM_FIELDS = 1000
"""More than any form has. Without a limit, 10 MiB of "&a" would keep us busy for seconds."""

MAX_JSON_DEPTH = 100
"""No program nests lists and objects deeper. Who reads or writes them needs a stack as deep, and
Python's stack can be deep enough to read a value, but not to write it."""


def media_type(request: Request) -> str:
    """The media type of the body in lower case and without parameters; "" where none is given."""
    return parse_parameters(request.fields.get("Content-Type"))[0]


def parse_json(request: Request) -> object:
    """The value that the body says in JSON (RFC 8259).

    HTTPError 415 where the body is not called JSON, 400 where it is none. NaN and Infinity,
    which Python's reader lets pass, are none, and neither is 1e999, which it takes for Infinity.
    Also 400 where lists and objects are nested more than MAX_JSON_DEPTH deep.
    """
    kind = media_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPError(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        text = request.body.decode("utf-8")
        value = json.loads(text, parse_constant=finite, parse_float=finite)
        too_deep = depth(value) > MAX_JSON_DEPTH
    except RecursionError:
        too_deep = True
    except ValueError as error:
        raise HTTPError(400, f"The body is not valid JSON: {error}.") from None
    if too_deep:
        raise HTTPError(400, f"The JSON is nested more than {MAX_JSON_DEPTH} levels deep.")
    return value


def depth(value: object) -> int:
    """How many lists and objects stand around the innermost value: 0 for a number alone."""
    if not isinstance(value, list | dict):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0)


def finite(number: str) -> float:
    """The number; ValueError where it is none, or too large to be told from infinity."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("a number in it is not finite")
    return value


def parse_form(request: Request) -> list[tuple[str, str]]:
    """Names and values of an HTML form that was sent as application/x-www-form-urlencoded.

    HTTPError 413 where there are more than MAX_FORM_FIELDS.
    """
    if request.body.count(b"&") >= MAX_FORM_FIELDS:
        raise HTTPError(413, f"A form may have {MAX_FORM_FIELDS} fields, and no more.")
    return parse_query(request.body.decode("utf-8", "replace"))


def parse_files(request: Request) -> list[Part]:
    """The parts of a multipart/form-data body; HTTPError 400 or 413 (see form_data.py)."""
    parameters = parse_parameters(request.fields.get("Content-Type"))[1]
    return parse_multipart([request.body], parameters.get("boundary", ""))
