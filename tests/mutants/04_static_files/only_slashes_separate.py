# mistake: a backslash is taken for a character like any other
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_unsafe
# phrase: backslash


def is_safe_name(name: str) -> bool:
    """On Windows ..\\secret.txt is a way up."""
    if not name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not re.search(r"[\x00-\x1f\x7f/:]", name) and not DEVICE.fullmatch(name)
