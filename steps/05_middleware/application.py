"""The whole demo application: the links that answer, and those that look after every answer."""

from collections.abc import Collection
from pathlib import Path

from access_log import AccessLog
from app import router
from auth import BearerAuth
from cors import CORS
from error_pages import ErrorPages
from guards import BodyLimit, MethodOverride, OwnPages, SecurityHeaders
from middleware import Below, Chain, Link
from router import Router
from sources import Files, NotFound, Routes
from tracing import RequestId, ServerTiming
from uploads import Uploads

PUBLIC = Path(__file__).parent / "public"
"""What is served under /static/ unless another folder is named."""

DOORS = ("/files/", "/static/")
"""Below both of these the folder that takes uploads can be read: a guard at one would be none."""

NOTES_BYTES = 256 * 1024
"""The longest body that /api/notes takes: no note can be so long."""


def application(
    folder: Path | None = None,
    token: str = "",
    origins: Collection[str] = (),
    log: str = "common",
    debug: bool = False,
) -> Chain:
    """The whole application as a handler: what answers, behind what looks after all answers.

    It serves the files in PUBLIC, or those of a folder that takes uploads, too: open to everybody
    on our own pages, or with a token to whoever has that. `origins` are the other sites whose
    scripts may read the answers. `log` is one of access_log.FORMATS, or "off".
    """
    return Chain(
        RequestId(),
        *([AccessLog(log)] if log != "off" else []),
        ServerTiming(),
        SecurityHeaders(),
        CORS(origins),
        ErrorPages(debug),
        OwnPages(origins),
        MethodOverride(),
        Below("/api/notes/", BodyLimit(NOTES_BYTES)),
        *(uploads(folder, token) if folder else []),
        Files("/static/", folder or PUBLIC),
        Routes(router),
        NotFound(),
    )


def uploads(folder: Path, token: str) -> list[Link]:
    """The links that let clients put files into a folder, and read them; with a token, guarded."""
    files = Router()
    Uploads(folder, files)
    guards = [Below(door, BearerAuth({"owner": token})) for door in DOORS] if token else []
    return [*guards, Routes(files)]
