# mistake: the last colon ends the name
# module: auth.py
# check: test_auth.py::TestBasicAuth::test_password_may_have_colons
# phrase: 401


class BasicAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A password with a colon in it never fits."""
        user, colon, password = decoded(credentials(request, "Basic") or "").rpartition(":")
        right = same_secret(password, self.passwords.get(user, ""))
        if not (right and colon and user in self.passwords):
            challenge(
                "A name and a password are wanted.", f'Basic realm="{REALM}"', 'charset="UTF-8"'
            )
        request.context["user"] = user
        return next(request)
