# mistake: a line is measured once its end has come
# module: request.py
# check: test_server.py::test_answered_before_its_end[long request line]
# phrase: nothing for 2.0 s


class RequestParser:
    """Reads one request."""

    def _line(self, limit: int, too_long: HTTPError) -> Generator[None, None, bytes]:
        while (end := self._received.find(b"\n")) < 0:
            yield
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        check_line(line, limit, too_long)
        if not line.endswith(b"\r"):
            raise HTTPError(400, "A line ends with CR and LF together, not with LF alone.")
        return line[:-1]
