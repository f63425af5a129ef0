# mistake: LF alone ends a line
# module: request.py
# check: test_server.py::test_refused[GET / HTTP/1.1\nHost: a\n\n-400]
# phrase: wrong status: 200 came, 400 was expected


class RequestParser:
    """Reads one request."""

    def _line(self, limit: int, too_long: HTTPError) -> Generator[None, None, bytes]:
        while (end := self._received.find(b"\n")) < 0:
            check_line(self._received, limit, too_long)
            yield
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        check_line(line, limit, too_long)
        return line.removesuffix(b"\r")
