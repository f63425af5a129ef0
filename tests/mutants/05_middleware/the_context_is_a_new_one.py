# mistake: the request with the other method forgets where it came from
# module: guards.py
# check: test_guards.py::TestMethodOverride::test_context_is_the_same
# phrase: KeyError: 'user'


class MethodOverride:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The log, outside, never learns who the user was."""
        wanted = request.fields.get("X-HTTP-Method-Override").upper()
        if request.method != "POST" or not wanted:
            return next(request)
        if wanted not in OVERRIDES:
            raise HTTPError(400, f"A POST can stand for {', '.join(OVERRIDES)}, for nothing else.")
        return next(replace(request, method=wanted, context={}))
