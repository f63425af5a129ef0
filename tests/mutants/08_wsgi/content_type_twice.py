# mistake: Content-Type gets an HTTP_CONTENT_TYPE, too
# module: environ.py
# check: test_environ.py::TestFieldVariables::test_those_with_names_of_their_own
# phrase: HTTP_CONTENT_TYPE
def field_variables(request: Request) -> Environ:
    """HTTP_ACCEPT and all the others: the field lines of the request, by their variables.

    Lines of one name are joined with a comma; of Cookie with a semicolon (RFC 6265, section 5.4,
    asks for one line). X_User and X-User would be the same variable, so that a client could forge
    what a proxy says: names with an underscore are left out. Host is what the request target says
    where that names one (RFC 9112, section 3.2.2).
    """
    variables: Environ = {}
    for name, value in request.fields:
        variable = name.upper().replace("-", "_")
        if "_" not in name and variable not in DANGEROUS:
            key, separator = f"HTTP_{variable}", "; " if variable == "COOKIE" else ","
            variables[key] = f"{variables[key]}{separator}{value}" if key in variables else value
    if request.host:
        variables["HTTP_HOST"] = request.host
    return variables
