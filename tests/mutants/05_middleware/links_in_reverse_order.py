# mistake: the first link becomes the innermost
# module: middleware.py
# check: test_middleware.py::TestCompose::test_first_link_is_the_outermost
# phrase: in c


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """Wrapped from the front: what was wrapped last is asked first."""
    handler = last
    for link in links:
        handler = functools.partial(ask, link, handler)
    return handler
