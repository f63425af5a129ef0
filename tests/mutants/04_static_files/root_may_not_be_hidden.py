# mistake: a dot anywhere in the whole path hides the file
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_root_may_be_hidden
# phrase: .site


def locate(root: Path, path: str) -> Path | None:
    """A site in a folder like /home/ada/.site is empty."""
    names = path.removesuffix("/").split("/") if path else []
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    hidden = any(part.startswith(".") for part in found.parts)
    return found if found.is_relative_to(root) and not hidden else None
