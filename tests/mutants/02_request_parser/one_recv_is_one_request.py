# mistake: what has come is taken for the whole request
# module: request.py
# check: test_request.py::TestParser::test_split_at_every_place
# phrase: assert 400 is None


class RequestParser:
    """Reads one request."""

    def _line(self, limit: int, too_long: HTTPError) -> Generator[None, None, bytes]:
        end = self._received.find(b"\n")
        if end < 0:
            raise HTTPError(400, "The request ends in the middle of a line.")
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        check_line(line, limit, too_long)
        if not line.endswith(b"\r"):
            raise HTTPError(400, "A line ends with CR and LF together, not with LF alone.")
        return line[:-1]
        yield
