# mistake: the list shows all that lies in the folder
# module: listing.py
# check: test_listing.py::test_only_the_names_it_is_given
# phrase: secret.txt


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """Show what is not served, .env and all."""
    paths = [path for path in folder.iterdir() if is_text(path.name)]
    entries = sorted((path.is_file(), path.name) for path in paths)
    items = [item("../"), *(item(name if is_file else f"{name}/") for is_file, name in entries)]
    title = html.escape(f"Files in {address}")
    return Response.html(PAGE.format(title=title, items="\n".join(items)))
