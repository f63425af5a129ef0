"""Open files: each socket is one, and a process may have only so many."""

import contextlib

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

EACH = 2
"""What a connection takes: a socket, and a file that is sent on it."""

SPARE = 100
"""What is kept for all that is no connection: logs, queues, clients that are turned away."""

NO_LIMIT = 1_000_000

MACOS_MOST = 10240
"""macOS says that there is no limit, and then refuses more than these."""


def open_files(wanted: int) -> int:
    """How many files and sockets this process may have open: if we can get it, what is wanted."""
    if resource is None:
        return NO_LIMIT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < wanted:
        for more in (wanted, hard, MACOS_MOST):
            with contextlib.suppress(ValueError, OSError):  # more than this system, or we, may have
                resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
                break
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return NO_LIMIT if soft == resource.RLIM_INFINITY else soft
