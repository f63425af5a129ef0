# mistake: a colon is taken for a character like any other
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_unsafe
# phrase: data stream


def is_safe_name(name: str) -> bool:
    """On Windows a.txt::$DATA is a.txt, and C: is a drive."""
    if not name or name.startswith(".") or name.endswith((".", " ")):
        return False
    return not re.search(r"[\x00-\x1f\x7f/\\]", name) and not DEVICE.fullmatch(name)
