"""From a path in a request to a file in a folder, and never to one outside it."""

import re
from pathlib import Path

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:]|~[0-9]")
"""Characters that separate folders on one system or another, drive letters, controls, and the
mark of a short name: on Windows ENV~1 may be another name for .env."""

DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
"""On Windows these names mean a device in every folder, with any ending."""


def is_safe_name(name: str) -> bool:
    """Whether the name can only mean an entry of the folder that it is looked up in.

    Not so: the empty name, "." and "..", all else that begins with a dot (.git, .env: files not
    meant for visitors), something FORBIDDEN anywhere, and what means something else on Windows:
    a DEVICE, or a dot or a space at the end, which Windows drops. All other names are safe, such
    as "a..b" and "100%". It is the same on every system, so that a site can move.
    """
    if not name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)


def locate(root: Path, path: str) -> Path | None:
    """The file or folder that a decoded path means under `root`, a folder resolved already.

    None where there is nothing to be shown. Each name in the path must be safe. Then the file
    system is asked where it really leads, symbolic links followed: the answer must lie in the
    root, and its names from there on must be safe, too. Compare name by name: "/srv/site" is
    also how "/srv/site-secret" begins. "" is the root itself; a path may end with a slash.
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
