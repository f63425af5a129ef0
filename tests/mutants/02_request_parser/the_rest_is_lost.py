# mistake: what comes behind a request is thrown away
# module: request.py
# check: test_request.py::TestParser::test_several_requests_in_one_piece
# phrase: a request that came behind another one is lost


class RequestParser:
    """Reads one request."""

    @property
    def rest(self) -> bytes:
        """Nothing."""
        return b""
