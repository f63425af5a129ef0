# mistake: a dot in any name makes the address a file's
# module: single_page.py
# check: test_single_page.py::test_person_is_a_visitor
# phrase: a.b/c


def is_visit(request: Request, path: str) -> bool:
    """Look at the whole path for a dot."""
    accept = request.fields.get("Accept")
    wants_page = preferred(accept, ["application/octet-stream", "text/html"]) == "text/html"
    return wants_page and "." not in path
