# mistake: NotFound says nothing about its place
# module: sources.py
# check: test_sources.py::TestNotFound::test_stands_at_the_end
# phrase: was expected, and nothing was raised


class NotFound:
    inside_of: dict[str, str] = {}
