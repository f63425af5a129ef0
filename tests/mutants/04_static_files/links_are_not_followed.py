# mistake: the path is cleaned as text: nobody asks where a link leads
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_link_that_leaves
# phrase: out.txt


def locate(root: Path, path: str) -> Path | None:
    """A symbolic link in the folder opens the whole disk."""
    names = path.removesuffix("/").split("/") if path else []
    found = root.joinpath(*names)
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        return found if found.exists() else None
    except OSError:
        return None
