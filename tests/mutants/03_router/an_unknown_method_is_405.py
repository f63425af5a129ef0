# mistake: an unknown method is answered 405, not 501
# module: router.py
# check: test_server.py::test_unknown_method
# phrase: expected 501 here


class Router:
    def __call__(self, request: Request) -> Response:
        """Nothing is unknown here."""
        if request.path == "*":
            return options_response(METHODS)
        if location := self.with_other_slash(request):
            return Response.redirect(location, 308)
        endpoint, values = self.find(request.method, request.path)
        return endpoint(request, **values)
