# mistake: a traceback is written as it is, with the line ends in what a stranger has sent
# module: server_log.py
# check: test_server_log.py::test_stranger_writes_no_line
# phrase: GET /admin


def quoted(trace: str) -> str:
    """The traceback as Python writes it."""
    return trace.rstrip("\n")
