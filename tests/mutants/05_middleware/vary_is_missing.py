# mistake: a cache is not told that the answer depends on the origin
# module: cors.py
# check: test_cors.py::TestMark::test_vary
# phrase: Origin


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """The answer for one site is kept, and given to another: its script is refused."""
        for name in GRANTS:
            del response.fields[name]
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        if self.allows(request):
            response.fields["Access-Control-Allow-Origin"] = request.fields["Origin"]
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
