# mistake: an answer of before_request is returned at once
# module: middleware.py
# check: test_middleware.py::TestHooks::test_short_circuit_has_an_after
# phrase: after_request did not run


class Hooks:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Whoever answers early loses the security headers, the log line and the cookie."""
        response = self.before_request(request)
        if response is not None:
            return response
        return self.after_request(request, next(request))
