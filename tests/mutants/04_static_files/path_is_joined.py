# mistake: joins folder and path, and serves whatever that leads to
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_nothing_there
# phrase: up and down


def locate(root: Path, path: str) -> Path | None:
    """Put the two together, as with any other path."""
    found = root / path
    return found if found.exists() else None
