# mistake: only the names in the path are looked at, not those where it leads
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_link_to_what_is_hidden
# phrase: settings.txt


def locate(root: Path, path: str) -> Path | None:
    """A link to .git shows .git."""
    names = path.removesuffix("/").split("/") if path else []
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return found if found.is_relative_to(root) else None
