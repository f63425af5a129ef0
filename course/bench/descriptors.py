"""How many files and sockets a process may have open, and how to have more."""

import contextlib

try:
    import resource
except ImportError:  # Windows has no such limit for sockets
    resource = None  # type: ignore[assignment]

NO_LIMIT = 1_000_000

MACOS_MOST = 10_240
"""macOS says that there is no limit, and then refuses more than these."""


def raise_limit() -> int:
    """Let this process have as many as it can get, and tell how many that is."""
    if resource is None:
        return NO_LIMIT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, MACOS_MOST):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
            break
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return NO_LIMIT if soft == resource.RLIM_INFINITY else soft
