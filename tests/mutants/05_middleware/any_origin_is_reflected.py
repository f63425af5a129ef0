# mistake: whatever origin is sent is allowed, with credentials
# module: cors.py
# check: test_cors.py::TestMark::test_other_origin
# phrase: https://evil.example


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """It works with "*" and credentials at last: with those of every site's visitors."""
        for name in GRANTS:
            del response.fields[name]
        add_vary(response.fields, "Origin")
        if origin := request.fields.get("Origin"):
            response.fields["Access-Control-Allow-Origin"] = origin
            response.fields["Access-Control-Allow-Credentials"] = "true"
