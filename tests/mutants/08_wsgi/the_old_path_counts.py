# mistake: what a middleware has moved to SCRIPT_NAME is routed again
# module: environ.py
# check: test_environ.py::TestBack::test_whoever_changes_the_path
# phrase: /shop/caf%C3%A9
def target_of(environ: Environ) -> Target:
    """The target: as it came, where the server tells that; else encoded once more.

    Servers tell it as REQUEST_URI or RAW_URI. PATH_INFO has lost the difference between "/" and
    %2F. But what PATH_INFO says counts where the two differ: somebody has changed it on purpose,
    such as a middleware that has moved the front of it to SCRIPT_NAME.
    """
    path = environ.get("PATH_INFO", "")
    encoded = quote(path.encode("latin-1"), safe=PATH_CHARACTERS)
    target = Target(encoded or "/", environ.get("QUERY_STRING", ""))
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if not raw:
        return target
    told = parse_target(environ["REQUEST_METHOD"], raw)
    same = unescape(told.path) == unescape(target.path)
    return Target(told.path, target.query) 
