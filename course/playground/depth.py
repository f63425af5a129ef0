"""Nested data, read without going deep into the browser's stack.

Python knows how deep its own calls may go and raises RecursionError; C code that calls itself,
such as the fast reader of JSON, meets the end of the browser's stack first, and all is lost.
"""

import json
from json import scanner


def install() -> None:
    """Read JSON with Python's own code, which does the same and stops in time."""
    scanner.make_scanner = scanner.py_make_scanner  # type: ignore[misc, attr-defined]
    json._default_decoder = json.JSONDecoder()  # type: ignore[attr-defined]
