# mistake: takes the clock that measures, and counts from nowhere, for the one that knows the date
# module: access_log.py
# check: test_access_log.py::TestAccessLog::test_when_and_how_long
# phrase: this is not when it came in


class AccessLog:
    def __call__(self, request: Request, next: Handler) -> Response:
        """One clock for both."""
        began = time.perf_counter()
        status, size = 500, None
        try:
            response = next(request)
            status, size = response.status, size_of(request, response)
            return response
        except HTTPError as error:
            status = error.status
            raise
        finally:
            seconds = time.perf_counter() - began
            self.write(self.line(Entry(request, status, size, began, seconds)))
