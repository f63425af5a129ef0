# mistake: a client that takes anything is taken for a person
# module: single_page.py
# check: test_single_page.py::test_program_is_none
# phrase: script, style


def is_visit(request: Request, path: str) -> bool:
    """Scripts and curl say that they take anything, too."""
    accept = request.fields.get("Accept")
    wants_page = "text/html" in accept or "*/*" in accept
    return wants_page and "." not in path.rpartition("/")[2]
