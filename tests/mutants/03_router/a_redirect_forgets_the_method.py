# mistake: redirected by 301, after which a POST becomes a GET
# module: router.py
# check: test_server.py::test_slash_too_many
# phrase: expected 308 here


class Router:
    def __call__(self, request: Request) -> Response:
        """Moved, as it was done in 1996."""
        if request.method not in METHODS:
            raise HTTPError(501, "This server does not implement this method.")
        if request.path == "*":
            return options_response(METHODS)
        if location := self.with_other_slash(request):
            return Response.redirect(location, 301)
        endpoint, values = self.find(request.method, request.path)
        return endpoint(request, **values)
