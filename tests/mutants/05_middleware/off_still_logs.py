# mistake: the log has no off
# module: application.py
# check: test_server.py::test_log
# phrase: [off-0]


def application(
    folder: Path | None = None,
    token: str = "",
    origins: Collection[str] = (),
    log: str = "common",
    debug: bool = False,
) -> Chain:
    """A form that the log does not know is the common one."""
    return Chain(
        RequestId(),
        AccessLog(log if log in ("common", "json") else "common"),
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
