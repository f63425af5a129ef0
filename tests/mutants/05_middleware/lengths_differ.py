# mistake: the texts go into compare_digest as they are
# module: auth.py
# check: test_auth.py::TestSameSecret::test_compare_digest_compares_one_length
# phrase: what is compared has different lengths


def same_secret(given: str, known: str) -> bool:
    """The time tells how long the secret is."""
    ours, theirs = (text.encode("utf-8", "surrogatepass") for text in (known, given))
    return hmac.compare_digest(theirs, ours)
