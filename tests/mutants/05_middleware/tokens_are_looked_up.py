# mistake: the token is a key of a dict
# module: auth.py
# check: test_auth.py::TestSameSecret::test_source_has_no_other_comparison
# phrase: BearerAuth.__call__ compares by itself


class BearerAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A dict compares by ==, in the end."""
        token = credentials(request, "Bearer")
        if token is None:
            challenge("A token is wanted, as a Bearer.", f'Bearer realm="{REALM}"')
        owners = {known: name for name, known in self.tokens.items()}
        if token not in owners:
            detail = "This token is not known."
            challenge(detail, f'Bearer realm="{REALM}"', 'error="invalid_token"')
        request.context["user"] = owners[token]
        return next(request)
