# mistake: Vary is missing where the origin is not allowed, or not there
# module: cors.py
# check: test_cors.py::TestMark::test_vary
# phrase: [None]


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """A cache keeps the answer without the field, and gives it to a site that is allowed."""
        if self.allows(request):
            if "*" not in self.origins:
                add_vary(response.fields, "Origin")
            name = "*" if "*" in self.origins else request.fields["Origin"]
            response.fields["Access-Control-Allow-Origin"] = name
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
