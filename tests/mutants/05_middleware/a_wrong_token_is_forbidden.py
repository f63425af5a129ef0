# mistake: a token that is not known is 403
# module: auth.py
# check: test_auth.py::TestBearerAuth::test_wrong_token
# phrase: 403


class BearerAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """403 says: we know who you are, and you may not."""
        token = credentials(request, "Bearer")
        if token is None:
            challenge("A token is wanted, as a Bearer.", f'Bearer realm="{REALM}"')
        owner = self.owner(token)
        if owner is None:
            raise HTTPError(403, "This token is not known.")
        request.context["user"] = owner
        return next(request)
