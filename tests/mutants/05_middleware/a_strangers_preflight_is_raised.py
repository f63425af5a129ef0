# mistake: the preflight of a stranger is refused by an exception
# module: cors.py
# check: test_cors.py::TestMark::test_vary
# phrase: it is a response to be returned


class CORS:
    def preflight(self, request: Request) -> Response:
        """It flies past `mark`, and a cache is not told that the answer depends on the origin."""
        if not self.allows(request):
            raise HTTPError(403, "Scripts of this origin may not use this server.")
        return Response(204, fields=Fields(self.preflight_fields))
