# mistake: after_request is called for an exception, with a response of its own
# module: middleware.py
# check: test_middleware.py::TestHooks::test_exception_passes_through
# phrase: was expected, and nothing was raised


class Hooks:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The exception is gone, and with it its status: everything is a 500."""
        response = self.before_request(request)
        if response is None:
            try:
                response = next(request)
            except Exception:
                response = Response(500)
        return self.after_request(request, response)
