"""What is wrong with a body: its bytes, its JSON, what it has or lacks."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from course.responses import Response
from course.xray import Flaw, Mark, difference, first_difference, quoted


def wrong_body(response: Response, expected: bytes) -> Iterator[Flaw]:
    """A body that differs: the caret stands under its first wrong byte."""
    if response.body == expected:
        return
    at = first_difference(expected, response.body)
    mark = response.body_mark(at, difference(expected, response.body))
    summary = f"the body differs from byte {at:,} on"
    if not response.body or not expected:
        summary = "the body is empty" if expected else "a body came, none was expected"
    want = expected or ("an empty body",)
    yield Flaw("wrong body", summary, mark, want, Mark(at, 1, "") if expected else None)


def read_json(body: bytes) -> Any:
    """The value; ValueError for what is no JSON, such as NaN or UTF-16 (RFC 8259, section 8.1)."""
    return json.loads(body.decode(), parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def not_json(response: Response) -> Flaw | None:
    """Where the body stops being JSON."""
    try:
        read_json(response.body)
    except json.JSONDecodeError as error:
        return _not_json(response, len(error.doc[: error.pos].encode()), error.msg)
    except UnicodeDecodeError as error:
        return _not_json(response, error.start, "not UTF-8")
    except ValueError as error:
        return _not_json(response, 0, str(error))
    return None


def _not_json(response: Response, at: int, says: str) -> Flaw:
    mark = response.body_mark(at, says)
    return Flaw("not JSON", "the body is not JSON", mark, ("a body of JSON",))


def wrong_json(response: Response, expected: Any) -> Iterator[Flaw]:
    """A body that is not JSON, or another value."""
    if flaw := not_json(response):
        yield flaw
    elif place := json_difference(expected, read_json(response.body)):
        want = json.dumps(expected, ensure_ascii=False)
        summary = f"another JSON value: {place}"
        yield Flaw("wrong JSON", summary, response.body_mark(0, place), (want,))


def json_difference(expected: Any, got: Any, path: str = "") -> str:
    """A sentence for the first difference of two JSON values, "" where there is none."""
    where = f"at {path}: " if path else ""
    if isinstance(expected, dict) and isinstance(got, dict):
        if expected.keys() != got.keys():
            return where + _key_difference(expected, got)
        pairs = ((f"{path}.{key}".lstrip("."), expected[key], got[key]) for key in expected)
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return f"{where}expected {len(expected)} items, not {len(got)}"
        pairs = ((f"{path}[{n}]", a, b) for n, (a, b) in enumerate(zip(expected, got, strict=True)))
    else:
        same = expected == got and isinstance(expected, bool) == isinstance(got, bool)
        return "" if same else f"{where}expected {_shown(expected)}, not {_shown(got)}"
    return next((text for at, a, b in pairs if (text := json_difference(a, b, at))), "")


def _key_difference(expected: dict[str, Any], got: dict[str, Any]) -> str:
    missing = [key for key in expected if key not in got]
    if missing:
        return f"the key {_shown(missing[0])} is missing"
    surplus = [key for key in got if key not in expected]
    return f"the key {_shown(surplus[0])} was not expected"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def not_in_body(response: Response, text: bytes) -> Iterator[Flaw]:
    """Something that the body lacks."""
    if text not in response.body:
        says = f"expected {quoted(text)} somewhere in here"
        summary = f"{quoted(text)} is not in the body"
        yield Flaw(
            "missing text", summary, response.body_mark(0, says), (f"{quoted(text)} in the body",)
        )


def in_body(response: Response, text: bytes) -> Iterator[Flaw]:
    """Something that must not be in the body."""
    at = response.body.find(text)
    if at >= 0:
        mark = response.body_mark(at, "must not be here", len(text))
        want = (f"a body without {quoted(text)}",)
        yield Flaw("unwanted text", f"{quoted(text)} is in the body", mark, want)
