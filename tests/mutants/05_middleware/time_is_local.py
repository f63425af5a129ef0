# mistake: the time is that of the server's place, and says that it is UTC
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_time_is_utc
# phrase: this is not the time in UTC


def common_line(entry: Entry) -> str:
    """Right in Greenwich, in winter."""
    when = datetime.fromtimestamp(entry.began).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    user = escaped(entry.known("user")).replace(" ", r"\x20")
    size = "-" if entry.size is None else entry.size
    return f'{entry.known("client")} - {user} [{when}] "{line}" {entry.status} {size}'
