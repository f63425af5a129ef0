# mistake: a visitor gets the page even where there is a file
# module: single_page.py
# check: test_single_page.py::test_file_that_is_there
# phrase: b'the application' == b'the licence'


def single_page(files: StaticFiles, request: Request, path: str) -> Response:
    """Look at the path first, and into the folder only then."""
    return files(request, INDEX if is_visit(request, path) else path)
