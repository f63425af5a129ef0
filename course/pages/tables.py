"""Small TOML files under `docs/`: a list of tables, each with a name of its own."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.pages.text import DOCS
from course.steps import CourseError

Table = Mapping[str, Any]


class NoSuchTable(CourseError):
    """A page names what its TOML file does not have, or the file is not as it should be."""


def table(folder: str, name: str) -> Table:
    """The table that "02/request" names: in docs/FOLDER/02.toml, the one called "request"."""
    file, _, wanted = name.partition("/")
    for one in tables(folder, file):
        if one.get("name") == wanted:
            return one
    names = ", ".join(str(one.get("name")) for one in tables(folder, file)) or "none"
    raise NoSuchTable(f"docs/{folder}/{file}.toml has no {wanted!r}; it has: {names}")


def tables(folder: str, file: str) -> list[Table]:
    """All tables of a file: it holds one list, [[figure]] in figures, [[request]] in requests."""
    path = DOCS / folder / f"{file}.toml"
    try:
        content = read(path, path.stat().st_mtime_ns)
    except OSError:
        raise NoSuchTable(f"there is no docs/{folder}/{file}.toml") from None
    except tomllib.TOMLDecodeError as error:
        raise NoSuchTable(f"docs/{folder}/{file}.toml: {error}") from None
    found = content.get(folder.removesuffix("s"), [])
    return found if isinstance(found, list) else []


@lru_cache
def read(path: Path, _changed: int) -> Table:
    """A TOML file; it is read again when it has changed."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def field(one: Table, name: str, where: str) -> Any:
    """A field that has to be there."""
    if name not in one:
        raise NoSuchTable(f"{where} lacks the field {name!r}")
    return one[name]
