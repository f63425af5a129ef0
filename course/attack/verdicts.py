"""What an attack is, and how it says what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from course.attack.victim import Victim

MEGABYTE = 1024 * 1024


class Falls(Exception):
    """The attack has succeeded; the message is what was seen, in one line."""


class DoesNotApply(Exception):
    """The server cannot be attacked so; the message is the reason."""


Action = Callable[[Victim], str]
"""Attacks, and returns what was seen where the server stood. Raises Falls or DoesNotApply."""


@dataclass(frozen=True)
class Attack:
    """One way to attack."""

    name: str
    section: str
    """Where the defence is written, "" where it is nobody's rule but ours."""
    act: Action
    memory: int
    """How much more memory the server may take meanwhile, in bytes."""
    options: Mapping[str, str]
    """What the server is started with for this attack alone, if it has these options."""

    @property
    def title(self) -> str:
        """What it does, in a sentence."""
        return " ".join((self.act.__doc__ or "").split())


def attack(
    name: str,
    section: str = "",
    *,
    memory: int = 64 * MEGABYTE,
    options: Mapping[str, str] | None = None,
) -> Callable[[Action], Attack]:
    """Make an attack of a function, whose docstring says what it does."""
    return lambda act: Attack(name, section, act, memory, options or {})


def listed(things: Sequence[str], most: int = 3) -> str:
    """Some things by name, and how many more there are."""
    more = f" and {len(things) - most} more" if len(things) > most else ""
    return ", ".join(things[:most]) + more
