# mistake: the time is that of the server's place, and says that it is UTC
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_example
# phrase: 06/Nov/1994


def common_line(entry: Entry) -> str:
    """In a place where it is later than in Greenwich."""
    from datetime import timedelta, timezone

    place = timezone(timedelta(hours=2))
    when = datetime.fromtimestamp(entry.began, place).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    who = f"{entry.known('client')} - {escaped(entry.known('user'))}"
    size = "-" if entry.size is None else entry.size
    return f'{who} [{when}] "{line}" {entry.status} {size}'
