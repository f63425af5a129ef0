# mistake: the path is decoded once more
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_odd_names
# phrase: %41

from urllib.parse import unquote


def locate(root: Path, path: str) -> Path | None:
    """A file called %41.txt cannot be had, and %2e%2e is a way up."""
    names = [unquote(name) for name in path.removesuffix("/").split("/")] if path else []
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    if not found.is_relative_to(root) or not all(map(is_safe_name, found.relative_to(root).parts)):
        return None
    return found
