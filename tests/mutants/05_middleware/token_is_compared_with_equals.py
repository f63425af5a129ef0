# mistake: two secrets are compared by ==
# module: auth.py
# check: test_auth.py::TestSameSecret::test_source_has_no_other_comparison
# phrase: same_secret compares by itself


def same_secret(given: str, known: str) -> bool:
    """It stops at the first difference: how soon tells how much was right."""
    return given == known
