# mistake: what helped while it was written stayed in it: tracebacks on every page
# module: application.py
# check: test_server.py::TestCrash::test_shows_nothing
# phrase: a stranger learns this


def application(
    folder: Path | None = None,
    token: str = "",
    origins: Collection[str] = (),
    log: str = "common",
    debug: bool = False,
) -> Chain:
    """The link is right, and its tests pass: it is the chain that asks for too much."""
    return Chain(
        RequestId(),
        *([AccessLog(log)] if log != "off" else []),
        ServerTiming(),
        SecurityHeaders(),
        CORS(origins),
        ErrorPages(True),
        OwnPages(origins),
        MethodOverride(),
        Below("/api/notes/", BodyLimit(NOTES_BYTES)),
        *(uploads(folder, token) if folder else []),
        Files("/static/", folder or PUBLIC),
        Routes(router),
        NotFound(),
    )
