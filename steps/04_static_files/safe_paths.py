"""From a path in a request to a file in a folder, and never to one outside it."""

import re
from pathlib import Path

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:]")
"""Characters that separate folders on one system or another, drive letters, and controls."""

DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
"""On Windows these names mean a device in every folder, with any ending."""


def is_safe_name(name: str) -> bool:
    """Whether the name can only mean an entry of the folder that it is looked up in.

    Not so: "." and "..", all else that begins with a dot (.git, .env: files not meant for
    visitors), and what means something else on Windows: devices, and a dot or a space at the
    end, which Windows drops. It is the same everywhere, so that a site can move.
    """
    if not name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)


def locate(root: Path, path: str) -> Path | None:
    """What a decoded path means under `root`, a folder that is resolved already; None for nothing.

    Each name must be safe. Then the file system is asked where the path really leads, symbolic
    links followed, and the answer must lie in the root: compared name by name, as "/srv/site"
    is also how "/srv/site-secret" begins. A path may end with a slash.
    """
    names = path.removesuffix("/").split("/") if path else []
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None  # Not there, a name too long, a loop of links (RuntimeError until 3.13).
    if not found.is_relative_to(root) or not all(map(is_safe_name, found.relative_to(root).parts)):
        return None
    return found
