# mistake: the path is joined whole: an absolute one replaces the root
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_nothing_there
# phrase: up and down


def locate(root: Path, path: str) -> Path | None:
    """Join, resolve, compare: and let everything hidden be seen."""
    try:
        found = (root / path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    return found if found.is_relative_to(root) else None
