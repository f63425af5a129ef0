# mistake: what the system says of a path reaches the caller
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_nothing_there
# phrase: File name too long


def locate(root: Path, path: str) -> Path | None:
    """A name of 300 characters makes a 500."""
    names = path.removesuffix("/").split("/") if path else []
    if not all(is_safe_name(name) for name in names) or not root.joinpath(*names).exists():
        return None
    found = root.joinpath(*names).resolve(strict=True)
    if not found.is_relative_to(root) or not all(map(is_safe_name, found.relative_to(root).parts)):
        return None
    return found
