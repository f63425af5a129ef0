# mistake: a JSON line is made with quotes and braces
# module: access_log.py
# check: test_access_log.py::TestJsonLine::test_stays_on_its_line
# phrase: [quote]


def json_line(entry: Entry) -> str:
    """A quote in the target ends the text, and what follows is the stranger's."""
    parts = {
        "time": datetime.fromtimestamp(entry.began, UTC).isoformat(timespec="milliseconds"),
        "user": entry.known("user"),
        "target": entry.target,
    }
    return "{" + ", ".join(f'"{name}": "{value}"' for name, value in parts.items()) + "}"
