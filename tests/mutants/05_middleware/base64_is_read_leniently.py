# mistake: what is no base64 is skipped
# module: auth.py
# check: test_auth.py::TestBasicAuth::test_anybody_else
# phrase: was expected, and nothing was raised


def decoded(text: str) -> str:
    """Two texts that differ are the same credentials."""
    try:
        return base64.b64decode(text).decode("utf-8")
    except ValueError:
        return ""
