# mistake: the path is compared as text: /srv/site-secret begins with /srv/site
# module: safe_paths.py
# check: test_safe_paths.py::TestLocate::test_link_into_a_sibling
# phrase: site-secret


def locate(root: Path, path: str) -> Path | None:
    """Compare letters, not names."""
    names = path.removesuffix("/").split("/") if path else []
    if not all(is_safe_name(name) for name in names):
        return None
    try:
        found = root.joinpath(*names).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    inside = str(found).startswith(str(root))
    hidden = any(part.startswith(".") for part in found.parts[len(root.parts) :])
    return found if inside and not hidden else None
