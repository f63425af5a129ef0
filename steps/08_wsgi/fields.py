"""Field lines: the names and values in the head of a message (RFC 9110, section 5)."""

import re
from collections.abc import Iterable, Iterator, Mapping

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""token = 1*tchar (RFC 9110, section 5.6.2): what a method and a field name are made of."""

FIELD_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
"""Visible characters, spaces, tabs and obs-text (RFC 9110, section 5.5): never CR, LF or NUL,
with which a value could end its line and begin one of its own (response splitting)."""


class Fields:
    """Field lines in the order in which they came. Names match whatever their case.

    A name may stand on several lines. Reading it gives their values joined with ", ", which
    means the same (RFC 9110, section 5.3); `get_all` gives them apart, as Set-Cookie needs.
    """

    def __init__(self, lines: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._lines: list[tuple[str, str]] = []
        for name, value in lines.items() if isinstance(lines, Mapping) else lines:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Append a line; ValueError where the name is no token, or the value could break out."""
        if not TOKEN.fullmatch(name):
            raise ValueError(f"a field name is one or more token characters, not {name!r}")
        if not FIELD_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name} has a character that no field value may have")
        self._lines.append((name, value.strip(" \t")))

    def get_all(self, name: str) -> list[str]:
        """The value of each line of that name, in order; empty where there is none."""
        return [value for known, value in self._lines if known.lower() == name.lower()]

    def get(self, name: str, default: str = "") -> str:
        """The values of that name joined with ", ", or the default where there is no such line."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def __getitem__(self, name: str) -> str:
        """As `get`; KeyError where there is no such line."""
        if name not in self:
            raise KeyError(name)
        return self.get(name)

    def __setitem__(self, name: str, value: str) -> None:
        """Put one line in the place of all lines of that name."""
        del self[name]
        self.add(name, value)

    def __delitem__(self, name: str) -> None:
        """Remove all lines of that name, if there are any."""
        self._lines = [line for line in self._lines if line[0].lower() != name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The lines, as pairs of name and value."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def __repr__(self) -> str:
        return f"Fields({self._lines!r})"
