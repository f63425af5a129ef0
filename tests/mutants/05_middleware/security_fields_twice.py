# mistake: the fields are added to those that are there
# module: guards.py
# check: test_guards.py::TestSecurityHeaders::test_answer_knows_better
# phrase: special


class SecurityHeaders(Hooks):
    def after_request(self, request: Request, response: Response) -> Response:
        """Of two policies a browser obeys both: the page that knew better breaks."""
        for name, value in SECURITY_FIELDS.items():
            response.fields.add(name, value)
        return response
