# mistake: the prefix may end inside a segment
# module: extras/mounting.py
# check: test_mounting.py::test_path
# phrase: another word with that beginning


def mount(prefix: str, inner: Handler, outer: Handler) -> Handler:
    """By the first letters."""
    if not re.fullmatch(r"/.*[^/]", prefix):
        raise ValueError(f'a prefix begins with "/" and does not end with it, unlike {prefix!r}')

    def choose(request: Request) -> Response:
        if not request.path.startswith(prefix):
            return outer(request)
        target = replace(request.target, path=request.path.removeprefix(prefix) or "/")
        return inner(replace(request, target=target))

    return choose
