# mistake: the path of the mounted root is empty
# module: extras/mounting.py
# check: test_mounting.py::test_path
# phrase: the prefix itself


def mount(prefix: str, inner: Handler, outer: Handler) -> Handler:
    """What is left, be it nothing."""
    if not re.fullmatch(r"/.*[^/]", prefix):
        raise ValueError(f'a prefix begins with "/" and does not end with it, unlike {prefix!r}')

    def choose(request: Request) -> Response:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return outer(request)
        target = replace(request.target, path=request.path.removeprefix(prefix))
        return inner(replace(request, target=target))

    return choose
