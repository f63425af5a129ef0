# mistake: only the request line is escaped
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_user_cannot_write_a_line
# phrase: [line feed]


def common_line(entry: Entry) -> str:
    """A user's name with a line feed in it writes a line of its own."""
    when = datetime.fromtimestamp(entry.began, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    who = f"{entry.known('client')} - {entry.known('user')}"
    size = "-" if entry.size is None else entry.size
    return f'{who} [{when}] "{line}" {entry.status} {size}'
