# mistake: the secrets are hashed, and the digests compared by ==
# module: auth.py
# check: test_auth.py::TestSameSecret::test_source_has_no_other_comparison
# phrase: same_secret compares by itself


def same_secret(given: str, known: str) -> bool:
    """Harder to use than the bare texts, and still not what was asked for."""
    ours = hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()
    theirs = hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
    return theirs == ours
