# mistake: two Host fields pass where they agree
# module: request.py
# check: test_request.py::TestParser::test_host
# phrase: these bytes are to be refused, not ('GET'


def check_host(version: str, fields: Fields) -> None:
    """Count different hosts."""
    hosts = list(dict.fromkeys(fields.get_all("Host")))
    if len(hosts) > 1 or (not hosts and version != "HTTP/1.0"):
        raise HTTPError(400, "A request has one Host field.")
    if hosts and not is_authority(hosts[0]):
        raise HTTPError(400, "The Host field is not a host with or without a port.")
