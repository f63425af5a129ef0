"""The places in a page where the playground opens, and what it starts with there."""

import json
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from course.mutation import Mutant
from course.pages.code import MUTANTS, NoSuchCode
from course.pages.tables import Table, field, table
from course.pages.text import escaped, visible
from course.steps import CourseError, Step, find_step

ENDS = ("wait", "close")
MODELS = ("selectors", "one")
FIELDS = ("name", "title", "pieces", "end", "expect")


class BadPlayground(CourseError):
    """A playground or a request that cannot be as the page asks for it."""


def playground(
    label: str,
    *,
    to_root: str,
    script: str = "server.py",
    open: str = "",
    requests: str = "",
    mutant: str = "",
    path: str = "/",
    model: str = "",
    app: str = "",
) -> str:
    """The playground's place as HTML: what it starts with, and words for a page without scripts."""
    step = find_step(label)
    tabs = open.split(",") if open else [script]
    for name in (script, *tabs):
        if not (step.path / name).is_file():
            raise BadPlayground(f"step {step.label} has no file {name!r}")
    config = {
        "step": step.label,
        "title": step.heading,
        "script": script,
        "open": tabs,
        "path": path,
        **({"model": _model(model, step)} if model else {}),
        **(_application(app, step) if app else {}),
        "requests": [request(name) for name in requests.split(",") if name],
        **(_mistake(mutant, step) if mutant else {}),
    }
    words = "This opens" if not mutant else "With a mistake in it, this opens"
    return (
        f'<div class="playground" data-base="{to_root}">'
        f'<script type="application/json">{_json(config)}</script>'
        f'<p class="playground-poster">{words} the code of step {step.label} in the page, '
        f"and runs it there. It needs scripts to be allowed.</p></div>\n"
    )


def attempt(name: str) -> str:
    """A request as HTML: its bytes, what to expect, and a button that sends it."""
    one = request(name)
    pieces = "".join(f'<span class="piece">{visible(piece)}</span>' for piece in one["pieces"])
    expect = f'<p class="try-expect">Expect: {escaped(one["expect"])}</p>' if one["expect"] else ""
    closing = ", then closes its side" if one["end"] == "close" else ""
    title = escaped(one["title"] + closing)
    return (
        f'<figure class="try"><figcaption>{title}</figcaption>'
        f'<div class="wire-message" role="group" aria-label="{title}">{pieces}</div>'
        f"{expect}{send_button(one)}</figure>\n"
    )


def request(name: str) -> dict[str, Any]:
    """The request that "02/half-a-head" names, with all its fields. Raises NoSuchTable."""
    one: Table = table("requests", name)
    pieces = field(one, "pieces", f"the request {name}")
    try:
        "".join(pieces).encode("latin-1")
    except UnicodeEncodeError:
        raise BadPlayground(
            f"the request {name} has characters that are no bytes: write them as \\u00XX"
        ) from None
    if one.get("end", "wait") not in ENDS:
        raise BadPlayground(f"the request {name} ends in {one['end']!r}; expected {ENDS}")
    full = {"end": "wait", "expect": "", **one}
    return {key: full[key] for key in FIELDS}


def send_button(one: dict[str, Any]) -> str:
    """The button that puts a request into the page's playground."""
    data = escaped(json.dumps(one, ensure_ascii=True))
    return (
        f'<button type="button" class="send-to-playground" data-request="{data}" '
        f"hidden>Send it in the page</button>"
    )


def _model(name: str, step: Step) -> str:
    """A model of serving that the step has, and that needs neither threads nor processes."""
    if name not in MODELS or "serving" not in step.modules:
        raise BadPlayground(f"step {step.label} has no model {name!r} that runs in a page")
    return name


def _application(name: str, step: Step) -> dict[str, str]:
    """An application of WSGI that the step's server is to serve: one at a time, without threads."""
    if "wsgi" not in step.modules or name.partition(":")[0] not in step.modules:
        raise BadPlayground(f"step {step.label} has no application {name!r} that runs in a page")
    return {"model": "one", "app": name}


def _mistake(name: str, step: Step) -> dict[str, Any]:
    """The wrong module that is put over the right one."""
    path = MUTANTS / name
    if not path.is_file():
        raise NoSuchCode(f"there is no mutant {name!r} in tests/mutants")
    one = Mutant.read(path)
    if one.step != step:
        raise BadPlayground(f"the mutant {name} is not of step {step.label}")
    module = PurePosixPath(one.module).name
    changed = max(file.stat().st_mtime_ns for file in (path, one.reference))
    return {"replace": {module: _source(one, changed)}, "mistake": one.mistake}


@lru_cache
def _source(one: Mutant, _changed: int) -> str:
    """The wrong module's text; it is made again when a file that it comes from has changed."""
    return one.source


def _json(value: object) -> str:
    """JSON that can stand in a script element: no `<` in it."""
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")
