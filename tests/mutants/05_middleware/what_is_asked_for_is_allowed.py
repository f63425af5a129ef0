# mistake: the preflight's answer repeats its question
# module: cors.py
# check: test_cors.py::TestPreflight::test_what_was_asked_is_not_repeated
# phrase: TRACE


class CORS:
    def preflight(self, request: Request) -> Response:
        """Whatever a script wants, it may."""
        if not self.allows(request):
            error = HTTPError(403, "Scripts of this origin may not use this server.")
            return error_response(error, request.fields.get("Accept"))
        fields = Fields(self.preflight_fields)
        fields["Access-Control-Allow-Methods"] = request.fields["Access-Control-Request-Method"]
        return Response(204, fields=fields)
