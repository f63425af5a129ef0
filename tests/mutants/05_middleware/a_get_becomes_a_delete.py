# mistake: the override counts for every method
# module: guards.py
# check: test_guards.py::TestMethodOverride::test_only_post
# phrase: [GET]


class MethodOverride:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A GET that deletes passes all that lets only safe methods pass."""
        wanted = request.fields.get("X-HTTP-Method-Override").upper()
        if not wanted:
            return next(request)
        if wanted not in OVERRIDES:
            raise HTTPError(400, f"A POST can stand for {', '.join(OVERRIDES)}, for nothing else.")
        return next(replace(request, method=wanted))
