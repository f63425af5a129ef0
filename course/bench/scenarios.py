"""What is measured: who asks for what, how many at a time, and who else is there meanwhile."""

from dataclasses import dataclass

ALL: tuple[str, ...] = ()
"""No names of models: every model."""


@dataclass(frozen=True)
class Company:
    """Clients that are there beside those who are measured."""

    drip: int = 0
    """Send a request byte by byte, and never finish it."""
    read: int = 0
    """Ask for a large answer, and take it a little at a time."""
    idle: int = 0
    """Connect, and say nothing."""

    @property
    def total(self) -> int:
        """How many they are."""
        return self.drip + self.read + self.idle


@dataclass(frozen=True)
class Scenario:
    """One question to a server, asked of every model."""

    name: str
    title: str
    about: str
    path: str
    connections: int
    """So many clients, each of which asks again as soon as it has its answer."""
    patience: float = 2.0
    """How many seconds an answer may take that is not there at the end."""
    company: Company = Company()
    repetitions: int | None = None
    """How often, where that is not what the settings say."""
    only: tuple[str, ...] = ALL
    kept: bool = False
    """Whether each client keeps its connection, after a part in which it takes a new one for each
    request, for comparison."""
    needs: str = ""
    """The module that a step must have for it; most need none."""
    second_opinion: bool = False
    """Whether wrk and oha are asked too. They take no notice of an answer that comes after their
    time, so what is slow seems faster to them."""


@dataclass(frozen=True)
class Settings:
    """How long everything takes, in seconds, and how often it is done."""

    warm_up: float
    window: float
    repetitions: int
    haste: float = 1.0
    """What the patience of each scenario is multiplied with."""


FULL = Settings(warm_up=0.3, window=1.0, repetitions=3)
QUICK = Settings(warm_up=0.1, window=0.25, repetitions=1, haste=0.5)

WAIT_SECONDS = 0.05
COMPUTE_SECONDS = 0.02

SCENARIOS = (
    Scenario(
        "fast",
        "A handler that answers at once",
        "32 clients; the handler does nothing but echo a word.",
        "/fast",
        32,
        second_opinion=True,
    ),
    Scenario(
        "kept",
        "A new connection for each request, or a kept one",
        "32 clients and the handler that echoes a word; first every request on a connection of its "
        "own, then all of a client's requests on one.",
        "/fast",
        32,
        kept=True,
        needs="persistence",
    ),
    Scenario(
        "waiting",
        "A handler that waits 50 ms",
        "64 clients; the handler sleeps, as if it asked a database.",
        "/waiting",
        64,
        patience=10.0,
    ),
    Scenario(
        "computing",
        "A handler that computes for 20 ms",
        "8 clients; the handler is busy in pure Python.",
        "/computing",
        8,
    ),
    Scenario(
        "slow-few",
        "Beside 6 slow clients",
        "4 fast clients, alone and then beside 3 that send a byte at a time and 3 that take a "
        "large answer a little at a time.",
        "/fast",
        4,
        company=Company(drip=3, read=3),
    ),
    Scenario(
        "slow-many",
        "Beside 40 slow clients",
        "4 fast clients, alone and then beside 20 that send a byte at a time and 20 that take a "
        "large answer a little at a time.",
        "/fast",
        4,
        company=Company(drip=20, read=20),
        repetitions=1,
    ),
    Scenario(
        "idle",
        "Beside 1,000 idle connections",
        "1 client, alone and then beside 1,000 connections that say nothing.",
        "/fast",
        1,
        company=Company(idle=1000),
        repetitions=1,
    ),
    Scenario(
        "ten-thousand",
        "Beside 10,000 idle connections",
        "1 client, alone and then beside 10,000 connections that say nothing. For the two "
        "models that hold a connection without a thread or a process.",
        "/fast",
        1,
        company=Company(idle=10_000),
        only=("selectors", "asyncio"),
    ),
)
