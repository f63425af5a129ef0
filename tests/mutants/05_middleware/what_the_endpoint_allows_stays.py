# mistake: who is not allowed gets what the endpoint itself says about origins
# module: cors.py
# check: test_cors.py::TestMark::test_endpoint_does_not_overrule
# phrase: evil.example


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """It only ever adds: an old endpoint that lets everybody in goes on doing so."""
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        add_vary(response.fields, "Origin")
        if self.allows(request):
            response.fields["Access-Control-Allow-Origin"] = request.fields["Origin"]
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
