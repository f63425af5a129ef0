# mistake: every name is taken for text
# module: listing.py
# check: test_listing.py::test_name_that_is_no_text
# phrase: UnicodeEncodeError


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """One strange name, and nobody sees the folder any more."""
    entries = sorted((not (folder / name).is_dir(), name) for name in names)
    items = [item(name if is_file else f"{name}/") for is_file, name in entries]
    title = html.escape(f"Files in {address}")
    return Response.html(PAGE.format(title=title, items="\n".join([item("../"), *items])))
