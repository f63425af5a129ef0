"""How many files and sockets a process may have open, on systems of all kinds."""

import pytest

import open_files as module
from open_files import MACOS_MOST, NO_LIMIT, open_files

UNLIMITED = -1


class System:
    """A system that allows `hard` files, and really no more than `most`."""

    RLIMIT_NOFILE = 7
    RLIM_INFINITY = UNLIMITED

    def __init__(self, soft: int, hard: int, most: int = 10**9) -> None:
        self.soft, self.hard, self.most = soft, hard, most

    def getrlimit(self, number: int) -> tuple[int, int]:
        """What is allowed now, and what may be asked for."""
        assert number == self.RLIMIT_NOFILE
        return self.soft, self.hard

    def setrlimit(self, number: int, limits: tuple[int, int]) -> None:
        """Allow so many. ValueError beyond the hard limit, OSError beyond what there is."""
        soft, hard = limits
        assert number == self.RLIMIT_NOFILE
        assert hard == self.hard, "the hard limit is not ours to change"
        if UNLIMITED != self.hard < soft:
            raise ValueError("not allowed to raise maximum limit")
        if soft == UNLIMITED or soft > self.most:
            raise OSError(22, "Invalid argument")
        self.soft = soft


@pytest.mark.parametrize(
    ("system", "wanted", "found"),
    [
        (System(256, 1_048_576), 3100, 3100),
        (System(4000, 1_048_576), 3100, 4000),
        (System(1024, 20_000), 50_000, 20_000),
        (System(100, 100), 3100, 100),
        (System(256, UNLIMITED, MACOS_MOST), 3100, 3100),
        (System(256, UNLIMITED, MACOS_MOST), 50_000, MACOS_MOST),
        (System(UNLIMITED, UNLIMITED), 3100, NO_LIMIT),
    ],
    ids=["raised", "enough", "all there is", "no more", "macOS", "macOS at most", "no limit"],
)
def test_as_many_as_wanted(monkeypatch, system, wanted, found):
    """It is raised to what is wanted, or as far as the system allows, and never for nothing."""
    monkeypatch.setattr(module, "resource", system)
    assert open_files(wanted) == found


def test_systems_without_limits(monkeypatch):
    """Where there are no limits, as on Windows, there are as many as one likes."""
    monkeypatch.setattr(module, "resource", None)
    assert open_files(3100) == NO_LIMIT
