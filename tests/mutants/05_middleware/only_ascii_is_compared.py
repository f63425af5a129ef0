# mistake: the texts go into compare_digest as texts
# module: auth.py
# check: test_auth.py::TestSameSecret::test_same
# phrase: non-ASCII characters


def same_secret(given: str, known: str) -> bool:
    """TypeError for a password with an accent, and so a 500."""
    return hmac.compare_digest(given, known)
