# mistake: writers of different processes do not take turns
# module: application.py
# check: test_shared_state.py::test_turn_of_writers[processes]
# phrase: StateOfProcesses
def application(
    folder: Path | None = None,
    token: str = "",
    origins: Collection[str] = (),
    log: str = "common",
    debug: bool = False,
    processes: bool = False,
) -> Chain:
    """The whole application as a handler: what answers, behind what looks after all answers."""
    if processes:
        notes.share()
    turn = SharedState()
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
        *(uploads(folder, token, turn) if folder else []),
        Files("/static/", folder or PUBLIC),
        Routes(router),
        NotFound(),
    )
