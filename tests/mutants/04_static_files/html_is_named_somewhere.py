# mistake: whoever names HTML at all is taken for a person
# module: single_page.py
# check: test_single_page.py::test_program_is_none
# phrase: no HTML


def is_visit(request: Request, path: str) -> bool:
    """Even where it says: HTML only if need be, or on no account."""
    wants_page = "text/html" in request.fields.get("Accept")
    return wants_page and "." not in path.rpartition("/")[2]
