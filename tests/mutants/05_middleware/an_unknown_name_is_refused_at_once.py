# mistake: no comparison is made for a name that nobody has
# module: auth.py
# check: test_auth.py::TestBasicAuth::test_name_that_nobody_has_takes_as_long
# phrase: assert 0 == 1


class BasicAuth:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The time tells which names there are."""
        user, colon, password = decoded(credentials(request, "Basic") or "").partition(":")
        known = user in self.passwords
        if not (colon and known and same_secret(password, self.passwords[user])):
            challenge(
                "A name and a password are wanted.", f'Basic realm="{REALM}"', 'charset="UTF-8"'
            )
        request.context["user"] = user
        return next(request)
