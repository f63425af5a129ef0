# mistake: 401 does not say what is wanted
# module: auth.py
# check: test_auth.py::TestBearerAuth::test_no_token
# phrase: WWW-Authenticate is no challenge


def challenge(detail: str, *parts: str) -> NoReturn:
    """A browser does not ask for the password, it only shows the page."""
    raise HTTPError(401, detail)
