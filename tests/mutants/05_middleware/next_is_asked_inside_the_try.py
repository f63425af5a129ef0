# mistake: a 404 from behind is taken for the router's
# module: sources.py
# check: test_sources.py::TestRoutes::test_404_from_behind_passes
# phrase: There is nothing at this address.


class Routes:
    def __call__(self, request: Request, next: Handler) -> Response:
        """What the links behind have to say about it is lost."""
        try:
            if self.router.matching(request.path) or self.router.with_other_slash(request):
                return self.router(request)
            return next(request)
        except HTTPError as error:
            if error.status != 404:
                raise
            return self.router(request)
