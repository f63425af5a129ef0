# mistake: folders and files are in one order
# module: listing.py
# check: test_listing.py::test_folders_first
# phrase: 'apple.txt'


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """Sort by name alone."""
    shown = sorted(name for name in names if is_text(name))
    items = [item(f"{name}/" if (folder / name).is_dir() else name) for name in shown]
    title = html.escape(f"Files in {address}")
    return Response.html(PAGE.format(title=title, items="\n".join([item("../"), *items])))
