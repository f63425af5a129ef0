# mistake: an unknown name has the empty password
# module: auth.py
# check: test_auth.py::TestBasicAuth::test_anybody_else
# phrase: was expected, and nothing was raised


class BasicAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """`get` with a default, and the default is a password."""
        user, _, password = decoded(credentials(request, "Basic") or "").partition(":")
        if not same_secret(password, self.passwords.get(user, "")):
            challenge(
                "A name and a password are wanted.", f'Basic realm="{REALM}"', 'charset="UTF-8"'
            )
        request.context["user"] = user
        return next(request)
