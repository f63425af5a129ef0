# mistake: Vary is missing where the origin is not allowed, or not there
# module: cors.py
# check: test_cors.py::TestMark::test_vary
# phrase: [None]


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """A cache keeps the answer without the field, and gives it to a site that is allowed."""
        for name in GRANTS:
            del response.fields[name]
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        if self.allows(request):
            add_vary(response.fields, "Origin")
            response.fields["Access-Control-Allow-Origin"] = request.fields["Origin"]
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
