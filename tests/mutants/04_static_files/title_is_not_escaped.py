# mistake: the address goes into the title as it is
# module: listing.py
# check: test_listing.py::test_page_says_what_it_lists
# phrase: in 'Files in /static/'


def list_folder(address: str, folder: Path, names: list[str]) -> Response:
    """The address is a stranger's text, too."""
    entries = [(not (folder / name).is_dir(), name) for name in names if is_text(name)]
    items = [item(name if is_file else f"{name}/") for is_file, name in sorted(entries)]
    page = PAGE.format(title=f"Files in {address}", items="\n".join([item("../"), *items]))
    return Response.html(page)
