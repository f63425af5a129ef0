# mistake: a user's name may have spaces, and so columns of its own
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_space_in_a_name
# phrase: a space ends the user's column


def common_line(entry: Entry) -> str:
    """Escape the quotes, as in the request line."""
    when = datetime.fromtimestamp(entry.began, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
    line = escaped(f"{entry.request.method} {entry.target} {entry.request.version}")
    size = "-" if entry.size is None else entry.size
    user = escaped(entry.known("user"))
    return f'{entry.known("client")} - {user} [{when}] "{line}" {entry.status} {size}'
