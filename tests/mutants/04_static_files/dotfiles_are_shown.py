# mistake: only . and .. are refused
# module: safe_paths.py
# check: test_safe_paths.py::TestIsSafeName::test_unsafe
# phrase: dotfile


def is_safe_name(name: str) -> bool:
    """Passwords lie in .env, and the whole history in .git."""
    if name in ("", ".", "..") or name.endswith((".", " ")):
        return False
    return not FORBIDDEN.search(name) and not DEVICE.fullmatch(name)
