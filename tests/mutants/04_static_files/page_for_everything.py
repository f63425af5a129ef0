# mistake: whatever is missing gets the page
# module: single_page.py
# check: test_single_page.py::test_missing_file_stays_missing
# phrase: was expected, and nothing was raised


def single_page(files: StaticFiles, request: Request, path: str) -> Response:
    """A browser that wants a script gets HTML, and says: unexpected token '<'."""
    try:
        return files(request, path)
    except HTTPError as error:
        if error.status != 404:
            raise
        return files(request, INDEX)
