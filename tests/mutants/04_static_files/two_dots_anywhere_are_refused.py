# mistake: `a..b` is taken for a way up
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_safe
# phrase: two dots inside


def is_safe_name(name: str) -> bool:
    """Two dots mean a way up only where they are the whole name."""
    if not name or ".." in name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)
