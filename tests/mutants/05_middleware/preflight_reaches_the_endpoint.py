# mistake: the endpoint is asked about a preflight, too
# module: cors.py
# check: test_cors.py::TestPreflight::test_endpoint_is_never_asked
# phrase: 401


class CORS:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Where a login is wanted, each preflight is 401, and the browser gives up."""
        response = next(request)
        if is_preflight(request) and response.status < 400:
            response = self.preflight(request)
        elif self.exposed and self.allows(request):
            response.fields["Access-Control-Expose-Headers"] = self.exposed
        self.mark(request, response)
        return response
