# mistake: the line has the time at which it was written
# module: access_log.py
# check: test_access_log.py::TestAccessLog::test_when_and_how_long
# phrase: this is not when it came in


class AccessLog:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A request that took a minute seems to have come a minute later."""
        start = time.perf_counter()
        status, size = 500, None
        try:
            response = next(request)
            status, size = response.status, size_of(request, response)
            return response
        except HTTPError as error:
            status = error.status
            raise
        finally:
            seconds = time.perf_counter() - start
            self.write(self.line(Entry(request, status, size, time.time(), seconds)))
