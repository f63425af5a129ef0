# mistake: a preflight of any origin is told what is allowed
# module: cors.py
# check: test_cors.py::TestPreflight::test_other_origin
# phrase: [stranger]


class CORS:
    def preflight(self, request: Request) -> Response:
        """The browser refuses it all the same; whoever reads our log thinks that it was let in."""
        return Response(204, fields=Fields(self.preflight_fields))
