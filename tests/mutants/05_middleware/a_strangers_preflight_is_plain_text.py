# mistake: forgets that an error has the form that the client prefers
# module: cors.py
# check: test_cors.py::test_refusal_in_the_form_that_is_asked_for
# phrase: error_response takes the field Accept, too


class CORS:
    def preflight(self, request: Request) -> Response:
        """Plain text, whoever asks."""
        if not self.allows(request):
            error = HTTPError(403, "Scripts of this origin may not use this server.")
            return error_response(error)
        return Response(204, fields=Fields(self.preflight_fields))
