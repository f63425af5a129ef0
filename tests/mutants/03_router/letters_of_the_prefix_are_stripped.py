# mistake: all letters of the prefix are stripped from the path
# module: extras/mounting.py
# check: test_mounting.py::test_path
# phrase: the prefix twice


def mount(prefix: str, inner: Handler, outer: Handler) -> Handler:
    """By str.lstrip."""
    if not re.fullmatch(r"/.*[^/]", prefix):
        raise ValueError(f'a prefix begins with "/" and does not end with it, unlike {prefix!r}')

    def choose(request: Request) -> Response:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return outer(request)
        target = replace(request.target, path="/" + request.path.lstrip(prefix))
        return inner(replace(request, target=target))

    return choose
