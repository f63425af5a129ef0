# mistake: a token that was never set is compared as well
# module: auth.py
# check: test_auth.py::test_empty_token_is_refused
# phrase: was expected, and nothing was raised


class BearerAuth:
    def __init__(self, tokens: Mapping[str, str]) -> None:
        """An environment variable is not set, and "Authorization: Bearer" opens the door."""
        self.tokens = tokens
