# mistake: `next` takes one link after the other from a single iterator
# module: middleware.py
# check: test_middleware.py::TestCompose::test_next_is_a_handler
# phrase: in b


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """An iterator is used up: who calls `next` twice gets the end of the chain."""
    if not links:
        return last

    def handler(request: Request) -> Response:
        left = iter(links)

        def next_one(request: Request) -> Response:
            link = next(left, None)
            return link(request, next_one) if link else last(request)

        return next_one(request)

    return handler
