# mistake: before_request is called, and its answer forgotten
# module: middleware.py
# check: test_middleware.py::TestHooks::test_short_circuit_has_an_after
# phrase: next was called, though before_request has answered


class Hooks:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Who is to be turned away is let in all the same."""
        answer = self.before_request(request)
        response = next(request)
        return self.after_request(request, answer or response)
