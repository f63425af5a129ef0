# mistake: what begins with the same letters is below it
# module: middleware.py
# check: test_middleware.py::TestBelow::test_beside
# phrase: [longer name]


class Below:
    def __call__(self, request: Request, next: Handler) -> Response:
        """/filesystem is not below /files."""
        path = Pattern("/{all:path}").match(request.path) or {"all": ""}
        prefix = self.pattern.text.removesuffix("/{rest:path}")
        is_below = f"/{path['all']}".startswith(prefix)
        return compose(self.links, next)(request) if is_below else next(request)
