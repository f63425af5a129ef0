# mistake: who has sent no token is told that it is wrong
# module: auth.py
# check: test_auth.py::TestBearerAuth::test_no_token
# phrase: invalid_token


class BearerAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """RFC 6750 wants no error code there: the client has not tried anything yet."""
        owner = self.owner(credentials(request, "Bearer") or "")
        if owner is None:
            detail = "This token is not known."
            challenge(detail, f'Bearer realm="{REALM}"', 'error="invalid_token"')
        request.context["user"] = owner
        return next(request)
