# mistake: compares the scheme's name with its case
# module: auth.py
# check: test_auth.py::TestCredentials::test_scheme_in_any_case
# phrase: bearer


def credentials(request: Request, scheme: str) -> str | None:
    """What stands behind the scheme in the Authorization field; None where it is another scheme."""
    name, _, rest = request.fields.get("Authorization").partition(" ")
    return rest.strip(" ") if name == scheme else None
