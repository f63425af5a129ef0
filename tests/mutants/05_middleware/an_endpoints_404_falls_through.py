# mistake: every 404 of the router goes on to the next link
# module: sources.py
# check: test_sources.py::TestRoutes::test_404_of_an_endpoint_is_an_answer
# phrase: was expected, and nothing was raised


class Routes:
    def __call__(self, request: Request, next: Handler) -> Response:
        """An endpoint that says which note is missing is not heard."""
        try:
            return self.router(request)
        except HTTPError as error:
            if error.status != 404:
                raise
        return next(request)
