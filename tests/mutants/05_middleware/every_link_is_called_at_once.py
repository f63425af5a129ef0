# mistake: the links are called one after the other, and not one by the other
# module: middleware.py
# check: test_middleware.py::TestCompose::test_answer_of_a_link_is_a_short_circuit
# phrase: expected n here


def compose(links: Sequence[Link], last: Handler) -> Handler:
    """A list of functions that is run through: nobody can stop the others."""

    def handler(request: Request) -> Response:
        responses = [link(request, last) for link in links]
        return responses[0] if responses else last(request)

    return handler
