# mistake: of a list of schemes the first counts
# module: proxies.py
# check: test_proxies.py::TestProxy::test_scheme
# phrase: https
def last(request: Request, name: str) -> str:
    """The last item of a list: what the proxy nearest to us has said."""
    return request.fields.get(name).partition(",")[0].strip(" \t")
