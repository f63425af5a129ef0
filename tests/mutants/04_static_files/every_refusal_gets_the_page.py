# mistake: whatever is refused gets the page
# module: single_page.py
# check: test_single_page.py::test_other_refusals_stay
# phrase: was expected, and nothing was raised


def single_page(files: StaticFiles, request: Request, path: str) -> Response:
    """What may not be read looks as if it were there."""
    try:
        return files(request, path)
    except HTTPError:
        if not is_visit(request, path):
            raise
        return files(request, INDEX)
