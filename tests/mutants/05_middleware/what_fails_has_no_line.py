# mistake: the line is written where the rest has answered
# module: access_log.py
# check: test_access_log.py::TestAccessLog::test_exception_has_a_line
# phrase: a request that failed has no line in the log


class AccessLog:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The requests that one looks for in a log are those that failed."""
        began, start = time.time(), time.perf_counter()
        response = next(request)
        seconds = time.perf_counter() - start
        size = size_of(request, response)
        self.write(self.line(Entry(request, response.status, size, began, seconds)))
        return response
