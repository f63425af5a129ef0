# mistake: the time in JSON is that of the server's place
# module: access_log.py
# check: test_access_log.py::TestJsonLine::test_time_is_utc
# phrase: 1994-11-06T14:19:37.000+05:30


def json_line(entry: Entry) -> str:
    """It says so, and yet lines of two servers cannot be laid side by side."""
    began = datetime.fromtimestamp(entry.began).astimezone()
    return json.dumps(
        {
            "time": began.isoformat(timespec="milliseconds"),
            "client": entry.known("client"),
            "user": entry.known("user"),
            "request_id": entry.known("request_id"),
            "method": entry.request.method,
            "target": entry.target,
            "version": entry.request.version,
            "status": entry.status,
            "bytes": entry.size,
            "milliseconds": round(1000 * entry.seconds, 3),
            "user_agent": entry.request.fields.get("User-Agent", "-"),
        }
    )
