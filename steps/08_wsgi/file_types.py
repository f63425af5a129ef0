"""Which media type a file has, by the ending of its name (RFC 9110, section 8.3)."""

import mimetypes
from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
"""Just bytes: a browser saves them and does not try to show them."""

PINNED = {
    ".avif": "image/avif",
    ".bz2": "application/x-bzip2",
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "text/xml",
    ".xz": "application/x-xz",
    ".zip": "application/zip",
    ".zst": "application/zstd",
}
"""What the web is made of, written down here: older Pythons do not know all of it, and on
Windows any program may write its own idea of ".js" into the registry."""

BUILT_IN = mimetypes.MimeTypes().types_map[True]
"""Python's own table, as it was before the machine's registry and files were read into it."""


def type_of(name: str) -> str:
    """The media type of a file with this name; UNKNOWN where its ending tells us nothing.

    The last ending counts, in whatever case: logo.PNG is an image, site.tar.gz is gzip. PINNED
    goes before BUILT_IN. There is no charset: the file itself declares that.
    """
    ending = PurePosixPath(name).suffix.lower()
    return PINNED.get(ending) or BUILT_IN.get(ending, UNKNOWN)
