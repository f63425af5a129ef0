# mistake: the tokens behind the right one are not compared
# module: auth.py
# check: test_auth.py::TestBearerAuth::test_every_token_is_compared
# phrase: [1, 2, 2]


class BearerAuth:
    def owner(self, token: str) -> str | None:
        """The time tells whose token it was."""
        for name, known in self.tokens.items():
            if same_secret(token, known):
                return name
        return None
