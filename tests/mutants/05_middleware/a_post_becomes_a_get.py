# mistake: the override takes any method
# module: guards.py
# check: test_guards.py::TestMethodOverride::test_nothing_else
# phrase: was expected, and nothing was raised


class MethodOverride:
    def __call__(self, request: Request, next: Handler) -> Response:
        """What guards the unsafe methods lets a GET pass, though it came as a POST."""
        wanted = request.fields.get("X-HTTP-Method-Override").upper()
        if request.method != "POST" or not wanted:
            return next(request)
        return next(replace(request, method=wanted))
