# mistake: compares as much of a password as bcrypt does
# module: auth.py
# check: test_auth.py::TestBasicAuth::test_whole_password_counts
# phrase: HTTPError was expected, and nothing was raised


class BasicAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Whoever knows the beginning of a long password comes in."""
        user, colon, password = decoded(credentials(request, "Basic") or "").partition(":")
        right = same_secret(password[:72], self.passwords.get(user, "")[:72])
        if not (right and colon and user in self.passwords):
            challenge(
                "A name and a password are wanted.", f'Basic realm="{REALM}"', 'charset="UTF-8"'
            )
        request.context["user"] = user
        return next(request)
