# mistake: an HTTPError that passes is written down as a 500
# module: access_log.py
# check: test_access_log.py::TestAccessLog::test_exception_has_a_line
# phrase: 404


class AccessLog:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Each page that is not there looks like a mistake of the server."""
        began, start = time.time(), time.perf_counter()
        status, size = 500, None
        try:
            response = next(request)
            status, size = response.status, size_of(request, response)
            return response
        finally:
            seconds = time.perf_counter() - start
            self.write(self.line(Entry(request, status, size, began, seconds)))
