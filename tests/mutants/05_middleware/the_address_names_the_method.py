# mistake: takes the method from the query, too, as some frameworks do
# module: guards.py
# check: test_guards.py::TestMethodOverride::test_only_the_field
# phrase: DELETE


class MethodOverride:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A form cannot send fields of its own, so its action says it."""
        asked = dict(request.query).get("_method", "")
        wanted = (request.fields.get("X-HTTP-Method-Override") or asked).upper()
        if request.method != "POST" or not wanted:
            return next(request)
        if wanted not in OVERRIDES:
            raise HTTPError(400, f"A POST can stand for {', '.join(OVERRIDES)}, for nothing else.")
        return next(replace(request, method=wanted))
