"""What is in the body of a request: JSON, a form, or files (RFC 9110, section 8.3)."""

import json
import math

from errors import HTTPError
from form_data import Part, parse_multipart
from media_types import parse_parameters
from request import Request
from target import parse_query

MAX_TEXT_BYTES = 1024 * 1024
"""Of JSON and of forms without files. Read, they take up to 30 times as much memory, and while we
read them nobody else is served."""

MAX_FORM_FIELDS = 1000
"""More than any form has."""

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
    Also 400 where lists and objects are nested more than MAX_JSON_DEPTH deep, and 413 where
    there are more than MAX_TEXT_BYTES.
    """
    kind = media_type(request)
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPError(415, "The body must be JSON, with Content-Type: application/json.")
    try:
        text = limited(request).decode("utf-8")
        value = json.loads(text, parse_constant=finite, parse_float=finite)
        too_deep = depth(value) > MAX_JSON_DEPTH
    except RecursionError:
        too_deep = True
    except UnicodeDecodeError:
        raise HTTPError(400, "The body is not UTF-8, as JSON must be.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise HTTPError(400, f"The body is not valid JSON from {place} on.") from None
    except ValueError:
        raise HTTPError(400, "A number in the JSON is too large, or none at all.") from None
    if too_deep:
        raise HTTPError(400, f"The JSON is nested more than {MAX_JSON_DEPTH} levels deep.")
    return value


def limited(request: Request) -> bytes:
    """The body; HTTPError 413 where it is longer than MAX_TEXT_BYTES."""
    if len(request.body) > MAX_TEXT_BYTES:
        raise HTTPError(413, f"JSON and forms may have {MAX_TEXT_BYTES} bytes, and no more.")
    return request.body


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
        raise ValueError(f"{number} is not finite")
    return value


def parse_form(request: Request) -> list[tuple[str, str]]:
    """Names and values of an HTML form that was sent as application/x-www-form-urlencoded.

    HTTPError 413 where there are more than MAX_FORM_FIELDS, or MAX_TEXT_BYTES.
    """
    if limited(request).count(b"&") >= MAX_FORM_FIELDS:
        raise HTTPError(413, f"A form may have {MAX_FORM_FIELDS} fields, and no more.")
    return parse_query(limited(request).decode("utf-8", "replace"))


def parse_files(request: Request) -> list[Part]:
    """The parts of a multipart/form-data body; HTTPError 400 or 413 (see form_data.py)."""
    parameters = parse_parameters(request.fields.get("Content-Type"))[1]
    return parse_multipart([request.body], parameters.get("boundary", ""))
