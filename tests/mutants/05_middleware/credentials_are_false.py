# mistake: where there are no credentials the field says so
# module: cors.py
# check: test_cors.py::TestMark::test_without_credentials_no_word_of_them
# phrase: Access-Control-Allow-Credentials


class CORS:
    def mark(self, request: Request, response: Response) -> None:
        """Only "true" means something in this field."""
        for name in GRANTS:
            del response.fields[name]
        if "*" in self.origins:
            response.fields["Access-Control-Allow-Origin"] = "*"
            return
        add_vary(response.fields, "Origin")
        if self.allows(request):
            response.fields["Access-Control-Allow-Origin"] = request.fields["Origin"]
            response.fields["Access-Control-Allow-Credentials"] = str(self.credentials).lower()
