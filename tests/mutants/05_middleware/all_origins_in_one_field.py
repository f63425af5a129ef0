# mistake: every allowed origin is listed
# module: cors.py
# check: test_cors.py::TestMark::test_allowed_origin_is_named
# phrase: Access-Control-Allow-Origin


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """A browser wants one origin, or "*": a list is neither."""
        for name in GRANTS:
            del response.fields[name]
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        add_vary(response.fields, "Origin")
        if self.allows(request):
            response.fields["Access-Control-Allow-Origin"] = ", ".join(sorted(self.origins))
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
