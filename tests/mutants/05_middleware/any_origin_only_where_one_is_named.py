# mistake: "*" stands only in the answers to requests that name an origin
# module: cors.py
# check: test_cors.py::TestMark::test_any_origin
# phrase: [any-None]


class CORS:
    def allows(self, request: Request) -> bool:
        """Whether the origin that the request comes from is one of ours: with "*" each is."""
        origin = request.fields.get("Origin")
        return origin in self.origins or ("*" in self.origins and bool(origin))

    def mark(self, request: Request, response: Response) -> None:
        """A cache keeps the answer without the field, and a script gets that and cannot read it."""
        for name in GRANTS:
            del response.fields[name]
        anybody = "*" in self.origins
        if not anybody:
            add_vary(response.fields, "Origin")
        if self.allows(request):
            name = "*" if anybody else request.fields["Origin"]
            response.fields["Access-Control-Allow-Origin"] = name
            if self.credentials:
                response.fields["Access-Control-Allow-Credentials"] = "true"
