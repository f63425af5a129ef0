# mistake: `next` takes no account of the request that it is given
# module: middleware.py
# check: test_middleware.py::TestCompose::test_rest_sees_the_request_that_it_is_given
# phrase: hello from /elsewhere


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """Who passes on another request, such as MethodOverride, passes on nothing."""
    if not links:
        return last

    def handler(request: Request) -> Response:
        return links[0](request, lambda other: compose(links[1:], last)(request))

    return handler
