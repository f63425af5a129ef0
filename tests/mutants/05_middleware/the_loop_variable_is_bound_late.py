# mistake: a lambda in the loop sees the loop's last values
# module: middleware.py
# check: test_middleware.py::TestCompose::test_answer_of_a_link_is_a_short_circuit
# phrase: RecursionError


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """When it is called, `link` and `handler` are what they were at the end: it calls itself."""
    handler = last
    for link in reversed(links):
        handler = lambda request: link(request, handler)
    return handler
