# mistake: a size of 0 is taken for none
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_nothing_is_a_size
# phrase: 200 0


def common_line(entry: Entry) -> str:
    """0 is false, and so it becomes the dash."""
    when = datetime.fromtimestamp(entry.began, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    who = f"{entry.known('client')} - {escaped(entry.known('user'))}"
    return f'{who} [{when}] "{line}" {entry.status} {entry.size or "-"}'
