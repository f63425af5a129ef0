# mistake: the end is taken for the beginning, and nothing has ever taken time
# module: access_log.py
# check: test_access_log.py::TestAccessLog::test_when_and_how_long
# phrase: this is not how long the rest took


class AccessLog:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Both readings of the clock stand at the end."""
        began = time.time()
        status, size = 500, None
        try:
            response = next(request)
            status, size = response.status, size_of(request, response)
            return response
        except HTTPError as error:
            status = error.status
            raise
        finally:
            start = time.perf_counter()
            seconds = time.perf_counter() - start
            self.write(self.line(Entry(request, status, size, began, seconds)))
