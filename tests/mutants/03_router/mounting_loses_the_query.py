# mistake: the query does not come along
# module: extras/mounting.py
# check: test_mounting.py::test_rest_of_the_request
# phrase: are those of the request


def mount(prefix: str, inner: Handler, outer: Handler) -> Handler:
    """A target made anew."""
    if not re.fullmatch(r"/.*[^/]", prefix):
        raise ValueError(f'a prefix begins with "/" and does not end with it, unlike {prefix!r}')

    def choose(request: Request) -> Response:
        if not f"{request.path}/".startswith(f"{prefix}/"):
            return outer(request)
        target = type(request.target)(request.path.removeprefix(prefix) or "/")
        return inner(replace(request, target=target))

    return choose
