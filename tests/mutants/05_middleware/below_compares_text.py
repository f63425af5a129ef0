# mistake: the path is compared as it is written
# module: middleware.py
# check: test_middleware.py::TestBelow::test_below
# phrase: [encoded letter]


class Below:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The router decodes /%66iles/a.txt: so the guard has nothing to guard."""
        prefix = self.pattern.text.removesuffix("{rest:path}")
        is_below = f"{request.path}/".startswith(prefix)
        return compose(self.links, next)(request) if is_below else next(request)
