# mistake: the decorator returns a function of another name
# module: middleware.py
# check: test_middleware.py::TestThrough::test_route_keeps_its_name
# phrase: no route is called 'hello'


def through(*links: Link) -> Callable[[Endpoint], Endpoint]:
    """Without functools.wraps every guarded route is called "guarded"."""
    check_order(links)

    def decorate(endpoint: Endpoint) -> Endpoint:
        def guarded(request: Request, **values: object) -> Response:
            return compose(links, lambda request: endpoint(request, **values))(request)

        guarded.links = links
        return guarded

    return decorate
