# mistake: a dot or a space at the end is kept
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_unsafe
# phrase: trailing dot


def is_safe_name(name: str) -> bool:
    """Windows drops them: the name means another file."""
    if not name or name.startswith("."):
        return False
    return not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)
