# mistake: routes are tried in the order in which they were registered
# module: router.py
# check: test_router.py::TestFind::test_endpoint
# phrase: specific first


class Router:
    def route(self, pattern: str, *methods: str, name: str = "") -> Callable[[Endpoint], Endpoint]:
        """Append, and never sort."""

        def register(endpoint: Endpoint) -> Endpoint:
            route = Route(Pattern(pattern), methods, endpoint, name or endpoint.__name__)
            self.routes.append(route)
            return endpoint

        return register
