# mistake: slashes at the beginning are dropped
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_nothing_there
# phrase: only a slash


def locate(root: Path, path: str) -> Path | None:
    """Many addresses for one file."""
    names = [name for name in path.split("/") if name]
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    if not found.is_relative_to(root) or not all(map(is_safe_name, found.relative_to(root).parts)):
        return None
    return found
